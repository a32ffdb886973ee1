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

    /// Some search of it reads what other rules wrote.
    var readsIndex: Bool {
        search.searchesOfTree.contains { if case .stored = $0.source { true } else { false } }
    }

    /// It must see what the rules before it wrote, or the rules behind it what it writes: the order of rules is their
    /// meaning then. Throttling starts from what the index says of the rule's id, which two rules may share.
    var runsAlone: Bool { readsIndex || search.mayWriteState || detection.throttling != nil }

    init(_ detection: Detection, environment: SearchEnvironment) throws(RuleProblem) {
        let rule = detection.ruleSearch
        let (search, expanded) = try rule.compile(environment)
        self.detection = detection
        self.search = search
        warnings = Self.lint(detection, search).map { rule.problem($0, in: expanded) }
    }

    /// Fields that the rule's risk needs must be in the result: no other tool tells. The rule runs all the same, as it does
    /// in Splunk, where that risk is lost; the report counts it.
    private static func lint(_ detection: Detection, _ search: CompiledSearch) -> [Diagnostic] {
        var problems = search.missingFileWarnings
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
        for rule in detection.threatObjects where !search.schema.mayContain(rule.field) {
            problems.append(
                Diagnostic(
                    "W361", "threat object field '\(rule.field)' is not in the output of the search",
                    hint: "the search gives: \(columns)", severity: .warning))
        }
        return problems
    }
}
