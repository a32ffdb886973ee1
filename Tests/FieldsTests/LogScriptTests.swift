import Columns
import Fields
import Formats
import Foundation
import Testing

/// Every fixtures/logs/*.test is decoded with the shipped add-ons and compared as text; ACCRUE_UPDATE=1 rewrites them.
@Suite struct LogScriptTests {
    static let folder = AddonFixture.repository.appending(path: "fixtures/logs")

    static let scripts: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".test") }.sorted()
    }()

    private static let shipped = Result { try AddonFixture.shipped() }

    @Test func thereAreScripts() { #expect(!Self.scripts.isEmpty) }

    @Test(arguments: scripts) func scriptHolds(_ name: String) throws {
        let url = Self.folder.appending(path: name)
        let text = try String(contentsOf: url, encoding: .utf8)
        guard let script = Self.read(text, name) else { return }
        let fixture = try Self.shipped.get()
        let replayed = try script.replayed { event in
            let event = script.events[event]
            return try Self.decode(fixture, [event], FieldSet(names: Set(event.fields)))[0].batch
        }
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            if replayed != text { try replayed.write(to: url, atomically: true, encoding: .utf8) }
            return
        }
        let pairs = zip(Self.lines(replayed), Self.lines(text)).enumerated()
        if let (index, (now, before)) = pairs.first(where: { $1.0 != $1.1 }) {
            Issue.record("\(name):\(index + 1): '\(now)', not '\(before)'; ACCRUE_UPDATE=1 swift test rewrites it")
        } else if replayed != text {
            Issue.record("\(name) has another number of lines; ACCRUE_UPDATE=1 swift test rewrites it")
        }
    }

    /// A field's value depends neither on which other fields are asked for, nor on the events decoded with it.
    @Test(arguments: scripts) func whatElseIsReadDoesNotShow(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        guard let script = Self.read(text, name) else { return }
        let fixture = try Self.shipped.get()
        for group in Dictionary(grouping: script.events, by: \.origin).values {
            let together = try Self.decode(fixture, group, .all)
            for (row, event) in group.enumerated() {
                let alone = try Self.decode(fixture, [event], FieldSet(names: Set(event.fields)))[0].batch
                let all = together[row]
                for field in event.fields where alone[field, 0] != all.batch[field, all.row] {
                    Issue.record(
                        """
                        \(name):\(event.line): '\(field)' is \(LogScript.lines(field, alone[field, 0])) where only the \
                        named fields are read, \(LogScript.lines(field, all.batch[field, all.row])) where all are
                        """)
                }
            }
        }
    }

    @Test(arguments: [
        ("evnt sourcetype=a source=b\n  x", 1, "unknown directive 'evnt'"),
        ("# fine\nevent sourcetype=a source=b owner=c\n  x", 2, "unknown attribute 'owner'"),
        ("event sourcetype=a\n  x", 1, "needs sourcetype= and source="),
        ("event sourcetype=a source=b source=c\n  x", 1, "stands twice"),
        ("event sourcetype=\"a source=b\n  x", 1, "not closed"),
        ("event sourcetype=a source=b\nfields x", 2, "without a text"),
        ("  text", 1, "below no event"),
        ("fields a", 1, "before any event"),
        ("event sourcetype=a source=b\n  x\nfields", 3, "takes the names"),
        ("event sourcetype=a source=b\n  x\nfields a a", 3, "takes the names"),
    ])
    func mistakesAreNamedWithTheirLine(text: String, line: Int, message: String) {
        let mistake = #expect(throws: LogScript.Mistake.self) { try LogScript(text) }
        #expect(mistake?.line == line)
        #expect(mistake?.message.contains(message) == true, "\(mistake?.message ?? "")")
    }

    @Test func valuesAreWrittenLineByLine() throws {
        let text = """
            event sourcetype=none source="a b"
              user=bob note="one

              two" user=amy
            # what it gives
            fields user note source missing
              stale=1
            event sourcetype=none source=c
              user=ann
            event sourcetype=none source=d
              other
            fields user
            """
        let script = try LogScript(text)
        let fixture = AddonFixture()
        let replayed = try script.replayed { event in
            try Self.decode(fixture, [script.events[event]], FieldSet(names: ["user", "note", "source"]))[0].batch
        }
        #expect(
            replayed == """
                event sourcetype=none source="a b"
                  user=bob note="one

                  two" user=amy
                # what it gives
                fields user note source missing
                  user=bob
                  note=one
                    
                    two
                  source=a b
                  missing is null
                event sourcetype=none source=c
                  user=ann
                event sourcetype=none source=d
                  other
                fields user
                  event 1
                  user=ann
                  event 2
                  user is null
                """)
    }

    private static func read(_ text: String, _ name: String) -> LogScript? {
        do {
            return try LogScript(text)
        } catch {
            Issue.record("\(name): \(error)")
            return nil
        }
    }

    /// Each event's row, after the index-time rules, which may give events of one origin others.
    private static func decode(
        _ fixture: AddonFixture, _ events: [LogScript.Event], _ needed: FieldSet
    ) throws -> [(batch: Batch, row: Int)] {
        let texts = AddonFixture.events(events.map(\.text), origin: events[0].origin)
        let batch = EventIndexing(fixture.addons, zone: .utc, nowMicroseconds: AddonFixture.now).indexed(texts).events
        try #require(batch.count == events.count, "an event went into the nullQueue")
        var found = [(batch: Batch, row: Int)](repeating: (Batch(), 0), count: events.count)
        for origin in Set(events.indices.map { batch.origin(of: $0) }) {
            let rows = events.indices.filter { batch.origin(of: $0) == origin }
            let decoded = try fixture.decoder(needed, origin: origin).decode(batch, rows: rows)
            for (row, event) in rows.enumerated() { found[event] = (decoded, row) }
        }
        return found
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
