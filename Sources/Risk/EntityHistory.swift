import Columns
public import RiskIndex

/// The risk events of one entity, with what a finding needs of them, cut into windows.
public struct EntityHistory: Sendable {
    private let columns: RiskColumns
    private let dimensions: RiskDimensions
    private let profile: ScoringProfile
    private let isCounted: [Bool]
    private let adjustments: Adjustments

    /// What the index must give.
    public static let parts: RiskColumnParts = RiskColumns.ledgerParts.union(.threatObjects)

    /// - Parameters:
    ///   - columns: with ``parts``; events of other entities, whose names differ by case only, are left out.
    ///   - adjustments: the entries by hand of the index.
    ///   - isSuppressed: of each event; suppressed events are not there.
    public init(
        _ entity: EntityIdentity, _ columns: RiskColumns, _ dimensions: RiskDimensions, profile: ScoringProfile,
        adjustments: Adjustments,
        isSuppressed: (Int) -> Bool = { _ in false }
    ) {
        self.columns = columns
        self.dimensions = dimensions
        self.profile = profile
        self.adjustments = adjustments
        isCounted = (0..<columns.count).map { row in
            guard let object = dimensions.riskObject(Int(columns.riskObjects[row])) else { return false }
            return EntityIdentity(object.normalizedRiskObject, object.riskObjectType) == entity && !isSuppressed(row)
        }
    }

    /// What the entity looks like in `start <= _time < end` (UTC microseconds).
    public func window(start: Int64, end: Int64) -> EntityWindow {
        let first = columns.timesMicroseconds.firstIndex(atOrAfter: start)
        let last = columns.timesMicroseconds.firstIndex(atOrAfter: end)
        let rows = first < last ? (first..<last).filter { isCounted[$0] } : []
        var sources: Set<Text> = []
        var tactics: Set<Text> = []
        for number in Set(rows.map { columns.rules[$0] }) {
            guard let rule = dimensions.rule(Int(number)) else { continue }
            sources.insert(Text(rule.searchName))
            tactics.formUnion(rule.annotation("mitre_attack.mitre_tactic").map { Text($0) })
        }
        var threats: Set<ThreatKey> = []
        for list in Set(rows.map { columns.threatListIDs[$0] }) {
            for number in columns.threatLists[Int(list)] {
                if let threat = dimensions.threatObject(Int(number)) { threats.insert(ThreatKey(threat)) }
            }
        }
        let totals = SlidingScore(
            rows.map { columns.ledgerEvent($0, dimensions, adjustments) }, profile: profile
        ).totals
        return EntityWindow(
            keys: rows.map { columns.keys[$0] }, sources: sources.sorted().map(\.string),
            tactics: tactics.sorted().map(\.string),
            threatObjects: threats.sorted().map { ThreatObject(value: $0.value.string, type: $0.type.string) },
            rawRiskScore: totals.raw, countedRiskScore: totals.counted,
            newestMicroseconds: rows.last.map { columns.timesMicroseconds[$0] })
    }
}

/// What an entity looks like in one window.
public struct EntityWindow: Sendable, Hashable {
    /// Keys of its risk events, by time, then key.
    public var keys: [String]
    /// Each sorted.
    public var sources: [String]
    public var tactics: [String]
    public var threatObjects: [ThreatObject]
    /// Plain sum, and what of it counts under the profile.
    public var rawRiskScore: Double
    public var countedRiskScore: Double
    /// Time of its newest risk event; nil without any.
    public var newestMicroseconds: Int64?
}

/// A threat object in byte order.
private struct ThreatKey: Hashable, Comparable {
    var value: Text
    var type: Text

    init(_ object: ThreatObject) {
        value = Text(object.value)
        type = Text(object.type)
    }

    static func < (lhs: ThreatKey, rhs: ThreatKey) -> Bool { (lhs.value, lhs.type) < (rhs.value, rhs.type) }
}

extension Array where Element == Int64 {
    /// Index of the first element that is not below `bound`, in an ascending array.
    public func firstIndex(atOrAfter bound: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
