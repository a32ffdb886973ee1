import Columns
public import Content
public import RiskIndex

// The life of a finding here is Splunk's: a snapshot when the rule first holds, then silence for the throttling period.
// The recommended profile has FindingTracker.

/// Turns the result rows of a risk incident rule into findings, and holds back those that a recent one covers.
public struct IncidentFinder: Sendable {
    private let rule: IncidentRule
    private let snapshots: FindingSnapshots
    /// Per throttling tuple the times of the findings there are, ascending.
    private var openedAt: [[Text]: [Int64]] = [:]

    /// - Parameter known: the rule's findings in the index.
    public init(_ rule: IncidentRule, profile: ScoringProfile, known: [Finding]) {
        self.rule = rule
        snapshots = FindingSnapshots(rule, profileName: profile.name)
        for finding in known where finding.ruleID == rule.id {
            let tuple = [finding.normalizedRiskObject, finding.riskObjectType]
            openedAt[throttleTuple(tuple) { finding.fields }, default: []].append(finding.timeMicroseconds)
        }
    }

    /// - Parameter window: asked for only when the row is not held back.
    public mutating func finding(
        _ row: IncidentRow, at run: IncidentWindow, window: () throws -> EntityWindow
    ) rethrows -> FindingLife? {
        // Nearly every row of a window is held back: its other fields are read only when asked for.
        let tuple = throttleTuple([row.normalizedRiskObject, row.riskObjectType]) { row.batch.resultFields(row.row) }
        guard !isHeldBack(tuple, at: run.tickMicroseconds) else { return nil }
        openedAt[tuple, default: []].append(run.tickMicroseconds)
        let snapshot = Snapshot(row, try window(), run)
        return snapshots.life(
            snapshot, code: "threshold", reason: snapshots.thresholdReason(row, snapshot.window))
    }

    /// A finding of the same tuple less than a period away, on either side: late events must not open a second one
    /// beside a finding that is already there.
    private func isHeldBack(_ tuple: [Text], at tick: Int64) -> Bool {
        guard let period = rule.throttling.map({ Int64($0.periodSeconds) * 1_000_000 }) else {
            return openedAt[tuple]?.contains(tick) ?? false
        }
        return openedAt[tuple]?.contains { abs($0 - tick) < period } ?? false
    }

    private func throttleTuple(_ identity: [String], _ fields: () -> [ResultField]) -> [Text] {
        guard let throttling = rule.throttling else { return identity.map { Text($0) } }
        return throttling.fields.map { name in
            switch name {
            case rule.entityField: Text(identity[0])
            case rule.entityTypeField: Text(identity[1])
            default: Text(fields().first { $0.name == name }?.values.joined(separator: "\n") ?? "")
            }
        }
    }
}
