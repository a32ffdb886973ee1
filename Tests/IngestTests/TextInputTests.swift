import Columns
import Foundation
import Ingest
import Testing

@Suite struct TextInputTests {
    @Test func eachLineIsAnEvent() throws {
        let reading = try read("  one\r\ntwo  \n\n   \nthree")
        #expect(reading.texts == ["  one", "two  ", "three"])
        #expect(reading.sourcetypes == ["text", "text", "text"])
        #expect(reading.rejects.isEmpty)
    }

    @Test func lineEndsMayBeMixed() throws {
        let text = "one\rtwo\r\nthree\n\rfour\r\r\rfive\n\nsix\r\n\r\nseven\r"
        let whole = try read(text)
        #expect(whole.texts == ["one", "two", "three", "four", "five", "six", "seven"])
        let returns = "a\rb\r\rc\rd"
        for chunkBytes in 1...48 {
            var options = IngestOptions()
            options.chunkBytes = chunkBytes
            #expect(try read(text, options).texts == whole.texts, "\(chunkBytes)")
            #expect(try read(returns, options).texts == ["a", "b", "c", "d"], "\(chunkBytes)")
        }
    }

    @Test func aLongLineThatEndsInAReturnCostsOnlyItself() throws {
        var options = IngestOptions()
        options.chunkBytes = 16
        options.maxRecordBytes = 32
        let text = String(repeating: "x", count: 200) + "\rafter\rlast"
        let reading = try read(text, options)
        #expect(reading.texts == ["after", "last"])
        #expect(reading.rejectedNumbers == ["1 E524"])
    }

    @Test func linesInAnotherEncodingOrWithNULAreRejected() throws {
        let bytes = Array("a\nb".utf8) + [0xE9] + Array("\nc\nd\0e\n\nf".utf8)
        let reading = try read(bytes)
        #expect(reading.texts == ["a", "c", "f"])
        #expect(reading.rejectedNumbers == ["2 E523", "4 E531"])
        #expect(reading.rejects[0].excerpt == "b\\xE9")
    }

    @Test func aSourcetypesLineBreakerRules() throws {
        var options = IngestOptions()
        options.lineBreaking = { $0.sourcetype == "stamped" ? BreakBeforeDigit() : nil }
        let text = "1 first\n  more\r\n\r\n2 second\n\n3 third\nend\n"
        let whole = try read(text, sourcetype: "stamped", options)
        #expect(whole.texts == ["1 first\n  more", "2 second", "3 third\nend"])
        for chunkBytes in 1...64 {
            options.chunkBytes = chunkBytes
            #expect(try read(text, sourcetype: "stamped", options) == whole)
        }
        #expect(try read(text, sourcetype: "other", options).texts.count == 5)
    }

    @Test func textThatOnlyBeginsLikeJSONStaysText() throws {
        for line in ["[2024-01-01] started", "<13>Jan 1 host app: x", "{curly} talk", "[error] x"] {
            let reading = try read(line + "\nsecond line\n")
            #expect(reading.texts == [line, "second line"])
        }
    }
}

@Suite struct CSVInputTests {
    @Test func rowsAreEventsWithTheirColumns() throws {
        let reading = try read("time,user,note\n1,bob,\"a, \"\"b\"\"\nc\"\n2,,x\n3,amy\n", name: "x.csv")
        #expect(reading.texts == ["1,bob,\"a, \"\"b\"\"\nc\"", "2,,x", "3,amy"])
        #expect(
            reading.fields == [
                ["time=1", "user=bob", "note=a, \"b\"\nc"], ["time=2", "user=", "note=x"], ["time=3", "user=amy"],
            ])
        #expect(reading.sourcetypes == ["csv", "csv", "csv"])
    }

    @Test func rowsThatDoNotFitAreRejected() throws {
        let reading = try read("a,b\n1,2\n1,2,3\n\"x\"y,2\n\n3,4\n", name: "x.csv")
        #expect(reading.texts == ["1,2", "3,4"])
        #expect(reading.rejectedNumbers == ["3 E528", "4 E529"])
    }

    @Test func csvIsRecognisedByItsRowsOrItsName() throws {
        let regular = "src,dest,port\n1.1.1.1,2.2.2.2,80\n1.1.1.1,2.2.2.3,81\n"
        #expect(try read(regular).sourcetypes == ["csv", "csv"])
        #expect(try read(regular, sourcetype: "pan:traffic").texts.count == 3)
        #expect(try read("hello, world\nthis is, well, text\n").sourcetypes == ["text", "text"])
        #expect(try read("1,2\n3,4\n5,6\n").sourcetypes == ["text", "text", "text"])
    }
}

@Suite struct WindowsXMLInputTests {
    private func event(_ id: Int) -> String {
        "<Event xmlns='x'><System><EventID>\(id)</EventID><Channel>Security</Channel><Computer>pc\(id)</Computer></System></Event>"
    }

    @Test func eventsAreFoundOnLinesInListsAndAcrossLines() throws {
        let pretty = event(3).replacingOccurrences(of: "><", with: ">\n  <")
        let reading = try read(
            "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- export --><Events>\n\(event(1))\(event(2))\n\(pretty)\r\n</Events>\n"
        )
        #expect(reading.texts == [event(1), event(2), pretty])
        #expect(reading.sourcetypes == ["XmlWinEventLog", "XmlWinEventLog", "XmlWinEventLog"])
        #expect(reading.sources == Array(repeating: "XmlWinEventLog:Security", count: 3))
        #expect(reading.hosts == ["pc1", "pc2", "pc3"])
        #expect(reading.rejects.isEmpty)
    }

    @Test func cutEventsAndStrayTextAreRejected() throws {
        let reading = try read(
            "\(event(1))\n\(event(2).prefix(40))\n\(event(3))\nstray text\n\(event(5))\n\(event(6).prefix(50))")
        #expect(reading.texts == [event(1), event(3), event(5)])
        #expect(reading.rejectedNumbers == ["2 E521", "4 E530", "6 E521"])
    }

    @Test func eventsBeyondTheBoundAreSkipped() throws {
        var options = IngestOptions()
        options.maxRecordBytes = 200
        let long = "<Event>" + String(repeating: "x", count: 500) + "</Event>"
        for chunkBytes in [1, 9, 100, 300, 10_000] {
            options.chunkBytes = chunkBytes
            let reading = try read(event(1) + long + event(3), options)
            #expect(reading.texts == [event(1), event(3)])
            #expect(reading.rejectedNumbers == ["2 E524"])
        }
    }
}
