import Content
import Risk
import RiskIndex
import Search

/// The Correlation detections of a job, which run when all others have: none of them sees what another writes.
struct CorrelationPhase {
    private let plans: [DetectionPlan]
    private let incidents: IncidentRun
    private let options: RunJob.Options

    /// - Parameter plans: those that make findings.
    init(
        _ content: LoadedContent, _ options: RunJob.Options, _ index: RiskIndex, _ source: any RowSource,
        _ plans: [DetectionPlan]
    ) {
        self.plans = plans
        self.options = options
        incidents = IncidentRun(
            correlations: plans.compactMap(\.incidentRule), content, options, index, source)
    }

    /// - Parameter times: of the risk events that are new or changed, ascending.
    func find(
        _ times: [Int64], _ store: some FindingStore, _ skipped: inout [RuleProblem]
    ) throws -> [IncidentRun.Found] {
        try incidents.find(options.runsOnce ? .once(options.range) : .events(times), known: store, &skipped)
    }

    /// Those whose finding is risk too, of the ones that ran: the same rows become risk events, as a detection's do.
    func scoring(_ found: [IncidentRun.Found]) -> [DetectionPlan] {
        let ran = Set(found.map { Place($0.rule) })
        return plans.filter { plan in
            plan.writesRiskEvents && (plan.incidentRule.map { ran.contains(Place($0)) } ?? false)
        }
    }

    /// How the others fared.
    func outcomes(_ found: [IncidentRun.Found]) -> [RunJob.DetectionOutcome] {
        let scoring = Set(scoring(found).compactMap(\.incidentRule).map { Place($0) })
        return found.filter { !scoring.contains(Place($0.rule)) }.map { found in
            RunJob.DetectionOutcome(
                name: found.rule.name, searchName: found.rule.searchName, matchedEventCount: 0,
                rowCount: found.tally.rowCount, riskEventCount: 0, riskScore: 0,
                throttledCount: found.tally.throttledCount,
                lostByField: found.tally.lostByField.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 },
                missingTokens: [], unstoredEventCount: 0, warnings: found.tally.warnings,
                effort: RuleEffort(runNanoseconds: found.nanoseconds))
        }
    }

    func keys(_ found: [IncidentRun.Found]) -> Set<String> {
        Set(found.flatMap(\.lives).map(\.finding.key))
    }

    /// - Returns: how many findings the store did not have yet.
    func write(_ found: [IncidentRun.Found], into store: inout some FindingStore) throws -> Int {
        try incidents.write(found, into: &store)
    }

    /// Names and ids are the authors' choice, files are not.
    private struct Place: Hashable {
        var file: String
        var name: String

        init(_ rule: IncidentRule) {
            file = rule.file
            name = rule.name
        }
    }
}
