import Risk
import RiskIndex

/// All risk events of one week, grouped by entity: 48 bytes an event, the only part of the summary that grows with their
/// number.
struct WeekEvents {
    struct Event {
        var timeMicroseconds: Int64
        var keyOrder: Int64
        var firing: Int64
        var message: Int64
        var score: Double
        var object: UInt32
        var rule: UInt32
    }

    private var events: [Event] = []
    /// Positions in `events` by entity, by time and key within one.
    private var order: [UInt32] = []
    /// Where each entity's part of `order` begins, and one more.
    private var starts: [Int] = []
    private let adjustments: [Int64: Int64?]
    private let profile: ScoringProfile
    let numbers: WeekNumbers

    static let parts: RiskColumnParts = [.firings, .messageHashes, .keyOrders]

    /// - Parameters:
    ///   - range: `start <= _time < end`, UTC microseconds.
    ///   - profile: what counts.
    init(_ range: Range<Int64>, of index: RiskIndex, _ numbers: WeekNumbers, profile: ScoringProfile) throws {
        self.numbers = numbers
        self.profile = profile
        var adjustments: [Int64: Int64?] = [:]
        for (key, answered) in try index.adjustments().answeredKeys {
            adjustments.updateValue(answered.map(WeekEvents.order(ofKey:)), forKey: WeekEvents.order(ofKey: key))
        }
        self.adjustments = adjustments
        let query = RiskEventQuery(startMicroseconds: range.lowerBound, endMicroseconds: range.upperBound)
        var counts = [Int](repeating: 0, count: numbers.entityCount)
        try index.forEachRiskColumns(query, WeekEvents.parts) { columns in
            for row in 0..<columns.count {
                guard let entity = numbers.entity(ofObject: columns.riskObjects[row]),
                    Int(columns.rules[row]) < numbers.groupOfRule.count
                else { continue }
                counts[entity] += 1
                events.append(
                    Event(
                        timeMicroseconds: columns.timesMicroseconds[row], keyOrder: columns.keyOrders[row],
                        firing: columns.firings[row], message: columns.messageHashes[row],
                        score: columns.calculatedRiskScores[row], object: columns.riskObjects[row],
                        rule: columns.rules[row]))
            }
        }
        starts = [0]
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        var next = starts
        order = [UInt32](repeating: 0, count: events.count)
        for (position, event) in events.enumerated() {
            let entity = Int(numbers.entityOfObject[Int(event.object)])
            order[next[entity]] = UInt32(position)
            next[entity] += 1
        }
    }

    /// As ``RiskColumns/keyOrders`` has it.
    private static func order(ofKey key: String) -> Int64 { Int64(LedgerEvent.number(ofKey: key) >> 4) }

    /// An entity's events, by time, then key.
    func forEach(of entity: Int, _ body: (Event) -> Void) {
        for position in starts[entity]..<starts[entity + 1] { body(events[Int(order[position])]) }
    }

    func eventCount(of entity: Int) -> Int { starts[entity + 1] - starts[entity] }

    /// By time, then key.
    func forEach(_ body: (Event) -> Void) { for event in events { body(event) } }

    /// What each rule (by the number of all its versions) adds to an entity, by number; and the entity's own sum, which is
    /// theirs but for entries by hand.
    func sums(of entity: Int) -> (rules: [(group: UInt32, sum: WeekTally.Sum)], whole: WeekTally.Sum) {
        let own = order[starts[entity]..<starts[entity + 1]].map { events[Int($0)] }
        let hasEntriesByHand = !adjustments.isEmpty && own.contains { adjustments[$0.keyOrder] != nil }
        // Stable: within a rule by time, then key.
        let byRule = own.enumerated()
            .map { (group: numbers.groupOfRule[Int($1.rule)], place: $0, event: $1) }
            .sorted { ($0.group, $0.place) < ($1.group, $1.place) }
        var rules: [(group: UInt32, sum: WeekTally.Sum)] = []
        var start = 0
        while start < byRule.count {
            var end = start
            while end < byRule.count, byRule[end].group == byRule[start].group { end += 1 }
            let events = byRule[start..<end].map(\.event)
            var sum = WeekTally.Sum()
            sum.eventCount = events.count
            for event in events { sum.raw += event.score }
            sum.counted = counted(events)
            rules.append((byRule[start].group, sum))
            start = end
        }
        var whole = WeekTally.Sum()
        for rule in rules { whole += rule.sum }
        if hasEntriesByHand { whole.counted = counted(own) }
        return (rules, whole)
    }

    /// Of one event that is as much as its score, whatever the profile.
    private func counted(_ events: [Event]) -> Double {
        if events.count == 1, events[0].score > 0 { return events[0].score }
        return SlidingScore(events.map(ledgerEvent), profile: profile).counted
    }

    private func ledgerEvent(_ event: Event) -> LedgerEvent {
        if let answered = adjustments[event.keyOrder] {
            return .adjustment(
                timeMicroseconds: event.timeMicroseconds, key: UInt64(bitPattern: event.keyOrder),
                score: event.score, answeredKey: answered.map { UInt64(bitPattern: $0) })
        }
        return LedgerEvent(
            timeMicroseconds: event.timeMicroseconds, key: UInt64(bitPattern: event.keyOrder),
            ruleIndex: numbers.groupOfRule[Int(event.rule)], firing: UInt64(bitPattern: event.firing),
            message: UInt64(bitPattern: event.message), riskScore: event.score, factorAdd: 0, factorMultiply: 1,
            calculatedRiskScore: event.score)
    }
}
