import Formats
import Testing

@Suite struct JSONValidationTests {
    @Test(arguments: [
        "{}", "[]", "0", "-0", "1.5e+3", "\"\"", "null", "true", "false", " {\"a\" : [1, {\"b\":\"c\"}] }\r\n",
        #""\"\\\/\b\f\n\r\t\u00e9\ud834\udd1e""#, #"{"a":1,"a":2}"#, #"{"":{"":[[],{}]}}"#, "\"é\u{1F600}\"",
    ])
    func acceptsWhatTheGrammarAllows(_ text: String) throws {
        try validate(text)
    }

    @Test(
        arguments: [
            ("", .empty, 0), (" \n", .empty, 2), (#"{"a":1"#, .truncated, 6), (#"{"a":"#, .truncated, 5),
            ("[", .truncated, 1),
            (#"{"a":1}}"#, .trailing, 7), ("{} {}", .trailing, 3), (#"{"a":1,}"#, .syntax, 7), ("[1 2]", .syntax, 3),
            (#"{"a" 1}"#, .syntax, 5), (#"{1:2}"#, .syntax, 1), ("[1}", .syntax, 2), (#"{"a":1]"#, .syntax, 6),
            ("[,1]", .syntax, 1), ("{'a':1}", .syntax, 1), (#"["a"x]"#, .syntax, 4), ("[01]", .badNumber, 1),
            ("[1.]", .badNumber, 1), ("[.5]", .syntax, 1), ("[+1]", .syntax, 1), ("[1e]", .badNumber, 1),
            ("[-]", .badNumber, 1), ("[0x1F]", .badNumber, 1), ("[NaN]", .syntax, 1), ("[nul]", .badLiteral, 1),
            ("[truee]", .badLiteral, 1), (#"["\x"]"#, .badEscape, 2), (#"["\u12G4"]"#, .badEscape, 2),
            (#"{"\q":1}"#, .badEscape, 2), ("[\"a\nb\"]", .controlCharacter, 3),
            ("[\"a\u{0}b\"]", .controlCharacter, 3),
            (#"["abc"#, .unclosedString, 5), (#"["abc\"]"#, .unclosedString, 8),
        ] as [(String, JSONError.Code, Int)])
    func namesTheErrorAndItsPlace(_ text: String, _ code: JSONError.Code, _ byteOffset: Int) {
        #expect(throws: JSONError(code, byteOffset: byteOffset)) { try validate(text) }
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
        ] as [[UInt8]])
    func refusesBytesThatAreNotUTF8(_ broken: [UInt8]) {
        let text = Array("[\"ab".utf8) + broken + Array("\"]".utf8)
        #expect(throws: JSONError(.badUTF8, byteOffset: 4)) {
            try text.withUnsafeBytes { try JSONParser().validate($0) }
        }
    }

    @Test func acceptsDepth1024AndRefusesMore() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try validate(nested(1_024))
        #expect(throws: JSONError(.tooDeep, byteOffset: 1_024)) { try validate(nested(1_025)) }
        #expect(throws: JSONError(.tooDeep, byteOffset: 1_024)) { try validate(nested(100_000)) }
        #expect(throws: JSONError(.tooDeep, byteOffset: 2)) {
            try Array("[[[]]]".utf8).withUnsafeBytes { try JSONParser().validate($0, maxDepth: 2) }
        }
    }

    @Test func wantsAnObjectWhenAskedTo() {
        for text in ["[]", "1", "\"{}\""] {
            #expect(throws: JSONError(.notObject, byteOffset: 0)) {
                try Array(text.utf8).withUnsafeBytes { try JSONParser().validate($0, mustBeObject: true) }
            }
        }
    }

    @Test func readsNothingBehindTheText() throws {
        // The bytes behind would make each of these something else.
        let text = Array(#"{"a":12}34"#.utf8)
        try text.withUnsafeBytes { bytes in
            let parser = JSONParser()
            try parser.validate(UnsafeRawBufferPointer(rebasing: bytes[0..<8]))
            try parser.validate(UnsafeRawBufferPointer(rebasing: bytes[5..<6]))
            #expect(throws: JSONError(.truncated, byteOffset: 7)) {
                try parser.validate(UnsafeRawBufferPointer(rebasing: bytes[0..<7]))
            }
        }
    }

    @Test func oneHandleServesAfterErrors() throws {
        let parser = JSONParser()
        for text in ["[1", "{}", "[\"", String(repeating: "[", count: 5_000), "[1,2,3]"] {
            let isValid = (try? Array(text.utf8).withUnsafeBytes { try parser.validate($0) }) != nil
            #expect(isValid == (text == "{}" || text == "[1,2,3]"))
        }
    }
}

@Suite struct JSONRecordValidationTests {
    @Test func aBadRecordLeavesItsNeighboursAlone() {
        // Each bad line is one that could swallow or borrow from the next.
        let bad: [(String, JSONError.Code)] = [
            (#"{"a":"open"#, .unclosedString), (#"{"a":"#, .truncated), (#"{"a":1"#, .truncated),
            (#"{"a":1}}"#, .trailing),
            (#"{"a":[1,"#, .truncated), (#"{"a":1} {"b":2}"#, .trailing), (#"[{"a":1}]"#, .notObject),
            ("null", .notObject),
            (#"{"a":tru}"#, .badLiteral), (#"{"a":"\x"}"#, .badEscape), (#""#, .empty),
            ("{\"a\":\"\u{1}\"}", .controlCharacter),
        ]
        let good = #"{"eventName":"x","n":[1,2,{"k":"\u00e9"}]}"#
        for (line, code) in bad {
            let lines = [good, good, line, good, line, good]
            #expect(invalid(lines) == [2: code, 4: code], "\(line)")
        }
    }

    @Test func recordsInManyGroupsAreAllLookedAt() {
        let good = "{\"a\":\"" + String(repeating: "x", count: 700) + "\"}"
        var lines = Array(repeating: good, count: 500)
        lines[0] = "{"
        lines[123] = "x"
        lines[499] = "{}}"
        #expect(invalid(lines) == [0: .truncated, 123: .notObject, 499: .trailing])
    }

    @Test func aRecordMayNotEndInTheNextOne() {
        #expect(invalid([#"{"a":"#, #"{"b":1}}"#]) == [0: .truncated, 1: .trailing])
        #expect(invalid([#"{"a":"x"#, #"y":1}"#]) == [0: .unclosedString, 1: .unclosedString])
    }

    private func invalid(_ lines: [String]) -> [Int: JSONError.Code] {
        var text: [UInt8] = []
        var ranges: [Range<Int>] = []
        for line in lines {
            ranges.append(text.count..<text.count + line.utf8.count)
            text += Array(line.utf8) + [UInt8(ascii: "\n")]
        }
        let found = text.withUnsafeBytes { JSONParser().invalidRecords(ranges, in: $0) }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.record, $0.error.code) })
    }
}

private func validate(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes { try JSONParser().validate($0) }
}
