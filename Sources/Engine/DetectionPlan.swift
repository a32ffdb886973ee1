import Columns
import Content
import SPL
import Search

/// A detection whose search is compiled and checked, ready to run.
struct DetectionPlan: Sendable {
    let detection: Detection
    let search: CompiledSearch
    /// What a reader of the rule should know although it runs.
    let warnings: [RuleProblem]
    /// Its rows become risk events. A Correlation that does not start from the stored risk has no entity's risk to sum up:
    /// its rows are events of their own, as a TTP's are (docs/decisions/0015).
    let writesRiskEvents: Bool
    /// Of a Correlation over the stored risk: its rows become findings.
    let incidentRule: IncidentRule?

    /// Some search of it reads what other rules wrote.
    var readsIndex: Bool {
        search.searchesOfTree.contains { if case .stored = $0.source { true } else { false } }
    }

    /// It must see what the rules before it wrote, or the rules behind it what it writes: the order of rules is their
    /// meaning then. Throttling starts from what the index says of the rule's id, which two rules may share.
    var runsAlone: Bool {
        readsIndex || search.mayWriteState || (writesRiskEvents && detection.throttling != nil)
    }

    init(_ detection: Detection, environment: SearchEnvironment) throws(RuleProblem) {
        let rule = detection.ruleSearch
        let (search, expanded) = try rule.compile(environment)
        self.detection = detection
        self.search = search
        incidentRule = Self.incidentRule(detection, search)
        writesRiskEvents =
            detection.writesRiskEvents
            || (detection.type == .correlation && incidentRule == nil && !detection.entities.isEmpty)
        warnings = Self.lint(detection, search, writesRiskEvents: writesRiskEvents, isFinding: incidentRule != nil)
            .map { rule.problem($0, in: expanded) }
    }

    private static func incidentRule(_ detection: Detection, _ search: CompiledSearch) -> IncidentRule? {
        guard detection.type == .correlation, case .stored = search.source else { return nil }
        var rule = detection.incidentRule
        rule.schedule.earliest = search.times.earliestText ?? rule.schedule.earliest
        rule.schedule.latest = search.times.latestText ?? rule.schedule.latest
        return rule
    }

    /// Fields that the rule's risk needs must be in the result: no other tool tells. The rule runs all the same, as it does
    /// in Splunk, where that risk is lost; the report counts it.
    private static func lint(
        _ detection: Detection, _ search: CompiledSearch, writesRiskEvents: Bool, isFinding: Bool
    ) -> [Diagnostic] {
        var problems = search.missingFileWarnings
        guard writesRiskEvents || isFinding else { return problems }
        let columns = search.schema.names.joined(separator: ", ")
        for entity in detection.entities where !search.schema.mayContain(entity.field) {
            problems.append(
                Diagnostic(
                    "W360", "entity field '\(entity.field)' is not in the output of the search, so its risk is lost",
                    hint: "the search gives: \(columns)", severity: .warning))
        }
        for field in detection.throttling?.fields ?? [] where !search.schema.mayContain(field) {
            problems.append(
                Diagnostic(
                    "W363", "throttling field '\(field)' is not in the output of the search, so nothing is held back",
                    hint: "the search gives: \(columns)", severity: .warning))
        }
        for rule in detection.threatObjects where writesRiskEvents && !search.schema.mayContain(rule.field) {
            problems.append(
                Diagnostic(
                    "W361", "threat object field '\(rule.field)' is not in the output of the search",
                    hint: "the search gives: \(columns)", severity: .warning))
        }
        return problems
    }
}
