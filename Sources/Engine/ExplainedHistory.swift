import Columns
import Risk
import RiskIndex

/// The events of all entities of one name, as columns.
struct EntityEvents {
    let columns: RiskColumns
    let dimensions: RiskDimensions
    let suppressions: SuppressionSet
    let schedules: [ThresholdSchedule]
    /// Incident rules that no schedule stands for.
    let otherRules: [String]
    private let adjustments: Adjustments

    init(
        _ query: RiskEventQuery, _ index: RiskIndex, schedules: [ThresholdSchedule], otherRules: [String]
    ) throws {
        (columns, dimensions) = try index.riskColumnsAndDimensions(
            query, RiskColumns.ledgerParts.union(.threatObjects))
        suppressions = SuppressionSet(try index.suppressions())
        adjustments = try index.adjustments()
        self.schedules = schedules
        self.otherRules = otherRules
    }

    private func entity(_ row: Int) -> EntityIdentity? {
        dimensions.riskObject(Int(columns.riskObjects[row])).map {
            EntityIdentity($0.normalizedRiskObject, $0.riskObjectType)
        }
    }

    /// Sorted.
    var entities: [EntityIdentity] { Set(columns.riskObjects.indices.compactMap(entity)).sorted() }

    /// - Parameter time: when suppressions are looked at.
    func history(of entity: EntityIdentity, at time: Int64) -> ExplainedHistory {
        let rows = columns.riskObjects.indices.filter { self.entity($0) == entity }
        return ExplainedHistory(
            columns: columns, dimensions: dimensions, suppressions: suppressions,
            events: rows.map { columns.ledgerEvent($0, dimensions, adjustments) }, rows: rows, at: time)
    }
}

/// The events of one entity, and what silences them.
struct ExplainedHistory {
    let columns: RiskColumns
    let dimensions: RiskDimensions
    let suppressions: SuppressionSet
    let rowOfKey: [UInt64: Int]
    /// By key, the number of what silences it.
    let suppression: [UInt64: Int]
    /// Of the entity, by time.
    let all: [LedgerEvent]

    init(
        columns: RiskColumns, dimensions: RiskDimensions, suppressions: SuppressionSet, events: [LedgerEvent],
        rows: [Int], at time: Int64
    ) {
        self.columns = columns
        self.dimensions = dimensions
        self.suppressions = suppressions
        all = events
        rowOfKey = Dictionary(zip(events.map(\.key), rows)) { first, _ in first }
        suppression = Self.silencers(suppressions.active(at: time), suppressions, columns, dimensions, rowOfKey)
    }

    /// By key, the number of what silences an event while the given suppressions last.
    func silencers(of active: [Int]) -> [UInt64: Int] {
        Self.silencers(active, suppressions, columns, dimensions, rowOfKey)
    }

    private static func silencers(
        _ active: [Int], _ suppressions: SuppressionSet, _ columns: RiskColumns, _ dimensions: RiskDimensions,
        _ rowOfKey: [UInt64: Int]
    ) -> [UInt64: Int] {
        guard !active.isEmpty else { return [:] }
        let silencers = suppressions.silencers(active, columns, dimensions)
        return rowOfKey.compactMapValues { silencers[$0] }
    }

    /// Those in `start <= _time < end`.
    func events(start: Int64, end: Int64) -> [LedgerEvent] {
        all.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
    }

    /// The plain sum of `start <= _time < end`, silenced events too.
    func raw(start: Int64, end: Int64) -> Double {
        SlidingScore(events(start: start, end: end), profile: .splunk).totals.raw
    }

    /// Keys of the events that the given suppressions silence.
    func suppressed(by active: [Int]) -> Set<UInt64> { Set(silencers(of: active).keys) }

    func silencers(of events: [LedgerEvent]) -> [EntityExplanation.Silencer] {
        var counts: [Int: Int] = [:]
        for event in events {
            if let number = suppression[event.key] { counts[number, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { number, count in
            EntityExplanation.Silencer(suppression: suppressions[number], riskEventCount: count)
        }
    }

    func ruleName(_ ruleIndex: UInt32) -> String { dimensions.rule(Int(ruleIndex))?.searchName ?? "" }

    /// `risk_event_id`.
    func name(ofKey key: UInt64) -> String {
        guard let row = rowOfKey[key] else {
            let digits = String(key, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return String(columns.keys[row].prefix(16))
    }

    /// Numbers of its threat objects.
    func threats(of event: LedgerEvent) -> [UInt32] {
        guard let row = rowOfKey[event.key] else { return [] }
        return columns.threatLists[Int(columns.threatListIDs[row])]
    }
}
