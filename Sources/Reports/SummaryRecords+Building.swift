import Columns
public import RiskIndex

extension SummaryRecords {
    /// A source without events for so long before the week's end fell silent: most have some every day, and a weekend is
    /// two days.
    static let silenceMicroseconds: Int64 = 48 * 3_600_000_000

    /// - Parameters:
    ///   - steps: of findings, those that began or went on in the week at least.
    ///   - closedByAnalysts: findings that were reviewed in the week, with their reviews.
    ///   - runs: of the week, out of those whose clocks are at or after the beginning of the week before.
    public init(
        week: SummaryWeek, steps: [FindingStep], reviewed: [(finding: Finding, reviews: [FindingReview])],
        runs: RunActivity, suppressions: [Suppression]
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
        add(runs, end: end)
    }

    private mutating func add(_ runs: RunActivity, end: Int64) {
        guard let latest = runs.latestMicroseconds else { return }
        let horizon = min(end, latest)
        silentSources = runs.sources.filter { horizon - $0.lastMicroseconds >= SummaryRecords.silenceMicroseconds }
            .map { SilentSource(sourcetype: $0.sourcetype, lastMicroseconds: $0.lastMicroseconds) }
        ranSearchNames = runs.rules.filter(\.ran).map(\.searchName)
        detectionsNotRun = runs.rules.compactMap { rule in
            rule.problem.map {
                DetectionNotRun(searchName: rule.searchName, problem: $0, runCount: rule.problemCount)
            }
        }
        lostRisk = runs.rules.flatMap { rule in
            rule.lostByField.map { LostRisk(searchName: rule.searchName, field: $0.field, rowCount: $0.count) }
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
