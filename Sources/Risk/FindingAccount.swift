public import RiskIndex

/// The account of a finding's whole life: each risk event of its windows once, in the step in which it joined.
///
/// The amount of a line is what its event made of the counted sum when it came: over the window of its step, without what
/// had left that window by then. So the running sums at the end of a step are the sums of its window, and sums fall from
/// step to step by what slid out.
public struct FindingAccount: Sendable {
    public struct Line: Sendable, Hashable {
        public var ledger: LedgerLine
        /// In ``steps``.
        public var step: Int
        /// The number of what silenced the event then.
        public var silencer: Int?
    }

    public let steps: [LifeStep]
    /// By step, then as ledgers are ordered.
    public let lines: [Line]
    /// Of events that stand in windows of the finding, but came after its runs had looked at them: they count nothing, and
    /// are in no sum. In ledger order.
    public let lateLines: [LedgerLine]
    /// How many of the finding's own events are not among those of its entity.
    public let absentEventCount: Int
    private let events: [LedgerEvent]
    private let stepOfEvent: [Int?]
    private let silencers: [[UInt64: Int]]

    /// - Parameters:
    ///   - events: of the finding's entity, at least those that its windows reach; any order, keys distinct.
    ///   - silencers: by event key, the number of what silences it at a time (UTC microseconds).
    public init(
        _ life: FindingLife, _ events: some Sequence<LedgerEvent>, profile: ScoringProfile,
        silencers: (Int64) -> [UInt64: Int]
    ) {
        let (steps, events) = (life.steps, events.inLedgerOrder())
        let named = life.finding.riskEventKeys.map(LedgerEvent.number(ofKey:))
        self.steps = steps
        self.events = events
        self.silencers = steps.map { silencers($0.tickMicroseconds) }
        stepOfEvent = FindingJoins(steps, events, named: named, silencers: self.silencers).stepOfEvent
        let (stepOfEvent, keys) = (stepOfEvent, Set(events.map(\.key)))
        absentEventCount = Set(named).subtracting(keys).count
        var walk = LifeWalk(steps, events, stepOfEvent, self.silencers, profile: profile)
        let lines = steps.indices.flatMap { walk.lines(of: $0) }
        self.lines = lines
        lateLines = events.indices.filter { index in
            stepOfEvent[index] == nil && steps.contains { $0.reaches(events[index].timeMicroseconds) }
        }.map { index in
            LedgerLine(
                event: events[index], counted: 0, reasons: [], runningRaw: lines.last?.ledger.runningRaw ?? 0,
                runningCounted: lines.last?.ledger.runningCounted ?? 0)
        }
    }

    /// What the window of a step held, as far as it had joined by then, silenced events too.
    public func events(at step: Int) -> [LedgerEvent] {
        events.indices.filter { index in
            stepOfEvent[index].map { $0 <= step } ?? false && steps[step].holds(events[index].timeMicroseconds)
        }.map { events[$0] }
    }

    /// The number of what silenced an event at a step.
    public func silencer(of event: LedgerEvent, at step: Int) -> Int? { silencers[step][event.key] }
}

/// A score that goes through the steps of a life.
private struct LifeWalk {
    private let steps: [LifeStep]
    private let events: [LedgerEvent]
    private let stepOfEvent: [Int?]
    private let silencers: [[UInt64: Int]]
    private let indicesOfStep: [[Int]]
    private var raw = ExactSum()
    private var score: SlidingScore
    private var isPresent: [Bool]
    private var isScored: [Bool]
    /// Events before it are not in the window.
    private var first = 0

    init(
        _ steps: [LifeStep], _ events: [LedgerEvent], _ stepOfEvent: [Int?], _ silencers: [[UInt64: Int]],
        profile: ScoringProfile
    ) {
        self.steps = steps
        self.events = events
        self.stepOfEvent = stepOfEvent
        self.silencers = silencers
        score = SlidingScore(profile: profile)
        isPresent = Array(repeating: false, count: events.count)
        isScored = isPresent
        var indices: [[Int]] = Array(repeating: [], count: steps.count)
        for (index, step) in stepOfEvent.enumerated() {
            if let step { indices[step].append(index) }
        }
        indicesOfStep = indices
    }

    /// Steps must come in their order.
    mutating func lines(of number: Int) -> [FindingAccount.Line] {
        guard let earliest = indicesOfStep[number].first else { return [] }
        enter(number, start: start(for: earliest, number))
        return indicesOfStep[number].map { index in
            let event = events[index]
            leave(before: start(for: index, number))
            raw += ExactSum(event.calculatedRiskScore)
            isPresent[index] = true
            first = min(first, index)
            if let silencer = silencers[number][event.key] {
                let line = LedgerLine(
                    event: event, counted: 0, reasons: [.suppressed(by: silencer)], runningRaw: raw.value,
                    runningCounted: score.counted)
                return FindingAccount.Line(ledger: line, step: number, silencer: silencer)
            }
            var line = LedgerLine.adding(event, to: &score)
            line.runningRaw = raw.value
            isScored[index] = true
            return FindingAccount.Line(ledger: line, step: number, silencer: nil)
        }
    }

    /// Where the window begins in which an event joined: the step's, unless only an earlier run of the step saw it.
    private func start(for index: Int, _ number: Int) -> Int64 {
        let (step, time) = (steps[number], events[index].timeMicroseconds)
        guard time < step.windowStartMicroseconds else { return step.windowStartMicroseconds }
        let (length, isOpen) = step.windowEndMicroseconds.subtractingReportingOverflow(step.windowStartMicroseconds)
        let (start, isTooEarly) = time.subtractingReportingOverflow(length)
        return isOpen || isTooEarly ? .min : start + 1
    }

    /// What joined before and stands in the step's window.
    private mutating func enter(_ number: Int, start: Int64) {
        let end = steps[number].windowEndMicroseconds
        for index in events.indices {
            guard let joined = stepOfEvent[index], joined < number else { continue }
            let time = events[index].timeMicroseconds
            let isIn = time >= start && time < end
            place(index, isIn: isIn, isCounted: isIn && silencers[number][events[index].key] == nil)
        }
        first = events.indices.first { isPresent[$0] } ?? events.count
    }

    private mutating func leave(before start: Int64) {
        while first < events.count, events[first].timeMicroseconds < start {
            place(first, isIn: false, isCounted: false)
            first += 1
        }
    }

    private mutating func place(_ index: Int, isIn: Bool, isCounted: Bool) {
        let event = events[index]
        if isIn != isPresent[index] {
            raw += ExactSum(isIn ? event.calculatedRiskScore : -event.calculatedRiskScore)
            isPresent[index] = isIn
        }
        guard isCounted != isScored[index] else { return }
        if isCounted { score.add(event) } else { score.remove(event) }
        isScored[index] = isCounted
    }
}
