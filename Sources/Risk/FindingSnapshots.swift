import Columns
import Content
import Formats
import RiskIndex

/// A row for which the rule holds, with the events behind it.
struct Snapshot {
    let row: IncidentRow
    let window: EntityWindow
    let run: IncidentWindow

    init(_ row: IncidentRow, _ window: EntityWindow, _ run: IncidentWindow) {
        self.row = row
        self.window = window
        self.run = run
    }
}

/// What a finding and its steps say, for one incident rule.
struct FindingSnapshots: Sendable {
    static let unchanged = "unchanged"

    private let rule: IncidentRule
    private let profileName: String
    private let title: MessageTemplate

    init(_ rule: IncidentRule, profileName: String) {
        self.rule = rule
        self.profileName = profileName
        title = MessageTemplate(rule.title)
    }

    /// A new life, with its first step.
    func life(_ snapshot: Snapshot, code: String, reason: String) -> FindingLife {
        FindingLife(
            finding: finding(snapshot, reason: reason), changes: [change(snapshot, .opened, code, reason)])
    }

    /// The finding's identity.
    func key(_ row: IncidentRow, _ run: IncidentWindow) -> String {
        var parts = [rule.id, row.normalizedRiskObject, row.riskObjectType, String(run.tickMicroseconds)]
        // Splunk's profile came first: its keys stay what they were. It has a finding for each row of a Correlation.
        if profileName != ScoringProfile.splunk.name { parts.append(profileName) } else { parts += row.identity }
        return SHA256.hexDigest(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }

    func finding(_ snapshot: Snapshot, reason: String) -> Finding {
        let (row, window, run) = (snapshot.row, snapshot.window, snapshot.run)
        var missing: Set<String> = []
        let named = row.batch["all_risk_objects", row.row].elements.compactMap { $0.printed?.string }
        var finding = Finding(
            key: key(row, run), timeMicroseconds: run.tickMicroseconds,
            windowStartMicroseconds: run.startMicroseconds, windowEndMicroseconds: run.endMicroseconds,
            searchName: rule.searchName, ruleID: rule.id,
            riskObject: row.riskObject ?? row.text(rule.entityNameField) ?? row.normalizedRiskObject,
            allRiskObjects: named.isEmpty ? row.riskObject.map { [$0] } ?? [] : named,
            normalizedRiskObject: row.normalizedRiskObject, riskObjectType: row.riskObjectType,
            riskScore: row.riskScore, riskEventCount: row.count("risk_event_count") ?? window.keys.count,
            sourceCount: sourceCount(row, window),
            mitreTacticIDCount: row.count("mitre_tactic_id_count") ?? 0,
            mitreTechniqueIDCount: row.count("mitre_technique_id_count") ?? 0, severity: row.severity, reason: reason,
            title: title.filled(missing: &missing) { row.token($0) }, riskEventKeys: window.keys,
            fields: row.batch.resultFields(row.row))
        finding.profile = profileName
        finding.rawRiskScore = window.rawRiskScore
        finding.countedRiskScore = window.countedRiskScore
        finding.stateTimeMicroseconds = run.tickMicroseconds
        return finding
    }

    func change(_ snapshot: Snapshot, _ state: FindingState, _ code: String, _ reason: String) -> FindingChange {
        change(
            snapshot.window, snapshot.run, state, code, reason, riskScore: snapshot.row.riskScore,
            severity: snapshot.row.severity)
    }

    private func change(
        _ window: EntityWindow, _ run: IncidentWindow, _ state: FindingState, _ code: String, _ reason: String,
        riskScore: Double, severity: String
    ) -> FindingChange {
        FindingChange(
            timeMicroseconds: run.tickMicroseconds, state: state, reasonCode: code, reason: reason,
            windowStartMicroseconds: run.startMicroseconds, windowEndMicroseconds: run.endMicroseconds,
            riskScore: riskScore, rawRiskScore: window.rawRiskScore, countedRiskScore: window.countedRiskScore,
            riskEventCount: window.keys.count, severity: severity, sources: window.sources, tactics: window.tactics,
            threatObjects: window.threatObjects)
    }

    /// The rule holds and nothing is new: by events of known kinds, by what slid out, or not at all.
    func held(_ snapshot: Snapshot, newKeyCount: Int, _ life: FindingLife) -> FindingChange {
        let score = snapshot.row.riskScore
        let before = life.changes.last?.riskScore ?? life.finding.riskScore
        let scores = "\(number(before)) to \(number(score))"
        if newKeyCount > 0 {
            let events = "\(newKeyCount) more risk event\(newKeyCount == 1 ? "" : "s")"
            return change(
                snapshot, .held, "known_rules",
                "\(events) of rules, tactics and threat objects that were shown, \(scores)")
        }
        if life.changes.last.map({ $0.riskEventCount != snapshot.window.keys.count || $0.riskScore != score }) ?? true {
            return change(snapshot, .held, "slide_out", "no new risk event, old ones slid out of the window, \(scores)")
        }
        return change(snapshot, .held, Self.unchanged, "no new risk event")
    }

    func closing(_ life: FindingLife, _ window: EntityWindow, _ run: IncidentWindow) -> FindingChange {
        let count = window.keys.count
        let reason =
            "the rule does not hold any more: risk score \(number(window.countedRiskScore)) from \(count) risk "
            + "event\(count == 1 ? "" : "s") in the window"
        return change(
            window, run, .closed, "below", reason, riskScore: window.countedRiskScore,
            severity: life.changes.last?.severity ?? life.finding.severity)
    }

    func thresholdReason(_ row: IncidentRow, _ window: EntityWindow) -> String {
        let count = row.count("risk_event_count") ?? window.keys.count
        let sources = sourceCount(row, window)
        return "risk score \(number(row.riskScore)) from \(count) risk event\(count == 1 ? "" : "s") of "
            + "\(sources) rule\(sources == 1 ? "" : "s") in the window"
    }

    private func sourceCount(_ row: IncidentRow, _ window: EntityWindow) -> Int {
        row.count("source_count") ?? (rule.correlation == nil ? 0 : window.sources.count)
    }

    func number(_ value: Double) -> String { NumberText.print(value) }
}
