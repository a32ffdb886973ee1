import Ingest
import Testing

@Suite struct JSONLinesTests {
    @Test func eachLineIsAnEventWithItsExactText() throws {
        let reading = try read("{\"a\": 1}\n  {\"b\":\"\\u00e9\"} \r\n\n \t\n{\"c\":[{}]}")
        #expect(reading.texts == ["{\"a\": 1}", "{\"b\":\"\\u00e9\"}", "{\"c\":[{}]}"])
        #expect(reading.sourcetypes == ["_json", "_json", "_json"])
        #expect(reading.sources == ["input.log", "input.log", "input.log"])
        #expect(reading.hosts == ["localhost", "localhost", "localhost"])
        #expect(reading.rejects.isEmpty && reading.problems.isEmpty)
    }

    @Test func badLinesAreRejectedWithTheirPlaceAndTheRestLives() throws {
        let deep = String(repeating: "{\"a\":", count: 10_000) + "1" + String(repeating: "}", count: 10_000)
        let lines = [
            #"{"n":1}"#, #"{"n":2,"cut":"he"#, "", #"{"n":4}"#, #"{"n":5}}"#, #"{"n":6} {"n":6"#, deep, #"{"n":8}"#,
            "[8]",
            "text", #"{"n":11,}"#, #"{"n":12}"#,
        ]
        let reading = try read(lines.joined(separator: "\n") + "\n")
        #expect(reading.texts == [#"{"n":1}"#, #"{"n":4}"#, #"{"n":8}"#, #"{"n":12}"#])
        #expect(
            reading.rejectedNumbers == ["2 E521", "5 E520", "6 E520", "7 E522", "9 E525", "10 E525", "11 E520"])
        let cut = try #require(reading.rejects.first)
        #expect(cut.unit == .line && cut.byteOffset == 8 && cut.path == "input.log")
        #expect(cut.cause == "JSON ends inside a string, at byte 16")
        #expect(cut.excerpt == #"{"n":2,"cut":"he"#)
        #expect(reading.rejects[3].excerpt.utf8.count == 200)
    }

    @Test func aCutFirstLineDoesNotHideTheForm() throws {
        for first in [#"ame":"x","n":0}"#, #"{"n":0,"a":{"b":"#, #"{"n":0,"#, #"{"n":"x"#, "}"] {
            let reading = try read(first + "\n{\"n\":1}\n{\"n\":2}\n")
            #expect(reading.texts == [#"{"n":1}"#, #"{"n":2}"#], "\(first)")
            #expect(reading.rejects.map(\.recordNumber) == [1], "\(first)")
        }
        #expect(try read("{\"n\":\"x\n{\"n\":1}\n").texts == [#"{"n":1}"#])
        let many = "cut\"}\n" + (1...30).map { $0 == 7 ? "{\n" : "{\"n\":\($0)}\n" }.joined()
        #expect(try read(many).rejectedNumbers == ["1 E521", "8 E521"])
    }

    @Test func soundObjectsBackToBackOnALineAreEvents() throws {
        let reading = try read("{\"n\":1}\n{\"n\":2} {\"n\":3}{\"n\":4}\n{\"n\":5}{\"n\":}\n{\"n\":6}")
        #expect(reading.texts == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}", "{\"n\":6}"])
        #expect(reading.rejectedNumbers == ["3 E520"])
    }

    @Test func aCutLastLineIsRejected() throws {
        let reading = try read("{\"n\":1}\n{\"n\":2}\n{\"n\":3,\"a")
        #expect(reading.texts.count == 2)
        #expect(reading.rejectedNumbers == ["3 E521"])
    }

    @Test func brokenBytesStayWithTheirLine() throws {
        let good = Array("{\"a\":\"é\"}\n".utf8)
        for bad: [UInt8] in [[0xFF], [0xC3], [0x00], [0xED, 0xA0, 0x80]] {
            let line = Array("{\"a\":\"".utf8) + bad + Array("\"}\n".utf8)
            let reading = try read(good + line + good)
            #expect(reading.texts.count == 2)
            #expect(reading.rejectedNumbers == [bad == [0] ? "2 E520" : "2 E523"])
        }
        let line = Array("{\"a\":\"".utf8) + [0xFF, 0x01, 0xC2, 0x9B] + Array("\\\"}".utf8)
        #expect(try read(good + line).rejects.first?.excerpt == #"{"a":"\xFF\x01\xC2\x9B\\"}"#)
    }

    @Test func allRejectsAreCountedAndTheFirstManyDescribed() throws {
        let reading = try read(String(repeating: "{}\n", count: 50) + String(repeating: "{\n", count: 12_000))
        #expect(reading.rejectCount == 12_000)
        #expect(reading.rejects.count == ChunkEvents.describedRejects)
        #expect(reading.rejects.last?.recordNumber == 10_050)
    }

    @Test func recordsBeyondTheBoundAreSkipped() throws {
        var options = IngestOptions()
        options.maxRecordBytes = 100
        let long = "{\"a\":\"" + String(repeating: "x", count: 93) + "\"}"
        #expect(long.utf8.count == 101)
        let exact = "{\"a\":\"" + String(repeating: "x", count: 92) + "\"}"
        for chunkBytes in [1, 7, 50, 100, 101, 102, 1_000, 1 << 20] {
            options.chunkBytes = chunkBytes
            let reading = try read("{\"n\":1}\n\(long)\n\(exact)\n\(long)\n{\"n\":5}\n\(long)", options)
            #expect(reading.texts == [#"{"n":1}"#, exact, #"{"n":5}"#])
            #expect(reading.rejectedNumbers == ["2 E524", "4 E524", "6 E524"])
            #expect(reading.rejects.map(\.byteOffset) == [8, 211, 321])
            #expect(reading.rejects[0].excerpt == String(long.prefix(100)))
        }
    }
}

@Suite struct JSONDocumentsTests {
    @Test func cloudTrailFilesGiveTheirRecords() throws {
        let reading = try read(
            #"{"Records":[{"eventName":"A","x":{"y":["}"]}}, {"eventName":"B \" ]"}],"next":{"a":"]"}}"#)
        #expect(reading.texts == [#"{"eventName":"A","x":{"y":["}"]}}"#, #"{"eventName":"B \" ]"}"#])
        #expect(reading.rejects.isEmpty)
    }

    @Test func prettyPrintedCloudTrailFilesToo() throws {
        let reading = try read(
            "{\n  \"Records\" : [\n    {\n      \"n\": 1\n    },\n    {\n      \"n\": 2\n    }\n  ]\n}\n")
        #expect(reading.texts == ["{\n      \"n\": 1\n    }", "{\n      \"n\": 2\n    }"])
        #expect(reading.rejects.isEmpty)
    }

    @Test func documentsMayFollowOneAnother() throws {
        let reading = try read(
            #"{"Records":[{"n":1}]}{"Records":[]} {"n":2}[{"n":3},{"n":4}]"# + "\n" + #"{"Records":[{"n":5}]}"#)
        #expect(reading.texts == (1...5).map { "{\"n\":\($0)}" })
        #expect(reading.rejects.isEmpty)
    }

    @Test func arraysGiveTheirElements() throws {
        #expect(try read("[{\"n\":1},\n {\"n\":2}\n]").texts == [#"{"n":1}"#, #"{"n":2}"#])
        let mixed = try read(#"[{"n":1}, 5, "a", [1,2], {"n":2}]"#)
        #expect(mixed.texts == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(
            mixed.rejects.allSatisfy {
                $0.unit == .record && [.notAnObject, .outsideOfRecords, .invalidJSON, .truncated].contains($0.code)
            })
        #expect(mixed.rejects.count >= 3)
        #expect(try read("[]").texts == [])
    }

    @Test func prettyPrintedObjectsBackToBack() throws {
        let reading = try read("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n{\n  \"a\": [\n    {}\n  ]\n}\n{\"c\":1}{\"d\":2}")
        #expect(reading.texts.count == 4)
        #expect(reading.texts[3] == #"{"d":2}"#)
        #expect(reading.rejects.isEmpty)
    }

    @Test func anOuterObjectWithCompactElementsIsOneEvent() throws {
        let text = "{\"items\":[\n{\"a\":1},\n{\"a\":2}\n]}"
        #expect(try read(text).texts == [text])
        #expect(try read("{\"items\":[\n{\"a\":1}\n]}").texts == ["{\"items\":[\n{\"a\":1}\n]}"])
    }

    @Test func aBalancedBadElementLeavesItsNeighboursAlone() throws {
        let reading = try read(#"{"Records":[{"n":1},{"n":tru},{"n":3,},{"n":4}]}"#)
        #expect(reading.texts == [#"{"n":1}"#, #"{"n":4}"#])
        #expect(reading.rejectedNumbers == ["2 E520", "3 E520"])
        #expect(reading.rejects[0].byteOffset == 20)
    }

    @Test(arguments: [#"{"n":2,"a":"open},"#, #"{"n":2,"a":{"b":1,"#, #"{"n":2"#, #"{"n":2,"a":[{"b":1}"#])
    func anUnbalancedElementEndsAtTheNextLineThatBeginsOne(_ bad: String) throws {
        let array = try read("[\n{\"n\":1},\n\(bad)\n{\"n\":3},\n{\"n\":4}\n]\n")
        #expect(array.texts.contains(#"{"n":1}"#) && array.texts.contains(#"{"n":4}"#))
        #expect(!array.rejects.isEmpty)
        let objects = try read("{\n\"n\":1\n}\n\(bad)\n{\n\"n\":3\n}\n{\n\"n\":4\n}\n")
        #expect(objects.texts.count == 3, "\(objects.texts)")
        #expect(objects.rejects.count == 1)
    }

    @Test func whatABrokenObjectHoldsIsNoEvent() throws {
        let broken = "{\n  \"a\": \"open,\n  \"b\": {\"c\": 1},\n  \"d\": [\n    {\"e\": 1}\n  ]\n}\n"
        let reading = try read("{\n  \"n\": 1\n}\n" + broken + "{\n  \"n\": 3\n}\n")
        #expect(reading.texts == ["{\n  \"n\": 1\n}", "{\n  \"n\": 3\n}"])
        #expect(reading.rejectedNumbers == ["2 E521"])
    }

    @Test func aCutFileKeepsWhatIsWhole() throws {
        let whole = #"{"Records":[{"n":1},{"n":2}],"x":1}"#
        for length in 1..<whole.utf8.count {
            let reading = try read(String(whole.prefix(length)))
            let expected = [length >= 19 ? #"{"n":1}"# : nil, length >= 27 ? #"{"n":2}"# : nil].compactMap { $0 }
            #expect(reading.texts == expected, "\(length)")
            #expect(reading.rejects.count == 1, "\(length)")
        }
    }

    @Test func strayTextIsRejected() throws {
        let reading = try read("{\n\"n\":1\n}\n} garbage\n{\n\"n\":2\n}\nmore")
        #expect(reading.texts.count == 2)
        #expect(reading.rejects.map(\.excerpt) == ["} garbage", "more"])
    }

    @Test func elementsBeyondTheBoundAreSkipped() throws {
        var options = IngestOptions()
        options.maxRecordBytes = 64
        let long = #"{"a":""# + String(repeating: "x", count: 300) + #"","b":[{"c":"}]"}]}"#
        for chunkBytes in [1, 13, 64, 65, 1_000] {
            options.chunkBytes = chunkBytes
            let reading = try read(#"{"Records":[{"n":1},\#(long),{"n":3}]}"#, options)
            #expect(reading.texts == [#"{"n":1}"#, #"{"n":3}"#])
            #expect(reading.rejectedNumbers == ["2 E524"])
        }
    }
}
