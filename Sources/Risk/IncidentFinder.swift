public import Columns
public import Content
import Formats
public import RiskIndex

// The life of a finding here is Splunk's: a snapshot when the rule first holds, then silence for the throttling
// period. Change-aware re-alerting belongs to another profile.

/// Turns the result rows of a risk incident rule into findings, and holds back those that a recent one covers.
public struct IncidentFinder: Sendable {
    private let rule: IncidentRule
    private let title: MessageTemplate
    /// Per throttling tuple the times of the findings there are, ascending.
    private var openedAt: [[Text]: [Int64]] = [:]

    /// What a finding keeps of a risk event in its window.
    public struct Member: Sendable {
        let key: String
        // Bytes: String compares composed and decomposed letters as equal, the index does not.
        let object: Text
        let type: Text

        public init(_ event: RiskEvent) {
            key = event.key
            object = Text(event.normalizedRiskObject)
            type = Text(event.riskObjectType)
        }
    }

    /// - Parameter known: the rule's findings in the index.
    public init(_ rule: IncidentRule, known: [Finding]) {
        self.rule = rule
        title = MessageTemplate(rule.title)
        for finding in known where finding.ruleID == rule.id {
            let tuple = [finding.normalizedRiskObject, finding.riskObjectType]
            openedAt[throttleTuple(tuple) { finding.fields }, default: []].append(finding.timeMicroseconds)
        }
    }

    /// - Parameters:
    ///   - batch: what the rule's search returned for the window.
    ///   - members: the risk events of the window, by time then key.
    public mutating func findings(
        in batch: Batch, members: ArraySlice<Member>, windowStart: Int64, windowEnd: Int64, tick: Int64
    ) -> [Finding] {
        var found: [Finding] = []
        for row in 0..<batch.rowCount {
            guard let object = batch.printedText(rule.entityField, row) else { continue }
            let type = batch.printedText(rule.entityTypeField, row) ?? "other"
            // Nearly every row of a window is held back: its other fields are read only when asked for.
            let tuple = throttleTuple([object, type]) { batch.resultFields(row) }
            guard !isHeldBack(tuple, at: tick) else { continue }
            let fields = batch.resultFields(row)
            openedAt[tuple, default: []].append(tick)
            let (objectText, typeText) = (Text(object), Text(type))
            let keys = members.filter { $0.object == objectText && $0.type == typeText }.map(\.key)
            found.append(
                finding(
                    batch, row, object: object, type: type, keys: keys, fields: fields,
                    windowStart: windowStart, windowEnd: windowEnd, tick: tick))
        }
        return found
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

    private func finding(
        _ batch: Batch, _ row: Int, object: String, type: String, keys: [String], fields: [ResultField],
        windowStart: Int64, windowEnd: Int64, tick: Int64
    ) -> Finding {
        let identity = [rule.id, object, type, String(tick)].map { "\($0.utf8.count):\($0)" }.joined()
        let score = batch["risk_score", row].numeric ?? 0
        let count = Int(batch["risk_event_count", row].numeric ?? Double(keys.count))
        let sources = Int(batch["source_count", row].numeric ?? 0)
        var missing: Set<String> = []
        let name = batch.printedText(rule.entityNameField, row) ?? object
        let reason =
            "risk score \(NumberText.print(score)) from \(count) risk event\(count == 1 ? "" : "s") of "
            + "\(sources) rule\(sources == 1 ? "" : "s") in the window"
        return Finding(
            key: SHA256.hexDigest(Array(identity.utf8)), timeMicroseconds: tick,
            windowStartMicroseconds: windowStart, windowEndMicroseconds: windowEnd, searchName: rule.searchName,
            ruleID: rule.id, riskObject: name,
            allRiskObjects: batch["all_risk_objects", row].elements.compactMap { $0.printed?.string },
            normalizedRiskObject: object, riskObjectType: type, riskScore: score, riskEventCount: count,
            sourceCount: sources, mitreTacticIDCount: Int(batch["mitre_tactic_id_count", row].numeric ?? 0),
            mitreTechniqueIDCount: Int(batch["mitre_technique_id_count", row].numeric ?? 0),
            severity: rule.severityField.flatMap { batch.printedText($0, row) } ?? "medium", reason: reason,
            title: title.filled(missing: &missing) { batch.printedText($0, row) },
            riskEventKeys: keys, fields: fields)
    }
}
