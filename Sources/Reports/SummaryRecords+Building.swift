import Columns
public import RiskIndex

extension SummaryRecords {
    /// A source without events for so long before the week's end fell silent: most have some every day, and a weekend is
    /// two days.
    static let silenceMicroseconds: Int64 = 48 * 3_600_000_000

    /// - Parameters:
    ///   - steps: of findings, those that began or went on in the week at least.
    ///   - closedByAnalysts: findings that were reviewed in the week, with their reviews.
    ///   - runs: whose clocks are at or after the beginning of the week before; empty when nobody recorded runs.
    public init(
        week: SummaryWeek, steps: [FindingStep], reviewed: [(finding: Finding, reviews: [FindingReview])],
        runs: [RunRecord], suppressions: [Suppression]
    ) {
        let (start, end) = (week.startMicroseconds, week.endMicroseconds)
        func lines(_ state: FindingState, _ isIn: (FindingChange) -> Bool) -> [FindingLine] {
            steps.filter { $0.change.state == state && isIn($0.change) }.map { FindingLine($0, from: start) }
                .stablySorted { $0.timeMicroseconds < $1.timeMicroseconds }
        }
        func beginsInWeek(_ change: FindingChange) -> Bool {
            change.timeMicroseconds >= start && change.timeMicroseconds < end
        }
        updatedFindings = lines(.updated, beginsInWeek)
        heldFindings = lines(.held) { $0.timeMicroseconds < end && $0.lastTimeMicroseconds >= start }
        closedFindings =
            (lines(.closed, beginsInWeek)
            + reviewed.compactMap { FindingLine(closedByAnalyst: $0, start: start, end: end) })
            .stablySorted { ($0.timeMicroseconds, Text($0.findingID)) < ($1.timeMicroseconds, Text($1.findingID)) }
        self.suppressions = suppressions.filter { $0.startMicroseconds < end && $0.untilMicroseconds ?? .max > start }
            .sorted {
                ($0.kind.rawValue, Text($0.value), $0.startMicroseconds) < (
                    $1.kind.rawValue, Text($1.value), $1.startMicroseconds
                )
            }
            .map { SuppressionLine($0) }
        add(runs, start: start, end: end)
    }

    /// A run belongs to the week when its clock or its logs do.
    private mutating func add(_ runs: [RunRecord], start: Int64, end: Int64) {
        let ofWeek = runs.filter { run in
            let isLogOfWeek = run.sources.contains { source in
                guard let first = source.firstMicroseconds, let last = source.lastMicroseconds else { return false }
                return first < end && last >= start
            }
            return isLogOfWeek || (run.timeMicroseconds >= start && run.timeMicroseconds < end)
        }
        guard let latest = ofWeek.map(\.timeMicroseconds).max() else { return }
        var lastTimes: [Text: Int64] = [:]
        for source in runs.flatMap(\.sources) {
            guard let last = source.lastMicroseconds else { continue }
            lastTimes[Text(source.sourcetype)] = max(lastTimes[Text(source.sourcetype)] ?? .min, last)
        }
        let horizon = min(end, latest)
        silentSources = lastTimes.sorted { $0.key < $1.key }
            .filter { horizon - $0.value >= SummaryRecords.silenceMicroseconds }
            .map { SilentSource(sourcetype: $0.key.string, lastMicroseconds: $0.value) }

        var ran: Set<Text> = []
        var problems: [Text: (last: String?, count: Int)] = [:]
        var lost: [Text: [Text: Int]] = [:]
        for run in ofWeek {
            for rule in run.rules {
                let name = Text(rule.searchName)
                let count = problems[name]?.count ?? 0
                problems[name] = (rule.problem, count + (rule.problem == nil ? 0 : 1))
                if rule.problem == nil { ran.insert(name) }
                for field in rule.lostByField where field.count > 0 {
                    lost[name, default: [:]][Text(field.field), default: 0] += field.count
                }
            }
        }
        ranSearchNames = ran.sorted().map(\.string)
        detectionsNotRun = problems.sorted { $0.key < $1.key }.compactMap { name, problem in
            problem.last.map { DetectionNotRun(searchName: name.string, problem: $0, runCount: problem.count) }
        }
        lostRisk = lost.sorted { $0.key < $1.key }.flatMap { name, fields in
            fields.sorted { $0.key < $1.key }.map {
                LostRisk(searchName: name.string, field: $0.key.string, rowCount: $0.value)
            }
        }
    }
}

extension SummaryRecords.FindingLine {
    /// - Parameter start: of the week: a step may have begun before it.
    fileprivate init(_ step: FindingStep, from start: Int64) {
        let change = step.change
        self.init(
            timeMicroseconds: max(change.timeMicroseconds, start), findingID: step.findingID, title: step.title,
            normalizedRiskObject: step.normalizedRiskObject, riskObjectType: step.riskObjectType,
            riskScore: change.riskScore,
            reason: change.reason + (change.runCount > 1 ? " (\(change.runCount) runs)" : ""))
    }

    /// Nil unless the last word of the week on the finding's status is that it is done.
    fileprivate init?(closedByAnalyst reviewed: (finding: Finding, reviews: [FindingReview]), start: Int64, end: Int64)
    {
        let ofWeek = reviewed.reviews.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
        guard let last = ofWeek.last(where: { $0.status != nil }), let status = last.status,
            status == "closed" || status == "resolved"
        else { return nil }
        let disposition = ofWeek.last { $0.disposition != nil }?.disposition
        let finding = reviewed.finding
        self.init(
            timeMicroseconds: last.timeMicroseconds, findingID: finding.id, title: finding.title,
            normalizedRiskObject: finding.normalizedRiskObject, riskObjectType: finding.riskObjectType, riskScore: nil,
            reason: "\(status) by \(last.author)" + (disposition.map { ": \($0)" } ?? ""))
    }
}

extension SummaryRecords.SuppressionLine {
    fileprivate init(_ suppression: Suppression) {
        let kind =
            switch suppression.kind {
            case .entity: "entity"
            case .rule: "rule"
            case .threatObject: "threat object"
            }
        self.init(
            kind: kind, value: suppression.value, untilMicroseconds: suppression.untilMicroseconds,
            author: suppression.author, reason: suppression.reason)
    }
}
