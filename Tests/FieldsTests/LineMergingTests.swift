import Columns
import Fields
import Testing

@Suite struct LineMergingTests {
    private func events(_ props: String, _ text: String) throws -> [String] {
        let fixture = AddonFixture(props: "[st]\n\(props)")
        let breaking = try #require(fixture.addons.eventBreaking(of: AddonFixture.origin("st")))
        let buffer = ByteBuffer(Array(text.utf8))
        var events: [String] = []
        var start = 0
        for gap in breaking.breaks(in: buffer.bytes) + [buffer.count..<buffer.count] where gap.lowerBound > start {
            events.append(String(decoding: buffer.slice(start..<gap.lowerBound), as: UTF8.self))
            start = gap.upperBound
        }
        return events
    }

    private let dated = "2026-01-15T10:00:00Z first\n  more\n\n  more\n2026-01-15T10:00:05Z second\n"

    @Test func linesWithADateBeginEvents() throws {
        for props in [
            "SHOULD_LINEMERGE = true", "SHOULD_LINEMERGE = 1\nBREAK_ONLY_BEFORE_DATE = true",
            "BREAK_ONLY_BEFORE_DATE = true",
        ] {
            #expect(
                try events(props, dated) == [
                    "2026-01-15T10:00:00Z first\n  more\n\n  more", "2026-01-15T10:00:05Z second",
                ], "\(props)")
        }
        let format = "SHOULD_LINEMERGE = true\nTIME_PREFIX = ^at=\nTIME_FORMAT = %s"
        #expect(try events(format, "at=1768471200 a\n2026-01-15 b\nat=1768471201 c").count == 2)
    }

    @Test func merelyAskedForMeansOneLineAnEvent() {
        for props in ["", "SHOULD_LINEMERGE = false", "SHOULD_LINEMERGE = false\nBREAK_ONLY_BEFORE = x"] {
            #expect(AddonFixture(props: "[st]\n\(props)").addons.eventBreaking(of: AddonFixture.origin("st")) == nil)
        }
    }

    @Test func aPatternBeginsEventsWhereverItStandsInTheLine() throws {
        #expect(
            try events("BREAK_ONLY_BEFORE = EVENT", "EVENT 1\n 2026-01-15\na EVENT 2\nx") == [
                "EVENT 1\n 2026-01-15", "a EVENT 2\nx",
            ])
    }

    @Test func aPatternEndsEvents() throws {
        let props = "SHOULD_LINEMERGE = true\nMUST_BREAK_AFTER = END$"
        #expect(try events(props, "2026-01-15T10:00:00Z a\nEND\nb\nEND") == ["2026-01-15T10:00:00Z a\nEND", "b\nEND"])
        // With no rule that says what belongs together nothing does.
        #expect(try events(props + "\nBREAK_ONLY_BEFORE_DATE = false", "a\nb\nEND\nc") == ["a", "b", "END", "c"])
    }

    @Test func aPatternHoldsEventsTogether() throws {
        let props = "SHOULD_LINEMERGE = true\nMUST_NOT_BREAK_AFTER = BEGIN$\nMUST_BREAK_AFTER = END$"
        let lines = ["0Z BEGIN", "1Z inside", "2Z END", "3Z after"].map { "2026-01-15T10:00:0" + $0 }
        #expect(try events(props, lines.joined(separator: "\n")) == [lines[0...2].joined(separator: "\n"), lines[3]])
    }

    @Test func longEventsBreak() throws {
        let text = "2026-01-15T10:00:00Z s\n1\n2\n3\n4\n5"
        #expect(
            try events("SHOULD_LINEMERGE = true\nMAX_EVENTS = 3", text) == ["2026-01-15T10:00:00Z s\n1\n2\n3", "4\n5"])
        let many = (0..<1_000).map { "line \($0)" }.joined(separator: "\n")
        #expect(try events("SHOULD_LINEMERGE = true", many).count == 4)
    }

    @Test func lineBreakersSayWhatALineIs() throws {
        #expect(try events("LINE_BREAKER = (=====\\n)", "one\ntwo\n=====\nthree") == ["one\ntwo\n", "three"])
        #expect(
            try events("LINE_BREAKER = end(\\n)begin|end2(\\n)begin2|(?=begin3)", "end\nbegin end2\nbegin2 begin3") == [
                "end", "begin end2", "begin2 ", "begin3",
            ])
        #expect(try events("LINE_BREAKER = (;)\nBREAK_ONLY_BEFORE = ^E", "E1;x;E2;y") == ["E1;x", "E2;y"])
        // Without a group it says nothing: lines are cut as ever.
        #expect(
            AddonFixture(props: "[st]\nLINE_BREAKER = ---").addons.eventBreaking(of: AddonFixture.origin("st")) == nil)
    }

    @Test func windowsEventTextIsOneEvent() throws {
        let event = """
            11/23/2025 08:20:00 AM
            LogName=Security
            EventCode=4624
            Message=An account was successfully logged on.

            Subject:
            \tSecurity ID:\tS-1-5-18
            """
        let text = event + "\r\n" + event
        let props =
            "SHOULD_LINEMERGE = true\nBREAK_ONLY_BEFORE = ^\\d\\d?/\\d\\d?/\\d{4} \\d\\d?:\\d\\d:\\d\\d [AP]M\\s*$"
        #expect(try events(props, text) == [event, event])
    }

    @Test(.timeLimit(.minutes(1))) func explodingPatternsEnd() throws {
        let bomb = String(repeating: "a", count: 3_000) + "!"
        let text = (0..<50).map { _ in bomb }.joined(separator: "\n")
        #expect(try events("BREAK_ONLY_BEFORE = ^(a+)+$", text).count == 1)
    }
}
