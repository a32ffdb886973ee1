import Columns
import SPL

/// `regex [<field>=|<field>!=]"<pattern>"` keeps the rows whose field matches; `!=` keeps the others, those without the
/// field too. `_raw` where no field is written; a multivalue field matches when one of its values does.
///
/// Errors: E320 for a bad pattern, E321 where a match is given up. Source: Splunk Search Reference 9.4, "regex".
struct RegexCommand: Command {
    static let name = "regex"
    static let help = CommandHelp(
        "regex [<field>=|<field>!=]\"<pattern>\"",
        "Keeps the rows whose field, _raw unless one is named, matches a regular expression, or does not.")

    private let field: String
    private let isNegated: Bool
    private let pattern: CommandPattern

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var field = "_raw"
        var isNegated = false
        if case .comparison(let comparison) = reader.peek(1)?.kind, comparison == .equal || comparison == .notEqual {
            field = try reader.fieldName("the field to match")
            isNegated = comparison == .notEqual
            _ = reader.next()
        }
        pattern = try CommandPattern.read(&reader, "a regular expression")
        try reader.expectEnd()
        self.field = field
        self.isNegated = isNegated
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }

    var policies: [Policy] { [.patternKeepsEscapedPipe] }
    var explanation: String { "regex: \(field)\(isNegated ? "!=" : "=")\"\(pattern.text)\"" }

    var streams: Bool { true }

    func makeOperator() -> any Operator { RegexOperator(field: field, isNegated: isNegated, pattern: pattern) }
}

private struct RegexOperator: Operator {
    let field: String
    let isNegated: Bool
    let pattern: CommandPattern

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field) else { return isNegated ? batch : batch.prefix(0) }
        let pattern = pattern
        let matches = try column.usedEntries { value throws(SearchError) -> Bool in
            for element in value.elements {
                if let text = element.printed, try pattern.matches(text) { return true }
            }
            return false
        }
        return batch.filtered(column.ids.map { matches[Int($0)] != isNegated })
    }
}
