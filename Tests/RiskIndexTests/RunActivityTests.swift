import Testing

@testable import RiskIndex

/// What all runs of a window add up to, against the same out of whole records.
@Suite struct RunActivityTests {
    private func expected(_ runs: [RunRecord], start: Int64, end: Int64) -> RunActivity {
        var activity = RunActivity()
        var rules: [String: RunActivity.Rule] = [:]
        var lost: [String: [String: Int]] = [:]
        var last: [String: Int64] = [:]
        for run in runs {
            for source in run.sources {
                if let time = source.lastMicroseconds {
                    last[source.sourcetype] = max(last[source.sourcetype] ?? time, time)
                }
            }
            let isLogOfWindow = run.sources.contains { source in
                guard let first = source.firstMicroseconds, let last = source.lastMicroseconds else { return false }
                return first < end && last >= start
            }
            guard isLogOfWindow || (start..<end).contains(run.timeMicroseconds) else { continue }
            activity.latestMicroseconds = run.timeMicroseconds
            for rule in run.rules {
                let name = rule.searchName
                var entry =
                    rules[name]
                    ?? .init(searchName: name, ran: false, problem: nil, problemCount: 0, lostByField: [])
                entry.problem = rule.problem
                if rule.problem == nil { entry.ran = true } else { entry.problemCount += 1 }
                rules[name] = entry
                for field in rule.lostByField where field.count > 0 {
                    lost[name, default: [:]][field.field, default: 0] += field.count
                }
            }
        }
        activity.rules = rules.values.map { rule in
            var rule = rule
            rule.lostByField = (lost[rule.searchName] ?? [:]).map { .init(field: $0.key, count: $0.value) }
                .sorted { $0.field < $1.field }
            return rule
        }.sorted { $0.searchName < $1.searchName }
        activity.sources = last.map { .init(sourcetype: $0.key, lastMicroseconds: $0.value) }
            .sorted { $0.sourcetype < $1.sourcetype }
        return activity
    }

    @Test func randomRunsAddUpAsTheirRecordsDo() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        var state: UInt64 = 11
        func some(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let names = ["A", "B\0", "B", "C \u{10}0", "D's"]
        for _ in 0..<200 {
            let rules = names.filter { _ in some(4) > 0 }.map { name in
                RunRecord.Rule(
                    searchName: name,
                    lostByField: ["src", "user"].filter { _ in some(3) == 0 }.map { .init(field: $0, count: some(3)) },
                    problem: some(3) == 0 ? "problem \(some(3))" : nil)
            }
            let sources = ["a", "b", "c"].filter { _ in some(2) == 0 }.map { name in
                let first = Int64(some(100))
                return RunRecord.Source(
                    sourcetype: name, eventCount: 1, firstMicroseconds: some(5) == 0 ? nil : first,
                    lastMicroseconds: some(5) == 0 ? nil : first + Int64(some(9)))
            }
            try index.add(
                RunRecord(timeMicroseconds: Int64(some(100)), profile: "splunk", rules: rules, sources: sources))
        }
        for _ in 0..<40 {
            let (since, start) = (Int64(some(60)), Int64(some(100)))
            let end = start + Int64(some(30))
            let activity = try index.runActivity(since: since, start: start, end: end)
            #expect(activity == expected(try index.runs(start: since, end: nil), start: start, end: end))
        }
        #expect(try index.runActivity(since: 200, start: 200, end: 300) == RunActivity())
    }
}
