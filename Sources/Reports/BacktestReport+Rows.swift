import Columns
public import Engine
public import Formats
import Risk
import RiskIndex

// One row a finding, incident rule and day, and one for all: what NDJSON, JSON and the tables say.

extension BacktestReport {
    /// Findings of one day on the clock of a zone: those before by their day before, all others by their day after.
    struct Day {
        var date: String
        var tally: Tally
    }

    func days(_ zone: TimeZoneRules) -> [Day] {
        var tallies: [String: Tally] = [:]
        func day(_ finding: BacktestFinding) -> String {
            TimeText.day(TimeText.localDay(finding.timeMicroseconds, zone: zone))
        }
        for outcome in outcomes {
            guard let finding = outcome.after ?? outcome.before else { continue }
            var whole = Tally()
            whole.add(outcome)
            let own = day(finding)
            if let before = outcome.before {
                whole.before = 0
                tallies[day(before), default: Tally()].before += 1
            }
            tallies[own, default: Tally()].add(whole)
        }
        return tallies.map { Day(date: $0.key, tally: $0.value) }.sorted { $0.date < $1.date }
    }

    /// NDJSON: findings by entity, then rules, days, and last the summary.
    public func ndjson(zone: TimeZoneRules) -> String {
        var rows = outcomes.map { row($0, zone, kind: "finding") }
        rows += rules.map { row($0, kind: "rule") }
        rows += days(zone).map { row($0, kind: "day") }
        rows.append([ResultField("kind", .text("summary"))] + summaryRow)
        return rows.map(RowWriter.ndjson).joined()
    }

    /// One object: the summary's members, then `changes`, `rules`, `days` and `findings`.
    public func json(zone: TimeZoneRules) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.members(summaryRow)
        if let factorTrial { factorTrial.write(to: &writer) }
        writer.rows("rules", rules.map { row($0) })
        writer.rows("days", days(zone).map { row($0) })
        writer.rows("findings", outcomes.map { row($0, zone) })
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private var summaryRow: [ResultField] {
        let entities = entityCounts
        return [
            ResultField("since", .text(TimeText.iso8601(range.lowerBound))),
            ResultField("until", .text(TimeText.iso8601(range.upperBound))),
            ResultField("profile_before", .text(profileBefore)), ResultField("profile_after", .text(profileAfter)),
            ResultField(name: "changes", values: changes, isNumber: false),
            ResultField("risk_event_count", .count(riskEventCount)),
        ] + total.fields + [
            ResultField("entities_before", .count(entities.before)),
            ResultField("entities_after", .count(entities.after)),
            ResultField("entities_gained", .count(entities.gained)),
            ResultField("entities_lost", .count(entities.lost)),
        ]
    }

    private func row(_ rule: Rule, kind: String? = nil) -> [ResultField] {
        kindField(kind) + [
            ResultField("search_name", .text(rule.searchName)),
            ResultField("runs", .text(rule.runsBefore ? rule.runsAfter ? "both" : "before" : "after")),
        ] + rule.tally.fields
    }

    private func row(_ day: Day, kind: String? = nil) -> [ResultField] {
        kindField(kind) + [ResultField("date", .text(day.date))] + day.tally.fields
    }

    private func row(_ outcome: Outcome, _ zone: TimeZoneRules, kind: String? = nil) -> [ResultField] {
        guard let finding = outcome.after ?? outcome.before else { return [] }
        var fields =
            kindField(kind) + [
                ResultField("outcome", .text(outcome.fate.rawValue)),
                ResultField("search_name", .text(outcome.searchName)),
                ResultField("risk_object", .text(finding.riskObject)),
                ResultField("normalized_risk_object", .text(finding.entity.normalizedRiskObject.string)),
                ResultField("risk_object_type", .text(finding.entity.riskObjectType.string)),
                ResultField("date", .text(TimeText.day(TimeText.localDay(finding.timeMicroseconds, zone: zone)))),
            ]
        for (suffix, side) in [("before", outcome.before), ("after", outcome.after)] {
            guard let side else { continue }
            fields += [
                ResultField("time_\(suffix)", .number(Double(side.timeMicroseconds) / 1_000_000)),
                ResultField("risk_score_\(suffix)", .number(ScoreText.exact(side.riskScore))),
                ResultField("risk_event_count_\(suffix)", .count(side.riskEventCount)),
                ResultField("severity_\(suffix)", .text(side.severity)),
            ]
        }
        return fields
    }

    private func kindField(_ kind: String?) -> [ResultField] { kind.map { [ResultField("kind", .text($0))] } ?? [] }
}

extension BacktestReport.Tally {
    fileprivate mutating func add(_ other: Self) {
        before += other.before
        after += other.after
        kept += other.kept
        changed += other.changed
        moved += other.moved
        gained += other.gained
        lost += other.lost
    }

    fileprivate var fields: [ResultField] {
        [
            ("findings_before", before), ("findings_after", after), ("kept", kept), ("kept_changed", changed),
            ("moved", moved), ("gained", gained), ("lost", lost),
        ].map { ResultField($0.0, .count($0.1)) }
    }
}

extension Value {
    static func count(_ count: Int) -> Value { .number(Double(count)) }
}

extension JSONWriter {
    /// Members with one value each; `changes` is a list.
    fileprivate mutating func members(_ fields: [ResultField]) {
        for field in fields {
            if field.name == "changes" {
                texts(field.name, field.values)
            } else if let value = field.values.first {
                key(field.name)
                if field.isNumber, let number = NumberText.parse(Array(value.utf8)) {
                    self.number(number)
                } else {
                    string(value)
                }
            }
        }
    }

    fileprivate mutating func rows(_ name: String, _ rows: [[ResultField]]) {
        key(name)
        beginArray()
        for row in rows { RowWriter.append(row, to: &self) }
        endArray()
    }
}
