import Columns
public import Content
import Matching
public import Risk
import RiskIndex

/// What risk factors would make of stored risk events.
public struct FactorTrial: Sendable {
    public struct Factor: Sendable, Hashable {
        let factor: RiskFactor
        /// Whether the trial has it on; ``isEnabled`` is what the content says.
        public var isOn: Bool
        /// Events for which all conditions hold, also of a factor that is off.
        public var eventCount = 0
        public var entityCount = 0
        /// Events for which it could not be decided; it does not apply there.
        public var undecidedCount = 0

        public init(_ factor: RiskFactor, isOn: Bool) {
            self.factor = factor
            self.isOn = isOn
        }
    }

    public struct Entity: Sendable, Hashable {
        public var identity: EntityIdentity
        /// Sums of calculated scores.
        public var before = 0.0
        public var after = 0.0
        public var changedEventCount = 0

        public init(_ identity: EntityIdentity) { self.identity = identity }
    }

    /// By name.
    public var factors: [Factor]
    public var eventCount = 0
    /// Events to which other factors apply than are stored with them.
    public var changedEventCount = 0
    public var before = 0.0
    public var after = 0.0
    /// Those with a changed event, the largest change first, then by name and type.
    public var entities: [Entity] = []

    public init(_ factors: [Factor]) { self.factors = factors }

    /// - Parameters:
    ///   - edits: get the factors of each event of `range` to which other ones apply than are stored; what they already
    ///     do to scores and rules comes first, as conditions may look at scores.
    ///   - counted: events that the figures are about.
    init(
        _ factors: [Factor], _ scoring: RiskScoring, _ index: RiskIndex, range: Range<Int64>, counted: Range<Int64>,
        edits: inout RiskEdits
    ) throws {
        self.factors = factors.sorted { Text($0.factor.name) < Text($1.factor.name) }
        let board = try FactorSwitchboard(self.factors, scoring)
        let entered = Set(try index.adjustments().answeredKeys.keys)
        let rules = edits
        var tally = FactorTally(count: factors.count)
        var found = edits
        let query = RiskEventQuery(startMicroseconds: range.lowerBound, endMicroseconds: range.upperBound)
        try index.forEachRiskEvent(query, batchSize: 1_000) { batch in
            for stored in batch {
                var event = stored
                guard rules.apply(to: &event) else { continue }
                let isCounted = counted.contains(stored.timeMicroseconds)
                // Who enters a score by hand means that score.
                guard !entered.contains(stored.key) else {
                    if isCounted { tally.add(stored, after: event.calculatedRiskScore) }
                    continue
                }
                let unchanged = event.calculatedRiskScore
                event.forgetFactors()
                let all = event.outcome(of: board.all)
                let outcome = board.outcome(all)
                let factors = RiskEdits.Factors(outcome)
                let isChanged = factors != RiskEdits.Factors(storedWith: stored)
                if isChanged { found.set(factors, of: stored) }
                guard isCounted else { continue }
                tally.add(
                    stored, isChanged: isChanged,
                    after: isChanged ? board.all.factors.calculated(event.riskScore, outcome) : unchanged)
                tally.note(all, of: stored, board)
            }
        }
        edits = found
        tally.fill(&self)
    }
}

/// All factors at once: which hold for an event does not depend on which are on.
private struct FactorSwitchboard {
    let all: RiskScoring
    let numbers: [Text: Int]
    private let isOn: [Bool]

    init(_ factors: [FactorTrial.Factor], _ scoring: RiskScoring) throws {
        let switchedOn = factors.map { trial in
            var factor = trial.factor
            factor.isEnabled = true
            return factor
        }
        do {
            all = RiskScoring(
                matrix: scoring.matrix, resolver: scoring.resolver, factors: try RiskFactorSet(switchedOn))
        } catch {
            throw EngineError("E812", "a risk factor's regular expression cannot be read: \(error.message)")
        }
        numbers = Dictionary(uniqueKeysWithValues: factors.enumerated().map { (Text($1.factor.name), $0) })
        isOn = factors.map(\.isOn)
    }

    /// Only the factors that are on.
    func outcome(_ all: RiskFactorOutcome) -> RiskFactorOutcome {
        var outcome = all
        func isOff(_ name: String) -> Bool { numbers[Text(name)].map { !isOn[$0] } ?? true }
        outcome.additions.removeAll { isOff($0.name) }
        outcome.multipliers.removeAll { isOff($0.name) }
        return outcome
    }
}

private struct FactorTally {
    private var eventCounts: [Int]
    private var undecidedCounts: [Int]
    private var entitiesOfFactor: [Set<EntityIdentity>]
    private var entities: [EntityIdentity: FactorTrial.Entity] = [:]
    private var eventCount = 0
    private var changedEventCount = 0
    private var before = 0.0
    private var after = 0.0

    init(count: Int) {
        eventCounts = [Int](repeating: 0, count: count)
        undecidedCounts = eventCounts
        entitiesOfFactor = [Set<EntityIdentity>](repeating: [], count: count)
    }

    mutating func add(_ stored: RiskEvent, isChanged: Bool = false, after score: Double) {
        let identity = EntityIdentity(stored.normalizedRiskObject, stored.riskObjectType)
        var entity = entities[identity] ?? FactorTrial.Entity(identity)
        entity.before += stored.calculatedRiskScore
        entity.after += score
        entity.changedEventCount += isChanged ? 1 : 0
        entities[identity] = entity
        eventCount += 1
        changedEventCount += isChanged ? 1 : 0
        before += stored.calculatedRiskScore
        after += score
    }

    mutating func note(_ outcome: RiskFactorOutcome, of event: RiskEvent, _ board: FactorSwitchboard) {
        for applied in [outcome.additions, outcome.multipliers].joined() {
            guard let number = board.numbers[Text(applied.name)] else { continue }
            eventCounts[number] += 1
            entitiesOfFactor[number].insert(EntityIdentity(event.normalizedRiskObject, event.riskObjectType))
        }
        for undecided in outcome.undecided {
            if let number = board.numbers[Text(undecided.name)] { undecidedCounts[number] += 1 }
        }
    }

    func fill(_ trial: inout FactorTrial) {
        for number in trial.factors.indices {
            trial.factors[number].eventCount = eventCounts[number]
            trial.factors[number].entityCount = entitiesOfFactor[number].count
            trial.factors[number].undecidedCount = undecidedCounts[number]
        }
        trial.eventCount = eventCount
        trial.changedEventCount = changedEventCount
        trial.before = before
        trial.after = after
        trial.entities = entities.values.filter { $0.changedEventCount > 0 }.sorted { left, right in
            let (first, second) = (abs(left.after - left.before), abs(right.after - right.before))
            return first != second ? first > second : left.identity < right.identity
        }
    }
}
