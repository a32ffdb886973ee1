import Columns
import Content
import Formats
import Risk
import RiskIndex
import SPL

/// An incident rule whose threshold is a macro, with its schedule.
struct ThresholdSchedule {
    static let macro = "risk_threshold"

    let rule: IncidentRule
    let replay: Replay
    /// What the macro says; nil when it is no number.
    let threshold: Double?

    /// The profile's rules that compare with the macro, in the content's order.
    static func all(_ content: LoadedContent, _ profile: RiskProfile, zone: TimeZoneRules) throws -> [ThresholdSchedule]
    {
        let macro = content.catalog.macros.first { $0.name == Self.macro && $0.arguments.isEmpty }
        let threshold = macro.flatMap { NumberText.parse(Array($0.definition.utf8)) }
        return try content.catalog.incidentRules(of: profile)
            .filter { $0.search.contains("`\(Self.macro)`") }
            .map { rule in
                ThresholdSchedule(
                    rule: rule,
                    replay: try Replay(
                        cron: rule.schedule.cron, earliest: rule.schedule.earliest, latest: rule.schedule.latest,
                        zone: zone), threshold: threshold)
            }
    }

    /// Length of the rule's window, as of 1970; at least a microsecond.
    var windowMicroseconds: Int64 {
        let window = replay.window(atMicroseconds: 0)
        return max(1, window.endMicroseconds.subtracting(window.startMicroseconds))
    }

    /// Start of the window of a run at a time.
    func start(before time: Int64) -> Int64 { replay.window(atMicroseconds: time).startMicroseconds }
}

/// The events of all entities of one name, as columns.
struct EntityEvents {
    let columns: RiskColumns
    let dimensions: RiskDimensions
    let suppressions: SuppressionSet
    let schedules: [ThresholdSchedule]
    private let adjustments: Adjustments

    init(_ query: RiskEventQuery, _ index: RiskIndex, schedules: [ThresholdSchedule]) throws {
        (columns, dimensions) = try index.riskColumnsAndDimensions(
            query, RiskColumns.ledgerParts.union(.threatObjects))
        suppressions = SuppressionSet(try index.suppressions())
        adjustments = try index.adjustments()
        self.schedules = schedules
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
    /// By time.
    private let all: [LedgerEvent]

    init(
        columns: RiskColumns, dimensions: RiskDimensions, suppressions: SuppressionSet, events: [LedgerEvent],
        rows: [Int], at time: Int64
    ) {
        self.columns = columns
        self.dimensions = dimensions
        self.suppressions = suppressions
        all = events
        rowOfKey = Dictionary(zip(events.map(\.key), rows)) { first, _ in first }
        let active = suppressions.active(at: time)
        let silencers = active.isEmpty ? [] : suppressions.silencers(active, columns, dimensions)
        var suppression: [UInt64: Int] = [:]
        for (event, row) in zip(events, rows) where !silencers.isEmpty { suppression[event.key] = silencers[row] }
        self.suppression = suppression
    }

    /// Those in `start <= _time < end`.
    func events(start: Int64, end: Int64) -> [LedgerEvent] {
        all.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
    }

    /// Keys of the events that the given suppressions silence.
    func suppressed(by active: [Int]) -> Set<UInt64> {
        guard !active.isEmpty else { return [] }
        let silencers = suppressions.silencers(active, columns, dimensions)
        return Set(rowOfKey.filter { silencers[$0.value] != nil }.keys)
    }

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
