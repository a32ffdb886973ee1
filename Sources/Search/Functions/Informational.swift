import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "Informational functions".

extension EvalFunction {
    static let isarray = informational(
        "isarray", "Whether the value is the text of a JSON array.",
        [
            #"tostring(isarray("[1, 2, 3]"))"#: "True", "tostring(isarray(1))": "False",
            "tostring(isarray(names))": "False",
        ]
    ) { value in
        if case .array = value.json { true } else { false }
    }

    static let isbool = informational(
        "isbool", "Whether the value is a boolean; no field is one.",
        ["tostring(isbool(1==2))": "True", "tostring(isbool(status))": "False"]
    ) { if case .boolean = $0 { true } else { false } }

    static let isdouble = informational(
        "isdouble", "Whether the value is a number with a fraction; text that reads as one counts.",
        [
            "tostring(isdouble(3.546))": "True", "tostring(isdouble(1000000))": "False",
            #"tostring(isdouble("16.00"))"#: "True", "tostring(isdouble(null()))": "False",
        ]
    ) { $0.numeric != nil && !$0.isWholeNumber }

    static let isint = informational(
        "isint", "Whether the value is a whole number; text that reads as one without a decimal point counts.",
        [
            #"tostring(isint("80"))"#: "True", "tostring(isint(1.5))": "False", #"tostring(isint("abc"))"#: "False",
            "tostring(isint(nosuch))": "False",
        ]
    ) { $0.isWholeNumber }

    static let ismv = informational(
        "ismv", "Whether the field has several values.",
        [#"tostring(ismv(split("1,2,3", ",")))"#: "True", "tostring(ismv(status))": "False"]
    ) { if case .multivalue = $0 { true } else { false } }

    static let isnotnull = informational(
        "isnotnull", "Whether there is a value; the empty text is one.",
        [
            #"tostring(isnotnull(""))"#: "True", "tostring(isnotnull(null()))": "False",
            "tostring(isnotnull(names))": "True",
        ]
    ) { !$0.isNull }

    static let isnull = informational(
        "isnull", "Whether there is no value; the empty text is one.",
        ["tostring(isnull(nosuch))": "True", #"tostring(isnull(""))"#: "False", "tostring(isnull(status))": "False"]
    ) { $0.isNull }

    static let isnum = EvalFunction(
        "isnum", arity: 1...1, group: .informational,
        summary: "Whether the value is a number; text that reads as one counts, and NaN in a field.",
        examples: [
            "tostring(isnum(status))": "True", #"tostring(isnum("a"))"#: "False", #"tostring(isnum("NaN"))"#: "False",
            "tostring(isnum(names))": "False", "tostring(isnum(null()))": "False",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        return .boolean(value.numeric != nil || (value.isNaNText && !arguments.nodes[0].isQuoted))
    }

    static let isobject = informational(
        "isobject", "Whether the value is the text of a JSON object.",
        [
            #"tostring(isobject("{\"type\": \"competitive\"}"))"#: "True",
            #"tostring(isobject("{cities: \"3\"}"))"#: "False", "tostring(isobject(nosuch))": "False",
        ]
    ) { value in
        if case .object = value.json { true } else { false }
    }

    static let isstr = informational(
        "isstr", "Whether the value is text that does not read as a number.",
        [
            #"tostring(isstr("a"))"#: "True", "tostring(isstr(status))": "False", #"tostring(isstr("NaN"))"#: "True",
            "tostring(isstr(null()))": "False",
        ]
    ) { value in
        switch value {
        case .text: value.numeric == nil
        case .number(let number): number.isNaN
        default: false
        }
    }

    static let typeof = EvalFunction(
        "typeof", arity: 1...1, group: .informational,
        summary: "The type of the value: Number, String, Bool, Multivalue or Invalid (null).",
        examples: [
            #"typeof(12) + typeof("string") + typeof(1==2) + typeof(badfield)"#: "NumberStringBoolInvalid",
            "typeof(status)": "Number", "typeof(names)": "Multivalue",
        ]
    ) { arguments throws(SearchError) in
        switch try arguments.value(0) {
        case .null: .text("Invalid")
        case .boolean: .text("Bool")
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

extension Value {
    /// A number without a fraction; text that reads as a number must be written without one.
    fileprivate var isWholeNumber: Bool {
        switch self {
        case .number(let number): number == number.rounded()
        case .text(let text):
            NumberText.parse(text.bytes) != nil && !text.bytes.contains(UInt8(ascii: "."))
                && numeric == numeric?.rounded()
        default: false
        }
    }
}
