import Foundation
import SPL
import Search

/// Whether a macro's text can work in some search.
///
/// A body is a piece of a search: commands, terms, options, or a list of values. Its arguments stand for themselves
/// (`$field$` is read as `field`). A body of commands is compiled behind `search *`, one of terms as a filter; anything
/// else must at least be well-formed text whose own macros are known.
struct MacroCheck {
    let problems: [Diagnostic]

    init(_ macro: MacroDefinition, _ environment: SearchEnvironment) {
        do throws(Diagnostic) {
            try Self.check(macro, environment)
            problems = []
        } catch {
            var placed = error
            placed.span = nil
            placed.message = "macro '\(macro.name)': \(error.message)"
            problems = [placed]
        }
    }

    private static func check(_ macro: MacroDefinition, _ environment: SearchEnvironment) throws(Diagnostic) {
        var body = macro.definition
        for argument in macro.arguments { body = body.replacingOccurrences(of: "$\(argument)$", with: argument) }
        if macro.isEval {
            _ = try CompiledExpression(
                EvalExpression.parse(body), context: CompileContext(environment: environment))
            return
        }
        let expanded = try ExpandedSearch.expand(body, macros: environment.macros)
        let text = expanded.text.drop { $0.isWhitespace }
        if text.isEmpty { return }
        let word = text.prefix { $0.isLetter || $0 == "_" }
        if text.hasPrefix("|") || isCommand(String(word), text) {
            let isGenerating = text.hasPrefix("|")
            let whole = isGenerating ? String(text) : "search * | \(text)"
            do {
                _ = try compiled(whole, environment)
            } catch  where error.code == "E347" && isGenerating {
                _ = try compiled("search * \(text)", environment)
            }
            return
        }
        do {
            _ = try compiled("search \(text)", environment)
        } catch  where !["E301", "E302", "E308"].contains(error.code) {
            // Options or values: no search of their own.
            _ = try Pipeline.parse("| fragment \(text)")
        }
    }

    private static func compiled(
        _ text: String, _ environment: SearchEnvironment
    ) throws(Diagnostic) -> CompiledSearch {
        try CompiledSearch.compile(
            ExpandedSearch.expand(text, macros: environment.macros), environment: environment)
    }

    /// A first word that names a command, and does not begin a comparison (`index=main`).
    private static func isCommand(_ word: String, _ text: Substring) -> Bool {
        guard SplunkCommandNames.all.contains(word.lowercased()) else { return false }
        let rest = text.dropFirst(word.count).drop { $0.isWhitespace }
        return !rest.hasPrefix("=") && !rest.hasPrefix("!=") && !rest.hasPrefix("<") && !rest.hasPrefix(">")
    }
}
