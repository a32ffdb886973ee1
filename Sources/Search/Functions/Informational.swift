import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Informational functions".

extension EvalFunction {
    static let isbool = informational("isbool", "Whether the value is a boolean.", ["tostring(isbool(1==1))": "True"]) {
        if case .boolean = $0 { true } else { false }
    }

    static let isint = informational(
        "isint", "Whether the value is a whole number; text that reads as one counts.",
        [#"tostring(isint("80"))"#: "True", "tostring(isint(1.5))": "False"]
    ) { $0.numeric.map { $0 == $0.rounded() } ?? false }

    static let isnotnull = informational(
        "isnotnull", "Whether there is a value; the empty text is one.",
        [#"tostring(isnotnull(""))"#: "True", "tostring(isnotnull(null()))": "False"]
    ) { !$0.isNull }

    static let isnull = informational(
        "isnull", "Whether there is no value; the empty text is one.", ["tostring(isnull(null()))": "True"]
    ) { $0.isNull }

    static let isnum = informational(
        "isnum", "Whether the value is a number; text that reads as one counts.",
        [#"tostring(isnum("80"))"#: "True", #"tostring(isnum("a"))"#: "False"]
    ) { $0.numeric != nil }

    static let isstr = informational(
        "isstr", "Whether the value is text that does not read as a number.",
        [#"tostring(isstr("a"))"#: "True", #"tostring(isstr("80"))"#: "False"]
    ) { value in
        if case .text = value { value.numeric == nil } else { false }
    }

    static let typeof = EvalFunction(
        "typeof", arity: 1...1, group: .informational,
        summary: "The type of the value: Number, String, Boolean, Multivalue or Invalid (null).",
        examples: ["typeof(12)": "Number", #"typeof("a")"#: "String", "typeof(null())": "Invalid"]
    ) { arguments throws(SearchError) in
        switch try arguments.value(0) {
        case .null: .text("Invalid")
        case .boolean: .text("Boolean")
        case .number: .text("Number")
        case .text(let text): .text(NumberText.parse(text.bytes) == nil ? "String" : "Number")
        case .multivalue: .text("Multivalue")
        }
    }

    private static func informational(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ test: @escaping @Sendable (Value) -> Bool
    ) -> EvalFunction {
        EvalFunction(
            name, arity: 1...1, group: .informational, summary: summary, examples: examples, isPredicate: true
        ) { arguments throws(SearchError) in .boolean(test(try arguments.value(0))) }
    }
}
