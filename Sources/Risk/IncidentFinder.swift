import Columns
public import Content
public import RiskIndex

// The life of a finding here is Splunk's: a snapshot when the rule first holds, then silence for the throttling period.
// The recommended profile has FindingTracker.

/// Turns the result rows of a risk incident rule into findings, and holds back those that a recent one covers.
public struct IncidentFinder: Sendable {
    private let rule: IncidentRule
    private let snapshots: FindingSnapshots
    private var throttle: FindingThrottle
    /// Of a Correlation, whose rows are findings each: the keys there are.
    private var keys: Set<String> = []
    /// Rows of a Correlation that its throttling held back.
    public private(set) var throttledCount = 0

    /// - Parameter known: the rule's findings in the index.
    public init(_ rule: IncidentRule, profile: ScoringProfile, known: [Finding]) {
        self.rule = rule
        snapshots = FindingSnapshots(rule, profileName: profile.name)
        throttle = FindingThrottle(rule, known: known)
        if rule.correlation != nil { keys = Set(known.map(\.key)) }
    }

    /// - Parameter window: asked for only when the row is not held back.
    public mutating func finding(
        _ row: IncidentRow, at run: IncidentWindow, window: () throws -> EntityWindow
    ) rethrows -> FindingLife? {
        let tuple = throttle.tuple(of: row)
        if rule.correlation != nil {
            guard keys.insert(snapshots.key(row, run)).inserted else { return nil }
            if let tuple, rule.throttling != nil, throttle.isSilent(tuple, at: run.tickMicroseconds) {
                throttledCount += 1
                return nil
            }
        } else if let tuple, throttle.isSilent(tuple, at: run.tickMicroseconds) {
            return nil
        }
        if let tuple { throttle.open(tuple, at: run.tickMicroseconds) }
        let snapshot = Snapshot(row, try window(), run)
        return snapshots.life(
            snapshot, code: "threshold", reason: snapshots.thresholdReason(row, snapshot.window))
    }
}
