import Columns
import Content
import RiskIndex

/// The throttling of a rule's findings: which tuples of values have opened one, and when.
struct FindingThrottle: Sendable {
    private let rule: IncidentRule
    /// Per throttling tuple the times of the findings there are, ascending.
    private var openedAt: [[Text]: [Int64]] = [:]

    /// - Parameter known: findings in the index; those of other rules are left out.
    init(_ rule: IncidentRule, known: some Sequence<Finding>) {
        self.rule = rule
        for finding in known where finding.ruleID == rule.id {
            let identity = [finding.normalizedRiskObject, finding.riskObjectType]
            if let tuple = tuple(identity, { finding.fields }) {
                openedAt[tuple, default: []].append(finding.timeMicroseconds)
            }
        }
    }

    /// What a row is told apart by: the values of the throttling's fields, without a throttling its entity. Nil for a row
    /// of a Correlation that lacks a field: it is not held back and silences nobody, as with risk events
    /// (docs/decisions/0019).
    func tuple(of row: IncidentRow) -> [Text]? {
        // Nearly every row of a window is held back: its other fields are read only when asked for.
        tuple([row.normalizedRiskObject, row.riskObjectType]) { row.batch.resultFields(row.row) }
    }

    /// A finding of the same tuple less than a period away, on either side: late events must not open a second one
    /// beside a finding that is already there.
    func isSilent(_ tuple: [Text], at tick: Int64) -> Bool {
        guard let period = rule.throttling.map({ Int64($0.periodSeconds) * 1_000_000 }) else {
            return openedAt[tuple]?.contains(tick) ?? false
        }
        return openedAt[tuple]?.contains { abs($0 - tick) < period } ?? false
    }

    mutating func open(_ tuple: [Text], at tick: Int64) { openedAt[tuple, default: []].append(tick) }

    private func tuple(_ identity: [String], _ fields: () -> [ResultField]) -> [Text]? {
        guard let throttling = rule.throttling else { return identity.map { Text($0) } }
        var tuple: [Text] = []
        for name in throttling.fields {
            switch name {
            case rule.entityField: tuple.append(Text(identity[0]))
            case rule.entityTypeField: tuple.append(Text(identity[1]))
            default:
                let values = fields().first { $0.name == name }?.values
                if rule.correlation != nil, values?.isEmpty ?? true { return nil }
                tuple.append(Text(values?.joined(separator: "\n") ?? ""))
            }
        }
        return tuple
    }
}
