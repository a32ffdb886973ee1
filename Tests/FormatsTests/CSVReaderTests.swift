import Columns
import Formats
import Testing

private func rows(_ text: String, limits: CSVLimits = CSVLimits()) throws -> [[String]] {
    var reader = try CSVReader(Array(text.utf8), limits: limits)
    var rows = [reader.header.map(\.string)]
    while let record = try reader.next() { rows.append(record.fields.map(\.string)) }
    return rows
}

struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n\"x,y\",\"he said \"\"hi\"\"\"\n", [["a", "b"], ["x,y", "he said \"hi\""]]),
        ("a,b\n\"line 1\r\nline 2\",z\n", [["a", "b"], ["line 1\r\nline 2", "z"]]),
        ("a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a,b,c\n1\n1,,\n", [["a", "b", "c"], ["1", "", ""], ["1", "", ""]]),
        ("a,b\n1,2,,\n", [["a", "b"], ["1", "2"]]), ("a, b\n *.x*, True \n", [["a", " b"], [" *.x*", " True "]]),
        ("a\n\"\"\n\"\"\"\"\n", [["a"], [""], ["\""]]), ("a,b\n\"x\" ,5\" disk\n", [["a", "b"], ["x", "5\" disk"]]),
        ("a\nx\ry\n", [["a"], ["x\ry"]]), ("\"a\",b", [["a", "b"]]), ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,\n1,2", [["a", ""], ["1", "2"]]),
    ])
    func recordsAreRead(_ sample: (text: String, expected: [[String]])) throws {
        #expect(try rows(sample.text) == sample.expected)
    }

    @Test func linesAreCountedThroughQuotes() throws {
        var reader = try CSVReader(Array("a\n\"1\n2\"\n\n3\n".utf8))
        #expect(try reader.next()?.line == 2)
        #expect(try reader.next()?.line == 5)
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ("a,b\n1,2,3\nx,y\n", CSVError.Code.moreFieldsThanHeader, 2), ("a,b\n1,2\n\"x\"y,z\nx,y\n", .textAfterQuote, 3),
        ("a,b\n1,123456789\nx,y\n", .fieldTooLong, 2), ("a,b\n1,\"12345\n6789\"\nx,y\n", .fieldTooLong, 2),
        ("a,b\n1,2,3,4,5,6\nx,y\n", .tooManyColumns, 2),
    ])
    func oneBadRecordDoesNotStopTheOthers(_ sample: (text: String, code: CSVError.Code, line: Int)) throws {
        var reader = try CSVReader(Array(sample.text.utf8), limits: CSVLimits(columnCount: 5, fieldBytes: 8))
        var errors: [CSVError] = []
        var last: [String] = []
        while true {
            do throws(CSVError) {
                guard let record = try reader.next() else { break }
                last = record.fields.map(\.string)
            } catch {
                errors.append(error)
            }
        }
        #expect(errors.map(\.code) == [sample.code] && errors.map(\.line) == [sample.line])
        #expect(last == ["x", "y"])
    }

    @Test func unterminatedQuotesNameTheirLine() throws {
        let error = #expect(throws: CSVError.self) { try rows("a\n1\n\"x\n\ny\n") }
        #expect(error?.code == .unterminatedQuote && error?.line == 3)
    }

    @Test(arguments: ["", "\n\n", "\u{FEFF}"])
    func aHeaderIsNeeded(_ text: String) {
        let error = #expect(throws: CSVError.self) { try rows(text) }
        #expect(error?.code == .noHeader)
    }

    @Test func whatIsQuotedComesBack() throws {
        let alphabet = Array("a,\"\n\r \u{0}é".utf8) + [0xFF]
        for _ in 0..<3000 {
            let fields = (0..<3).map { _ in (0..<Int.random(in: 0...8)).compactMap { _ in alphabet.randomElement() } }
            var file = Array("x,y,z\r\n".utf8)
            for (index, field) in fields.enumerated() {
                if index > 0 { file.append(UInt8(ascii: ",")) }
                file.append(UInt8(ascii: "\""))
                file += field.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
                file.append(UInt8(ascii: "\""))
            }
            var reader = try CSVReader(file)
            #expect(try reader.next()?.fields.map(\.bytes) == fields)
            #expect(try reader.next() == nil)
        }
    }

    @Test func noBytesCrash() {
        let alphabet = Array("a,\"\n\r ".utf8)
        for _ in 0..<20_000 {
            let file = (0..<Int.random(in: 0...30)).compactMap { _ in alphabet.randomElement() }
            guard var reader = try? CSVReader(file) else { continue }
            var records = 0
            while records <= file.count {
                records += 1
                do { if try reader.next() == nil { break } } catch { continue }
            }
            #expect(records <= file.count)
        }
    }
}
