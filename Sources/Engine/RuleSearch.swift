import Content
public import SPL
import Search

/// Something about a rule's search, at its place in the rule's file.
public struct RuleProblem: Error, Sendable, Hashable {
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

/// The search of a content file, and where it stands there: what is wrong with it is told at its place.
struct RuleSearch: Sendable {
    let ruleName: String
    let file: String
    let text: String
    let origin: TextOrigin

    /// The search, and the text after macro expansion that its places refer to.
    func compile(
        _ environment: SearchEnvironment
    ) throws(RuleProblem) -> (search: CompiledSearch, expanded: ExpandedSearch) {
        let expanded: ExpandedSearch
        do throws(Diagnostic) {
            expanded = try SearchText.expand(text, environment)
        } catch {
            throw problem(error, offset: error.span?.lowerBound)
        }
        do throws(Diagnostic) {
            return (try CompiledSearch.compile(expanded, environment: environment), expanded)
        } catch {
            throw problem(error, in: expanded)
        }
    }

    /// - Parameter expanded: the text that the diagnostic's span is in.
    func problem(_ diagnostic: Diagnostic, in expanded: ExpandedSearch) -> RuleProblem {
        problem(diagnostic, offset: diagnostic.span.map { expanded.sourceSpan(of: $0).span.lowerBound })
    }

    /// A problem of a run, or of the rule as a whole: it is told at the search's start.
    func problem(ofRun diagnostic: Diagnostic) -> RuleProblem { problem(diagnostic, offset: nil) }

    private func problem(_ diagnostic: Diagnostic, offset: Int?) -> RuleProblem {
        let position = origin.position(ofUTF8Offset: offset ?? 0, in: text)
        return RuleProblem(
            ruleName: ruleName, file: file, line: position.line, column: position.column, diagnostic: diagnostic)
    }
}

extension Detection {
    var ruleSearch: RuleSearch { RuleSearch(ruleName: name, file: file, text: search, origin: searchOrigin) }
}

extension Baseline {
    var ruleSearch: RuleSearch { RuleSearch(ruleName: name, file: file, text: search, origin: searchOrigin) }
}

extension IncidentRule {
    var ruleSearch: RuleSearch { RuleSearch(ruleName: name, file: file, text: search, origin: searchOrigin) }
}

enum SearchText {
    static func expand(_ text: String, _ environment: SearchEnvironment) throws(Diagnostic) -> ExpandedSearch {
        try ExpandedSearch.expand(text, macros: environment.macros)
    }
}
