import Columns
import Ingest
import Testing

@Suite struct EnvelopeTests {
    @Test func rawEnvelopesGiveTheExactText() throws {
        let reading = try read(
            #"""
            {"sourcetype":"XmlWinEventLog","source":"s1","host":"h1","time":1556380645.868863,"raw":"<Event a='\"'>\n\té\u00e9</Event>","file":"f"}
            {"sourcetype":"aws:cloudtrail","source":"s2","host":"","time":null,"raw":"{\"a\": 1}"}
            {"sourcetype":"x","source":"s","host":"h","time":"12","raw":"plain"}
            """#)
        #expect(reading.texts == ["<Event a='\"'>\n\téé</Event>", "{\"a\": 1}", "plain"])
        #expect(reading.sourcetypes == ["XmlWinEventLog", "aws:cloudtrail", "x"])
        #expect(reading.sources == ["s1", "s2", "s"])
        #expect(reading.hosts == ["h1", "localhost", "h"])
        #expect(reading.times == [1_556_380_645_868_863, nil, 12_000_000])
        #expect(reading.rejects.isEmpty)
    }

    @Test func hecEnvelopesGiveTextsAndObjects() throws {
        let reading = try read(
            #"""
            {"time":1426279439.123,"host":"h","source":"s","sourcetype":"st","index":"main2","event":"hello\nworld","fields":{"a":"1","b":[2,"x"],"c":null}}
            {"event":{"a" : [1, {"b":"\u00e9"}]},"time":"1426279439"}{"event":"x"}
            {"event":5}
            """#)
        #expect(reading.texts == ["hello\nworld", #"{"a" : [1, {"b":"\u00e9"}]}"#, "x", "5"])
        #expect(reading.sourcetypes == ["st", "_json", "text", "_json"])
        #expect(reading.indexes == ["main2", "main", "main", "main"])
        #expect(reading.times == [1_426_279_439_123_000, 1_426_279_439_000_000, nil, nil])
        #expect(reading.fields == [["a=1", "b=2\nx"], [], [], []])
        #expect(reading.rejects.isEmpty)
    }

    @Test func aFirstRecordLargerThanTheSampleIsAnEnvelopeToo() throws {
        let long = String(repeating: "x", count: 1_500_000)
        for head in [#"{"sourcetype":"a","source":"s","raw":""#, #"{"time":1,"source":"s","sourcetype":"a","event":""#]
        {
            let reading = try read(head + long + "\"}\n" + head + "2\"}\n")
            #expect(reading.sourcetypes == ["a", "a"])
            #expect(reading.texts == [long, "2"])
        }
        let record = try read(#"{"source":"s","other":"o","text":""# + long + "\"}\n")
        #expect(record.sourcetypes == ["_json"])
    }

    @Test func whatIsForcedWins() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("a", #"{"sourcetype":"a","source":"b","host":"c","raw":"x"}"#)
        let reading = Reading([InputSpec(path: path, sourcetype: "f1", source: "f2", host: "f3")])
        #expect(reading.sourcetypes == ["f1"] && reading.sources == ["f2"] && reading.hosts == ["f3"])
    }

    @Test func badEnvelopesAreRejected() throws {
        let reading = try read(
            #"""
            {"sourcetype":"a","source":"s","raw":"1"}
            {"sourcetype":"a","source":"s"}
            {"sourcetype":"a","source":"s","raw":5}
            {"sourcetype":"a","source":"s","raw":""}
            {"sourcetype":"a","source":"s","raw":"5","time":"noon"}
            {"sourcetype":"a","source":"s","raw":"6","time":1e30}
            {"sourcetype":"a","source":"s","raw":"7
            {"event":"8","fields":[1]}
            {"event":"9","fields":{"a":{"b":1}}}
            {"event":null}
            {"sourcetype":"a","source":"s","raw":"11"}
            {"sourcetype":"a","source":"s","raw":"12"}
            {"sourcetype":"a","source":"s","raw":"13"}
            """#)
        #expect(reading.texts == ["1", "11", "12", "13"])
        #expect(
            reading.rejectedNumbers == [
                "2 E526", "3 E526", "4 E526", "5 E527", "6 E527", "7 E521", "8 E527", "9 E527", "10 E526",
            ])
    }

    @Test func recordsThatOnlyLookLikeEnvelopesAreEvents() throws {
        for text in [#"{"event":"login","user":"x"}"#, #"{"raw":"x","user":"y"}"#, #"{"time":1,"host":"h"}"#] {
            #expect(try read(text + "\n" + text).texts == [text, text])
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("1.5", 1_500_000), ("1.0000005", 1_000_001), ("1.0000004", 1_000_000), ("1.9999999", 2_000_000),
            ("-1.25", -1_250_000), ("1.5e3", 1_500_000_000), ("1588205199.82437", 1_588_205_199_824_370),
        ] as [(String, Int64)])
    func timesAreSecondsToTheMicrosecond(_ text: String, _ expected: Int64) throws {
        #expect(try read(#"{"event":"x","time":\#(text)}"#).times == [expected])
        #expect(try read(#"{"event":"x","time":"\#(text)"}"#).times == [expected])
    }

    @Test func anEnvelopeWithoutSourcetypeAsksTheContent() throws {
        var options = IngestOptions()
        options.recogniseSourcetype = { sample, path in
            sample.first == "CEF:0" && path.hasSuffix("input.log") ? "cef" : nil
        }
        #expect(try read(#"{"event":"CEF:0"}"#, options).sourcetypes == ["cef"])
        #expect(try read(#"{"event":"CEF:0","sourcetype":"own"}"#, options).sourcetypes == ["own"])
        #expect(try read("CEF:0\n", options).sourcetypes == ["cef"])
        #expect(try read("other\n", options).sourcetypes == ["text"])
    }
}
