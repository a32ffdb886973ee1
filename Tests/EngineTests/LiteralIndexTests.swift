import Columns
import SPL
import Search
import Testing

@testable import Engine

/// Which events are candidates: never fewer than the words allow, whatever else is looked for and however often words occur.
@Suite struct LiteralIndexTests {
    private func request(_ search: String) throws -> ScanRequest {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment)
        return try #require(ScanRequest(compiled, range: TimeRange()))
    }

    private func events(_ texts: [String]) -> EventBatch {
        var ranges: [Range<Int>] = []
        var bytes: [UInt8] = []
        for text in texts {
            ranges.append(bytes.count..<bytes.count + text.utf8.count)
            bytes += Array(text.utf8) + [0x0A]
        }
        return EventBatch(
            buffer: ByteBuffer(bytes), ranges: ranges,
            origins: [EventOrigin(sourcetype: "s", source: "f", host: "h")])
    }

    private func candidates(_ plan: LiteralPlan, _ requestCount: Int, _ batch: EventBatch) throws -> [[Int]] {
        let index = LiteralIndex((0..<requestCount).map { plan.clauses(of: $0) { _ in true } })
        let hits = try plan.hits(in: batch, plan.makeScanner())
        return index.candidates(Array(0..<batch.count), hits) { _ in false }
    }

    @Test func eachRequestGetsTheEventsThatHaveItsWords() throws {
        let requests = [
            try request("eventName=PutImage"), try request("eventName=PutImage user=bob"),
            try request("eventName IN (GetImage, PutImage) user=*"), try request("NOT eventName=PutImage"),
        ]
        let batch = events([
            "eventName=PUTIMAGE user=bob", "eventName=getimage user=alice", "nothing", #"\u0050utImage"#, "putimage",
        ])
        let found = try candidates(LiteralPlan(requests), requests.count, batch)
        #expect(found == [[0, 3, 4], [0, 3], [0, 1, 3, 4], [0, 1, 2, 3, 4]])
    }

    @Test func wordsThatMostEventsHaveAreDropped() throws {
        let requests = [try request("eventSource=amazonaws eventName=PutImage"), try request("eventSource=amazonaws")]
        let plan = LiteralPlan(requests)
        let tuning = LiteralTuning(plan)
        let batch = events((0..<1_000).map { $0 == 7 ? "amazonaws PutImage" : "amazonaws \($0)" })
        let hits = try plan.hits(in: batch, plan.makeScanner())
        for _ in 0..<9 {
            #expect(tuning.tuned == nil || tuning.tuned!.plan.wordCount == plan.wordCount)
            try tuning.record(hits) { _, _ in true }
            if tuning.tuned != nil { break }
        }
        // The second request has no better word, so that it stays among those looked for.
        #expect(tuning.tuned?.plan.clausesByRequest.map(\.count) == [1, 1])
        let fewer = try #require(tuning.tuned).plan
        #expect(try candidates(fewer, 2, batch) == candidates(plan, 2, batch))
    }

    @Test func aClauseWhoseFieldIsMadeIsNoReasonToDropAnother() throws {
        let requests = [try request("made=PutImage eventSource=amazonaws")]
        let plan = LiteralPlan(requests)
        let tuning = LiteralTuning(plan)
        let hits = try plan.hits(in: events((0..<9_000).map { "amazonaws \($0)" }), plan.makeScanner())
        try tuning.record(hits) { _, field in field != "made" }
        #expect(tuning.tuned == nil)
    }

    @Test func moreClausesThanBitsLetThroughMore() throws {
        let search = (0..<70).map { "f\($0)=word\($0 + 100)" }.joined(separator: " ")
        let plan = LiteralPlan([try request(search)])
        let all = (0..<70).map { "word\($0 + 100)" }.joined(separator: " ")
        #expect(try candidates(plan, 1, events([all, "word100", all])) == [[0, 2]])
    }
}
