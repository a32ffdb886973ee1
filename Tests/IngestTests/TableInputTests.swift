import Columns
import Foundation
import Ingest
import Testing

/// Files of sourcetypes whose rows stand under a header.
@Suite struct TableInputTests {
    /// `#Fields:` lines, or else the first line, name the columns; other `#` lines are comments.
    private struct Table: TableReading {
        var quote: UInt8? = UInt8(ascii: "\"")
        var delimiter: UInt8? = UInt8(ascii: ",")

        func role(of line: UnsafeRawBufferPointer, number: Int, hasHeader: Bool) -> TableLine {
            let prefix = Array("#Fields: ".utf8)
            if line.starts(with: prefix) { return .header(start: prefix.count) }
            if line.first == UInt8(ascii: "#") { return .passedOver }
            return number == 1 ? .header(start: 0) : .row
        }
    }

    private func options(chunkBytes: Int = 1 << 20, maxRecordBytes: Int = 1 << 20, _ table: Table = Table())
        -> IngestOptions
    {
        var options = IngestOptions()
        options.chunkBytes = chunkBytes
        options.maxRecordBytes = maxRecordBytes
        options.tableReading = { $0.sourcetype == "table" ? table : nil }
        return options
    }

    /// `header|text` of each event.
    private func rows(_ text: String, name: String = "input.log", _ options: IngestOptions) throws -> [String] {
        let folder = TemporaryFolder()
        let path = try folder.write(name, text)
        let reader = InputReader([InputSpec(path: path, sourcetype: "table")], options: options)
        let decoder = ChunkDecoder()
        var rows: [String] = []
        while let chunk = reader.nextChunk() {
            let batch = decoder.events(of: chunk).batch
            for event in 0..<batch.count {
                rows.append(
                    "\(batch.header(of: event)?.string ?? "-")|\(String(decoding: batch.text(of: event), as: UTF8.self))"
                )
            }
        }
        return rows
    }

    @Test func eachRowHasItsHeader() throws {
        #expect(try rows("a,b\r\n1,2\r\n\r\n3,4", options()) == ["a,b|1,2", "a,b|3,4"])
        #expect(
            try rows("#Software: x\n#Fields: a b\n1 2\n#Date: y\n3 4\n#Fields: c\n5\n", options()) == [
                "a b|1 2", "a b|3 4", "c|5",
            ])
        #expect(try rows("#only\nrow\n", options()) == ["-|row"])
    }

    @Test func aFileNamedCSVIsReadTheSameWay() throws {
        #expect(try rows("a,b\n1,2\n", name: "x.csv", options()) == ["a,b|1,2"])
    }

    @Test func quotedLineFeedsBelongToTheRow() throws {
        #expect(try rows("a,b\n\"x\ny\",2\n3,4\n", options()) == ["a,b|\"x\ny\",2", "a,b|3,4"])
        #expect(try rows("a,b\nin\"ch,2\n3,4\n", options()) == ["a,b|in\"ch,2", "a,b|3,4"])
        var single = Table()
        single.quote = nil
        #expect(try rows("a,b\n\"x\ny\",2\n", options(single)) == ["a,b|\"x", "a,b|y\",2"])
    }

    @Test func chunksDoNotShow() throws {
        var text = "#Fields: a0\n"
        for block in 1..<40 {
            for row in 0..<block % 7 { text += "\(block).\(row),\"v\n\(row)\"\n" }
            text += "#Fields: a\(block % 5)\n# comment\n"
        }
        text += "last,1"
        let whole = try rows(text, options())
        #expect(whole.count > 100)
        for size in [1, 3, 16, 64, 300] { #expect(try rows(text, options(chunkBytes: size)) == whole, "\(size)") }
    }

    @Test func rowsThatAreTooLongAreSkipped() throws {
        let long = String(repeating: "x", count: 3_000)
        #expect(try rows("a\n1\n\(long)\n2\n", options(chunkBytes: 64, maxRecordBytes: 1_000)) == ["a|1", "a|2"])
        let reading = try read(
            "a\n1\n\(long)\n2\n", sourcetype: "table", options(chunkBytes: 64, maxRecordBytes: 1_000))
        #expect(reading.rejectedNumbers == ["3 E524"])
    }

    @Test func aQuoteThatNeverClosesEndsWithTheLimit() throws {
        let text = "a\n1\n\"open\n" + String(repeating: "x\n", count: 3_000)
        let reading = try read(text, sourcetype: "table", options(chunkBytes: 64, maxRecordBytes: 1_000))
        #expect(reading.texts.first == "1")
        #expect(reading.rejectCount == 1)
    }

    @Test func bytesThatAreNoTextAreRejected() throws {
        let reading = try read(
            Array("a\n1\n".utf8) + [0xFF, 0x0A] + Array("2\n".utf8), sourcetype: "table", options())
        #expect(reading.texts == ["1", "2"])
        #expect(reading.rejectedNumbers == ["3 E523"])
    }

    @Test func otherSourcetypesAreReadAsEver() throws {
        let reading = try read("a\n1\n", sourcetype: "plain", options())
        #expect(reading.texts == ["a", "1"])
    }
}
