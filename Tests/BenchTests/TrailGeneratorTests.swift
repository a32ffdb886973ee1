import Formats
import Foundation
import Testing

@testable import Bench

@Suite struct TrailGeneratorTests {
    @Test func theSameSeedGivesTheSameBytes() {
        // A change of it makes all data on disk be written anew, and figures measured before not comparable.
        #expect(
            SHA256.hexDigest(events(2_000, seed: 1).bytes)
                == "0c02690867e67df3ec0b4e7fef3a47419fcc455c1de89555875782fae55de637")
        #expect(events(2_000, seed: 1).bytes == events(2_000, seed: 1).bytes)
        #expect(events(2_000, seed: 1).bytes != events(2_000, seed: 2).bytes)
    }

    @Test func theSizeOfPiecesDoesNotShow() {
        let whole = events(1_300, seed: 3)
        for size in [1, 5_000, 1 << 30] {
            let pieces = events(1_300, seed: 3, pieceSize: size)
            #expect(pieces.bytes == whole.bytes)
            #expect(pieces.truth.rows == whole.truth.rows)
        }
    }

    @Test func eventsAreOfTheSizeAndKindThatIsSaid() throws {
        let (bytes, truth) = events(10_000, seed: 1)
        #expect(truth.byteCount == bytes.count && truth.eventCount == 10_000)
        #expect((1_000...1_250).contains(bytes.count / 10_000))
        let decoded = try decode(bytes)
        #expect(decoded.count == 10_000)
        let uploads = decoded.filter { ($0["eventName"] as? String)?.lowercased() == "putimage" }
        #expect(uploads.count == 20)
        #expect(decoded.first?["eventTime"] as? String == "2026-11-16T00:00:00Z")
        #expect(decoded.last?["eventTime"] as? String == "2026-11-22T23:58:59Z")
        let times = decoded.compactMap { $0["eventTime"] as? String }
        #expect(times == times.sorted())
        #expect(Set(decoded.compactMap { $0["eventID"] as? String }).count == 10_000)
        #expect(Set(decoded.compactMap { ($0["userIdentity"] as? [String: Any])?["userName"] as? String }).count == 200)
        // The manifest is JSON inside JSON.
        for upload in uploads {
            let request = try #require(upload["requestParameters"] as? [String: Any])
            let manifest = try #require(request["imageManifest"] as? String)
            let layers = try JSONSerialization.jsonObject(with: Data(manifest.utf8)) as? [String: Any]
            #expect((layers?["layers"] as? [Any])?.isEmpty == false)
        }
    }

    /// Truth is counted from the parts of events; this counts it again from their text, by another JSON reader.
    @Test(arguments: [(2_000, 1), (25_000, 1), (15_000, 77)] as [(Int, UInt64)])
    func truthIsWhatARecountFinds(eventCount: Int, seed: UInt64) throws {
        let (bytes, truth) = events(eventCount, seed: seed)
        var rows: [SeedRow.Group: SeedRow] = [:]
        var matched = 0
        var words = 0
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let format = ISO8601DateFormatter()
        for event in try decode(bytes) {
            let name = try #require(event["eventName"] as? String)
            guard name.lowercased() == "putimage" else { continue }
            if name == "PutImage" { words += 1 }
            let time = try #require(format.date(from: event["eventTime"] as? String ?? ""))
            let hour = calendar.component(.hour, from: time)
            guard hour >= 20 || hour < 8 || calendar.isDateInWeekend(time) else { continue }
            matched += 1
            let identity = try #require(event["userIdentity"] as? [String: Any])
            guard let user = identity["userName"] as? String else { continue }
            let request = try #require(event["requestParameters"] as? [String: Any])
            func text(_ key: String) throws -> String { try #require(event[key] as? String) }
            let group = SeedRow.Group(
                signature: name, user: user, userAgent: try text("userAgent"), source: try text("sourceIPAddress"),
                account: try text("recipientAccountId"), region: try text("awsRegion"), product: "AWS CloudTrail",
                repository: try #require(request["repositoryName"] as? String))
            let seconds = Int(time.timeIntervalSince1970)
            var row = rows[group] ?? SeedRow(group: group, count: 0, firstTime: seconds, lastTime: seconds)
            row.count += 1
            row.firstTime = min(row.firstTime, seconds)
            row.lastTime = max(row.lastTime, seconds)
            rows[group] = row
        }
        #expect(truth.rows == rows.values.sorted())
        #expect(truth.matchedEventCount == matched)
        #expect(truth.wordLineCount == words)
        #expect(!truth.rows.isEmpty)
    }

    @Test func hardCasesAreAmongTheRows() {
        var generator = TrailGenerator(seed: 6, eventCount: 200_000)
        var piece: [UInt8] = []
        while generator.fill(&piece, to: 1 << 20) { piece.removeAll(keepingCapacity: true) }
        let truth = generator.truthSoFar
        #expect(truth.rows.contains { $0.group.signature == "putImage" })
        #expect(truth.rows.contains { $0.group.userAgent.contains("\\(linux\\)") })
        #expect(truth.rows.contains { $0.count > 1 && $0.firstTime < $0.lastTime })
        #expect(truth.rows.allSatisfy { $0.group.user != "user-007" })
        #expect(truth.matchedEventCount > truth.rows.reduce(0) { $0 + $1.count })
    }

    private func events(_ count: Int, seed: UInt64, pieceSize: Int = 1 << 20) -> (bytes: [UInt8], truth: SeedTruth) {
        var generator = TrailGenerator(seed: seed, eventCount: count)
        var bytes: [UInt8] = []
        var piece: [UInt8] = []
        while generator.fill(&piece, to: pieceSize) {
            bytes += piece
            piece = []
        }
        return (bytes, generator.truthSoFar)
    }

    private func decode(_ bytes: [UInt8]) throws -> [[String: Any]] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }
}
