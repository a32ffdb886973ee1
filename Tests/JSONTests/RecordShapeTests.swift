import Testing

@testable import Formats

/// Records whose shape was seen before are checked in another way than new ones: what is found must be the same.
@Suite struct RecordShapeTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let templates = [
        #"{"a":1,"b":"x","c":[true,null,{"d":-2.5e3}]}"#, #"{"a":{"b":{"c":"deep"}},"list":["x","y"],"n":0}"#, "{}",
        #"{"user" : "bob" , "count" : 12 , "ok" : false }"#, #"{"a":"","b":[[],[{}]]}"#,
    ]

    /// What may stand for one byte: tokens, blanks, and what breaks strings, numbers and literals.
    private static let bytes = Array(#"{}[]:,"\ tfnul0123456789-+.eEx"#.utf8) + [0x01, 0x09, 0x80, 0xC3]

    @Test(arguments: 0..<40) func knownShapesAreCheckedAsStrictlyAsNewOnes(seed: Int) {
        var random = Generator(state: UInt64(seed) &* 7_919 &+ 1)
        var text: [UInt8] = []
        var records: [Range<Int>] = []
        for _ in 0..<400 {
            var record = Array(Self.templates.randomElement(using: &random)!.utf8)
            if Int.random(in: 0..<4, using: &random) == 0 {
                for _ in 0...Int.random(in: 0..<2, using: &random) {
                    record[Int.random(in: 0..<record.count, using: &random)] = Self.bytes.randomElement(using: &random)!
                }
            }
            records.append(text.count..<text.count + record.count)
            text += record + [0x0A]
        }
        // A parser that has seen nothing looks at each record alone.
        let expected = records.indices.filter { record in
            let alone = Array(text[records[record]])
            return !alone.withUnsafeBytes { bytes in
                (try? JSONParser().validate(bytes, mustBeObject: true)) != nil
            }
        }
        let parser = JSONParser()
        for _ in 0..<2 {
            let found = text.withUnsafeBytes { parser.invalidRecords(records, in: $0) }
            #expect(found.map(\.record) == expected)
        }
    }

    @Test func numbersAndLiteralsOfAKnownShapeAreRead() {
        let parser = JSONParser()
        func invalid(_ records: [String]) -> [Int] {
            let text = Array(records.joined(separator: "\n").utf8)
            var start = 0
            let ranges = records.map { record in
                defer { start += record.utf8.count + 1 }
                return start..<start + record.utf8.count
            }
            return text.withUnsafeBytes { parser.invalidRecords(ranges, in: $0) }.map(\.record)
        }
        #expect(invalid([#"{"a":1,"b":true}"#, #"{"a":27 ,"b":true}"#]) == [])
        #expect(invalid([#"{"a":01,"b":true}"#]) == [0])
        #expect(invalid([#"{"a":1.,"b":true}"#]) == [0])
        #expect(invalid([#"{"a":1,"b":trux}"#]) == [0])
        #expect(invalid([#"{"a":1,"b":truer}"#]) == [0])
        #expect(invalid([#"{"a":1,"b":true"#, #"{"a":1,"b":true}"#]) == [0])
        #expect(invalid([#"{"a":1,"b":true}"#]) == [])
    }

    @Test func moreShapesThanAreKept() {
        let parser = JSONParser()
        var text: [UInt8] = []
        var records: [Range<Int>] = []
        for count in 0..<3_000 {
            // Lists of so many members, each a shape of its own, some longer than shapes are kept.
            let record =
                Array(#"{"a":["#.utf8) + Array(repeating: "1", count: count % 1_500).joined(separator: ",").utf8
                + Array("]}".utf8)
            records.append(text.count..<text.count + record.count)
            text += record + [0x0A]
        }
        #expect(text.withUnsafeBytes { parser.invalidRecords(records, in: $0) }.isEmpty)
        text[records[2_900].upperBound - 1] = UInt8(ascii: "]")
        #expect(text.withUnsafeBytes { parser.invalidRecords(records, in: $0) }.map(\.record) == [2_900])
    }
}
