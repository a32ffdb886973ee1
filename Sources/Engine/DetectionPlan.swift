import Columns
import Content
import Formats
public import SPL
import Search

/// Something about a rule's search, at its place in the rule's file.
public struct RuleProblem: Sendable, Hashable {
    public var ruleName: String
    public var file: String
    public var line: Int
    public var column: Int
    public var diagnostic: Diagnostic

    /// `file:line:column: error[E301]: message`.
    public var text: String {
        "\(file):\(line):\(column): \(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(diagnostic.message)"
    }
}

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

    /// - Throws: `RuleProblem` as an error value of the result.
    static func compile(
        _ detection: Detection, environment: SearchEnvironment
    ) -> Result<DetectionPlan, RuleFailure> {
        do throws(Diagnostic) {
            let expanded = try SearchText.expand(detection.search, environment)
            do throws(Diagnostic) {
                let search = try CompiledSearch.compile(expanded, environment: environment)
                let problems = lint(detection, search)
                return .success(
                    DetectionPlan(
                        detection: detection, search: search,
                        warnings: problems.map { place($0, detection, expanded: nil) }))
            } catch {
                return .failure(RuleFailure(problem: place(error, detection, expanded: expanded)))
            }
        } catch {
            return .failure(RuleFailure(problem: place(error, detection, expanded: nil)))
        }
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
        if let throttling = detection.throttling {
            problems.append(
                Diagnostic(
                    "W362", "throttling by \(throttling.fields.joined(separator: ", ")) is not applied yet",
                    hint: "every row of every run counts", severity: .warning))
        }
        for rule in detection.threatObjects where !search.schema.mayContain(rule.field) {
            problems.append(
                Diagnostic(
                    "W361", "threat object field '\(rule.field)' is not in the output of the search",
                    hint: "the search gives: \(columns)", severity: .warning))
        }
        return problems
    }

    private static func place(_ diagnostic: Diagnostic, _ detection: Detection, expanded: ExpandedSearch?)
        -> RuleProblem
    {
        var offset = 0
        if let span = diagnostic.span {
            offset = expanded.map { $0.sourceSpan(of: span).span.lowerBound } ?? span.lowerBound
        }
        let position = detection.searchOrigin.position(ofUTF8Offset: offset, in: detection.search)
        return RuleProblem(
            ruleName: detection.name, file: detection.file, line: position.line, column: position.column,
            diagnostic: diagnostic)
    }
}

struct RuleFailure: Error {
    let problem: RuleProblem
}

enum SearchText {
    static func expand(_ text: String, _ environment: SearchEnvironment) throws(Diagnostic) -> ExpandedSearch {
        try ExpandedSearch.expand(text, macros: environment.macros)
    }
}
