import Columns
import Formats

extension ReferencePages {
    static var evalFunctions: String {
        let row = EvalFunction.exampleRow.map { [code($0.field), codes($0.value.elements.map(text))] }
        let groups = EvalFunction.Group.allCases.sorted { $0.rawValue < $1.rawValue }
        return page(
            "Eval functions",
            """
            For `eval`, `where` and whatever else takes an expression. Names may be written in any case. Examples run
            over the row below, with `now()` at \(time(EvalFunction.exampleNowMicroseconds)) in UTC; each is a test too.
            In results, `null` is no value, and `\\n` stands between the values of a multivalue result.
            """)
            + "\n" + table(["field", "values"], row)
            + groups.map(section).joined()
    }

    private static func section(_ group: EvalFunction.Group) -> String {
        let functions = Functions.all.filter { $0.group == group }.sorted { $0.name < $1.name }
        return "\n## \(group.rawValue)\n" + functions.map(section).joined()
    }

    private static func section(_ function: EvalFunction) -> String {
        let others = otherNames(of: function.name, in: Functions.otherNames, \.name)
        let names = [function.name] + others
        var text =
            "\n### \(names.joined(separator: ", "))\n\n\(sentence(function.arityText)) \(prose(function.summary))\n\n"
        for (expression, result) in function.examples { text += "- \(code(expression)) gives \(code(result))\n" }
        return text
    }

    /// `2 arguments` as `2 arguments.`, `at least ...` as `At least ...`.
    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    private static func text(_ value: Value) -> String { value.printed?.string ?? "null" }

    private static func time(_ microseconds: Int64) -> String {
        let format = try? TimeFormat("%Y-%m-%d %H:%M:%S")
        return String(decoding: format?.format(microseconds: microseconds, zone: .utc) ?? [], as: UTF8.self)
    }
}
