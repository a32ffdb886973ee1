import Columns
import Glibc
import SPL

// Source of this file: Splunk Search Reference 9.4, "Mathematical functions". An argument that is no number gives null,
// a multivalue too; what has no real result gives nan or inf, which print so.

extension EvalFunction {
    static let abs = mathematical(
        "abs", "The absolute value.",
        ["abs(-3)": "3", #"abs("-1.5")"#: "1.5", #"abs("a")"#: "null", "abs(ports)": "null"]
    ) { Swift.abs($0) }

    static let ceiling = mathematical(
        "ceiling", "The smallest whole number not below the argument; ceil is the same.",
        ["ceiling(1.9)": "2", "ceil(1.2)": "2", "ceiling(-1.9)": "-1", "ceil(nosuch)": "null"]
    ) { $0.rounded(.up) }

    static let exact = mathematical(
        "exact", "The number with all its digits: its literals do not limit the digits of a product.",
        [
            "8.250*exact(0.2)": "1.65", "exact(0.5)*3": "1.5", "8.250*0.2": "2", "8.250*0.20": "1.7",
            "8.250*0.200": "1.65",
        ]
    ) { $0 }

    static let exp = mathematical(
        "exp", "e to the power of the argument.", ["exp(0)": "1", "round(exp(3), 3)": "20.086"]
    ) {
        Glibc.exp($0)
    }

    static let floor = mathematical(
        "floor", "The largest whole number not above the argument.",
        ["floor(1.9)": "1", "floor(-1.1)": "-2", #"floor("x")"#: "null"]
    ) { $0.rounded(.down) }

    static let ln = mathematical(
        "ln", "The natural logarithm.", ["ln(1)": "0", "round(ln(10), 3)": "2.303", "ln(-1)": "nan"]
    ) { Glibc.log($0) }

    static let log = EvalFunction(
        "log", arity: 1...2, group: .mathematical, summary: "The logarithm to a base (default 10).",
        examples: ["log(1000)": "3", "log(8, 2)": "3", "log(0)": "-inf", #"log("a")"#: "null"]
    ) { arguments throws(SearchError) in
        guard let number = try arguments.number(0) else { return .null }
        guard arguments.count > 1 else { return .number(log10(number)) }
        guard let base = try arguments.number(1) else { return .null }
        if base == 10 { return .number(log10(number)) }
        return .number(base == 2 ? log2(number) : Glibc.log(number) / Glibc.log(base))
    }

    static let pi = EvalFunction(
        "pi", arity: 0...0, group: .mathematical, summary: "The number pi.",
        examples: ["round(pi(), 10)": "3.1415926536", #"printf("%.2f", pi())"#: "3.14"]
    ) { _ throws(SearchError) in .number(.pi) }

    static let pow = EvalFunction(
        "pow", arity: 2...2, group: .mathematical, summary: "The first argument to the power of the second.",
        examples: ["pow(2, 10)": "1024", "pow(4, 0.5)": "2", "pow(2, nosuch)": "null"]
    ) { arguments throws(SearchError) in
        guard let base = try arguments.number(0), let exponent = try arguments.number(1) else { return .null }
        return .number(Glibc.pow(base, exponent))
    }

    static let round = EvalFunction(
        "round", arity: 1...2, group: .mathematical,
        summary: "Rounded to a number of decimals (default 0), halves away from zero by the decimal digits.",
        examples: [
            "round(3.5)": "4", "round(2.555, 2)": "2.56", "round(-3.5)": "-4", "round(2.5, 0)": "3",
            "round(1234.5678, 1)": "1234.6", "round(5, -1)": "null", #"round("a")"#: "null", "round(ports)": "null",
        ]
    ) { arguments throws(SearchError) in
        guard let number = try arguments.number(0) else { return .null }
        guard arguments.count > 1 else { return .number(DecimalRounding.round(number, decimals: 0)) }
        guard let decimals = try arguments.number(1), decimals >= 0 else { return .null }
        return .number(DecimalRounding.round(number, decimals: Int(Swift.min(decimals, 400))))
    }

    static let sigfig = EvalFunction(
        "sigfig", arity: 1...1, group: .mathematical,
        summary: """
            Rounded to the significant digits that the operands of a product were written with, or to the decimals \
            that those of a sum were.
            """,
        examples: [
            "sigfig(1.00*1111)": "1110", "sigfig(123.0 + 4.567)": "127.6", "sigfig(3.990000000000215*1.00)": "3.99",
            #"sigfig("a")"#: "null",
        ], form: .significantFigures)

    static let sqrt = mathematical(
        "sqrt", "The square root.", ["sqrt(9)": "3", "sqrt(-1)": "nan", #"sqrt("x")"#: "null"]
    ) {
        $0 < 0 ? .nan : $0.squareRoot()
    }

    private static func mathematical(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ function: @escaping @Sendable (Double) -> Double
    ) -> EvalFunction {
        numeric(name, .mathematical, summary, examples, function)
    }

    /// A function of one number.
    static func numeric(
        _ name: String, _ group: Group, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ function: @escaping @Sendable (Double) -> Double
    ) -> EvalFunction {
        EvalFunction(name, arity: 1...1, group: group, summary: summary, examples: examples) {
            arguments throws(SearchError) in
            try arguments.number(0).map { .number(function($0)) } ?? .null
        }
    }
}
