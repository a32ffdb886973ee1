import Columns
import Content
import Foundation
import Risk
import RiskIndex
import Testing

@testable import Engine

/// The scan of a real index against plain sums over the same events.
@Suite struct WeekScanTests {
    private static let day: Int64 = 86_400_000_000
    /// Fourteen days and the end, of which the first begins a week after the oldest events.
    private static let dayStarts = (0...14).map { 1_000 * day + Int64($0) * day }

    private struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let rules: [(name: String, version: Int, tactics: [String])] = [
        ("R0", 1, ["execution"]), ("R0", 2, ["execution", "impact"]), ("R1", 1, []), ("R2", 1, ["persistence"]),
        ("R3", 1, ["impact"]),
    ]

    /// Every rule and entity at any time of three weeks and a day; names of one entity, firings of several entities, equal
    /// messages, scores of either sign.
    private static func events(_ count: Int, seed: UInt64) -> [RiskEvent] {
        var chance = Chance(state: seed)
        return (0..<count).map { number in
            let rule = rules[Int.random(in: 0..<rules.count, using: &chance)]
            let entity = Int.random(in: 0..<9, using: &chance)
            let time = dayStarts[0] - 7 * day + Int64.random(in: 0..<(22 * day), using: &chance)
            let threats = (0..<Int.random(in: 0..<4, using: &chance)).map { _ in
                ThreatObject(value: "t\(Int.random(in: 0..<40, using: &chance))", type: "ip_address")
            }
            let digits = String(number, radix: 16)
            // Rare at first, so that some of it is new in the week.
            let name = time < dayStarts[7] ? entity % 7 : entity
            return RiskEvent(
                key: String(repeating: "0", count: 14 - digits.count) + digits + String(repeating: "f", count: 50),
                firingKey: "f\(number / 2)", timeMicroseconds: time, windowStartMicroseconds: nil,
                windowEndMicroseconds: nil, searchTimeMicroseconds: 0, searchName: rule.name, ruleID: rule.name,
                ruleVersion: rule.version, entityField: "user", riskObject: "\(name)-\(number % 2)",
                riskObjectType: name % 3 == 0 ? "system" : "user", normalizedRiskObject: "entity \(name)",
                riskScore: 0, calculatedRiskScore: Double(Int.random(in: -2...40, using: &chance)) / 4,
                riskMessage: "m\(Int.random(in: 0..<6, using: &chance))", threatObjects: threats, analyticStories: [],
                annotations: rule.tactics.isEmpty
                    ? [] : [Annotation(name: "mitre_attack.mitre_tactic", values: rule.tactics)], attackVersion: "17.0",
                contributingEventCount: 1, fields: [])
        }
    }

    private func tally(
        _ events: [RiskEvent], profile: RiskProfile = .splunk, detailCount: Int = 100
    ) throws -> WeekTally {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("accrue-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: 0, readOnly: false)
        _ = try index.insert(events.map { Firing(key: $0.firingKey, events: [$0], contributing: []) })
        return try WeekScan.tally(
            index, dayStarts: Self.dayStarts, profile: profile, detailCount: detailCount)
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func everySumIsThatOfItsEvents(seed: UInt64) throws {
        let events = Self.events(seed == 1 ? 60 : 900, seed: seed)
        let tally = try tally(events)
        let plain = PlainWeek(events, Self.dayStarts)
        #expect(tally.historyStartMicroseconds == events.map(\.timeMicroseconds).min())
        expect(tally.sums.current, plain.sum(plain.current), counted: false)
        expect(tally.sums.previous, plain.sum(plain.previous), counted: false)

        let names = plain.names(plain.current + plain.previous) { $0.normalizedRiskObject }
        #expect(tally.entities.map(\.normalizedRiskObject) == names)
        for entity in tally.entities {
            func own(_ events: [RiskEvent]) -> [RiskEvent] {
                events.filter { $0.normalizedRiskObject == entity.normalizedRiskObject }
            }
            expect(entity.sums.current, plain.sum(own(plain.current)))
            expect(entity.sums.previous, plain.sum(own(plain.previous)))
            #expect(entity.isNew == own(plain.earlier).isEmpty)
            #expect((entity.detail == nil) == own(plain.current).isEmpty)
            guard let detail = entity.detail else { continue }
            expect(detail, own, plain)
        }
        #expect(tally.rules.map(\.searchName) == plain.names(plain.current + plain.earlier) { $0.searchName })
        for rule in tally.rules {
            func own(_ events: [RiskEvent]) -> [RiskEvent] { events.filter { $0.searchName == rule.searchName } }
            expect(rule.sums.current, plain.sum(own(plain.current)), counted: false)
            expect(rule.sums.previous, plain.sum(own(plain.previous)), counted: false)
            #expect(rule.entityCount == plain.names(own(plain.current)) { $0.normalizedRiskObject }.count)
            #expect(rule.isNew == own(plain.earlier).isEmpty)
            #expect(rule.lastMicroseconds == own(plain.earlier + plain.current).map(\.timeMicroseconds).max())
            #expect(rule.days.current == plain.days(own(plain.current), from: 7))
            #expect(rule.days.previous == plain.days(own(plain.previous), from: 0))
        }
        let raw = tally.rules.reduce(0) { $0 + $1.sums.current.counted }
        #expect(abs(raw - tally.entities.reduce(0) { $0 + $1.sums.current.counted }) < 1e-6)
        #expect(tally.days.map(\.current.raw) == plain.days(plain.current, from: 7))
        #expect(tally.newThreatObjects.map(\.threatObject) == plain.newThreats(plain.current, plain.earlier))
        for threat in tally.newThreatObjects {
            let seen = plain.current.filter { $0.threatObjects.contains(threat.threatObject) }
            #expect(threat.eventCount == seen.count)
            #expect(threat.entityCount == plain.names(seen) { $0.normalizedRiskObject }.count)
            #expect(abs(threat.raw - plain.sum(seen).raw) < 1e-9)
        }
        for tactic in tally.tactics {
            func own(_ events: [RiskEvent]) -> [RiskEvent] { events.filter { plain.has(tactic.name, $0) } }
            #expect(tactic.sums.current.eventCount == own(plain.current).count)
            #expect(abs(tactic.sums.current.raw - plain.sum(own(plain.current)).raw) < 1e-9)
            #expect(tactic.sums.previous.eventCount == own(plain.previous).count)
            #expect(tactic.isNew == (tactic.name != nil && own(plain.earlier).isEmpty))
        }
    }

    private func expect(_ sum: WeekTally.Sum, _ plain: WeekTally.Sum, counted: Bool = true) {
        #expect(sum.eventCount == plain.eventCount)
        #expect(abs(sum.raw - plain.raw) < 1e-9)
        if counted { #expect(abs(sum.counted - plain.counted) < 1e-9) }
    }

    private func expect(_ detail: WeekTally.Detail, _ own: ([RiskEvent]) -> [RiskEvent], _ plain: PlainWeek) {
        let (current, previous, earlier) = (own(plain.current), own(plain.previous), own(plain.earlier))
        #expect(detail.riskObjects == plain.names(current) { $0.riskObject })
        #expect(detail.days.current == plain.days(current, from: 7))
        #expect(detail.days.previous == plain.days(previous, from: 0))
        #expect(detail.newThreatObjects == plain.newThreats(current, earlier))
        #expect(detail.rules.map(\.searchName) == plain.names(current + previous) { $0.searchName })
        for rule in detail.rules {
            let ofRule = { (events: [RiskEvent]) in events.filter { $0.searchName == rule.searchName } }
            expect(rule.sums.current, plain.sum(ofRule(current)))
            expect(rule.sums.previous, plain.sum(ofRule(previous)))
            #expect(rule.isNew == ofRule(earlier).isEmpty)
        }
        for tactic in detail.tactics {
            #expect(abs(tactic.raw - plain.sum(current.filter { plain.has(tactic.name, $0) }).raw) < 1e-9)
            #expect(tactic.isNew == (tactic.name != nil && !earlier.contains { plain.has(tactic.name, $0) }))
        }
        #expect(detail.tactics.count == Set(current.flatMap { plain.tactics($0) }).count)
    }

    /// Ids of an index follow the order in which events come; nothing may depend on them.
    @Test func theOrderOfWritingChangesNothing() throws {
        let events = Self.events(500, seed: 9)
        let expected = try tally(events, profile: .recommended, detailCount: 4)
        var chance = Chance(state: 4)
        for _ in 0..<3 {
            #expect(try tally(events.shuffled(using: &chance), profile: .recommended, detailCount: 4) == expected)
        }
    }

    @Test func theProfileSaysWhoseDetailsAreShown() throws {
        // One rule over and over gives the more points, two rules count for more.
        var events = Self.events(7, seed: 1)
        for number in events.indices {
            events[number].timeMicroseconds = Self.dayStarts[8] + Int64(number)
            events[number].searchName = number == 6 ? "S2" : "S1"
            events[number].normalizedRiskObject = number < 5 ? "loud" : "broad"
            events[number].riskObject = events[number].normalizedRiskObject
            events[number].riskObjectType = "user"
            events[number].calculatedRiskScore = number < 5 ? 20 : 41
            events[number].riskMessage = "m\(number)"
        }
        func shown(_ profile: RiskProfile) throws -> [String] {
            try tally(events, profile: profile, detailCount: 1).entities.filter { $0.detail != nil }
                .map(\.normalizedRiskObject)
        }
        #expect(try shown(.splunk) == ["loud"])
        #expect(try shown(.recommended) == ["broad"])
    }

    @Test func anEmptyIndexHasNothing() throws {
        let tally = try tally([])
        #expect(tally.historyStartMicroseconds == nil)
        #expect(tally.entities.isEmpty && tally.rules.isEmpty && tally.tactics.isEmpty)
        #expect(tally.days.count == 7)
    }
}

/// The same figures from a list of events, each by itself.
private struct PlainWeek {
    let current: [RiskEvent]
    let previous: [RiskEvent]
    /// Before the week, the week before included.
    let earlier: [RiskEvent]
    private let dayStarts: [Int64]

    init(_ events: [RiskEvent], _ dayStarts: [Int64]) {
        let sorted = events.sorted { ($0.timeMicroseconds, $0.key) < ($1.timeMicroseconds, $1.key) }
        func between(_ start: Int64, _ end: Int64) -> [RiskEvent] {
            sorted.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
        }
        current = between(dayStarts[7], dayStarts[14])
        previous = between(dayStarts[0], dayStarts[7])
        earlier = between(.min, dayStarts[7])
        self.dayStarts = dayStarts
    }

    func sum(_ events: [RiskEvent]) -> WeekTally.Sum {
        var sum = WeekTally.Sum()
        sum.eventCount = events.count
        for event in events { sum.raw += event.calculatedRiskScore }
        var firings: [String: UInt64] = [:]
        sum.counted =
            RiskLedger(
                events.map { event in
                    let firing = firings[event.firingKey] ?? UInt64(firings.count)
                    firings[event.firingKey] = firing
                    return LedgerEvent(
                        timeMicroseconds: event.timeMicroseconds, key: LedgerEvent.number(ofKey: event.key),
                        ruleIndex: UInt32(event.searchName.dropFirst()) ?? 0, firing: firing,
                        message: UInt64(event.riskMessage.dropFirst()) ?? 0, riskScore: 0, factorAdd: 0,
                        factorMultiply: 1, calculatedRiskScore: event.calculatedRiskScore)
                }, profile: .recommended
            ).counted
        return sum
    }

    func days(_ events: [RiskEvent], from first: Int) -> [Double] {
        (first..<first + 7).map { day in
            events.filter { $0.timeMicroseconds >= dayStarts[day] && $0.timeMicroseconds < dayStarts[day + 1] }
                .reduce(0) { $0 + $1.calculatedRiskScore }
        }
    }

    func names(_ events: [RiskEvent], _ name: (RiskEvent) -> String) -> [String] { Set(events.map(name)).sorted() }

    func tactics(_ event: RiskEvent) -> [String?] {
        let names = event.annotations.flatMap(\.values)
        return names.isEmpty ? [nil] : names
    }

    func has(_ tactic: String?, _ event: RiskEvent) -> Bool { tactics(event).contains(tactic) }

    func newThreats(_ current: [RiskEvent], _ earlier: [RiskEvent]) -> [ThreatObject] {
        Set(current.flatMap(\.threatObjects)).subtracting(earlier.flatMap(\.threatObjects)).sorted {
            $0.value < $1.value
        }
    }
}
