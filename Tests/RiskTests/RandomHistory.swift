import Risk

/// SplitMix64: the same seed, the same histories, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Histories of one entity with few rules, firings, messages, times and scores, so that they meet in every stage.
enum RandomHistory {
    static let profiles = [
        ScoringProfile.splunk, .recommended, .capped(factor: 2), .capped(factor: 3), .tenMessages,
        ScoringProfile(
            name: "all", oncePerFiring: true, dedupMessages: true, messageLimit: 2, capFactor: 1.5, tiesAnswers: true),
        ScoringProfile(
            name: "limit", oncePerFiring: false, dedupMessages: false, messageLimit: 3, capFactor: nil,
            tiesAnswers: true),
        ScoringProfile(
            name: "untied", oncePerFiring: true, dedupMessages: false, capFactor: 2, tiesAnswers: false),
    ]

    private static let scores: [Double] = [0, 5, 5, 10, 20, 20, 20, 33.3, 0.1, 62.5, 80, -5, -0.7]

    static func events(_ count: Int, _ generator: inout SeededGenerator, scale: Int = 1) -> [LedgerEvent] {
        let keys = (0..<UInt64(count)).shuffled(using: &generator)
        return keys.map { key in
            let time = Int64.random(in: 0..<Int64(12 * scale), using: &generator)
            guard Int.random(in: 0..<6, using: &generator) > 0 else {
                // An answer now and then precedes its event, or answers what is not there.
                let answered = UInt64.random(in: 0..<UInt64(count + 2), using: &generator)
                return .adjustment(
                    timeMicroseconds: time, key: key, score: [-20, -5, -80, -0.3, 7].randomElement(using: &generator)!,
                    answeredKey: Int.random(in: 0..<4, using: &generator) == 0 ? nil : answered)
            }
            return LedgerEvent(
                timeMicroseconds: time, key: key, ruleIndex: .random(in: 0..<3, using: &generator),
                firing: .random(in: 0..<UInt64(8 * scale), using: &generator),
                message: .random(in: 0..<UInt64(4 * scale), using: &generator),
                riskScore: scores.randomElement(using: &generator)!,
                factorAdd: Bool.random(using: &generator) ? 0 : 1.5,
                factorMultiply: Bool.random(using: &generator) ? 1 : 1.25)
        }
    }
}

/// The closed form, written down without regard to time: what every other way of counting is compared with.
enum ReferenceScore {
    static func counted(_ events: [LedgerEvent], _ profile: ScoringProfile) -> Double {
        var total = 0.0
        var scored: [(event: LedgerEvent, score: Double)] = []
        for event in events {
            let score = event.calculatedRiskScore
            if event.isAdjustment {
                if event.answeredKey == nil || !profile.tiesAnswers { total += score }
            } else {
                let answers = events.filter { $0.answeredKey == event.key }.map(\.calculatedRiskScore).reduce(0, +)
                scored.append((event, profile.tiesAnswers ? max(min(score, 0), score + answers) : score))
            }
        }
        for rule in Set(scored.map(\.event.ruleIndex)) {
            var left = scored.filter { $0.event.ruleIndex == rule }
            if profile.oncePerFiring { left = highest(left, by: \.firing) }
            if profile.dedupMessages { left = highest(left, by: \.message) }
            var positive = left.map(\.score).filter { $0 > 0 }.sorted(by: >)
            if let limit = profile.messageLimit { positive = Array(positive.prefix(limit)) }
            var sum = positive.reduce(0, +)
            if let factor = profile.capFactor { sum = min(sum, factor * (positive.first ?? 0)) }
            total += sum + left.map(\.score).filter { $0 < 0 }.reduce(0, +)
        }
        return total
    }

    static func raw(_ events: [LedgerEvent]) -> Double { events.map(\.calculatedRiskScore).reduce(0, +) }

    private static func highest(
        _ scored: [(event: LedgerEvent, score: Double)], by id: (LedgerEvent) -> UInt64
    ) -> [(event: LedgerEvent, score: Double)] {
        Dictionary(grouping: scored) { id($0.event) }.values.map { group in
            group.min { left, right in
                if left.score != right.score { return left.score > right.score }
                return (left.event.timeMicroseconds, left.event.key) < (right.event.timeMicroseconds, right.event.key)
            }!
        }
    }
}

func isNear(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-9 * max(1, abs(left)) }
