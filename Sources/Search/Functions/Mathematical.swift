import Columns
import Glibc
import SPL

// Source of this file: Splunk Search Reference 9.4, "Mathematical functions" and "Statistical eval functions".
// An argument that is no number gives null.

extension EvalFunction {
    static let abs = mathematical("abs", "The absolute value.", ["abs(-3)": "3"]) { Swift.abs($0) }

    static let ceiling = mathematical(
        "ceiling", "The smallest whole number not below the argument; ceil is the same.", ["ceiling(1.2)": "2"]
    ) { $0.rounded(.up) }

    static let floor = mathematical(
        "floor", "The largest whole number not above the argument.", ["floor(1.9)": "1"]
    ) { $0.rounded(.down) }

    static let pow = EvalFunction(
        "pow", arity: 2...2, group: .mathematical, summary: "The first argument to the power of the second.",
        examples: ["pow(2, 10)": "1024"]
    ) { arguments throws(SearchError) in
        guard let base = try arguments.number(0), let exponent = try arguments.number(1) else { return .null }
        return .number(Glibc.pow(base, exponent))
    }

    static let round = EvalFunction(
        "round", arity: 1...2, group: .mathematical,
        summary: "Rounded to a number of decimals (default 0), halves away from zero by the decimal digits.",
        examples: ["round(3.5)": "4", "round(2.555, 2)": "2.56", "round(-3.5)": "-4"]
    ) { arguments throws(SearchError) in
        guard let number = try arguments.number(0) else { return .null }
        let decimals = arguments.count > 1 ? try arguments.number(1) ?? 0 : 0
        guard decimals >= 0, decimals <= 15, Swift.abs(number) < 1e15 else { return .number(number) }
        // 2.555 is 2.55499999... in binary; the documentation's example rounds the decimal that is printed.
        let scale = Glibc.pow(10, decimals)
        let scaled = number * scale
        let nudged = scaled + (scaled < 0 ? -1 : 1) * Swift.max(Swift.abs(scaled) * 1e-15, 1e-12)
        let rounded = Swift.abs(nudged - scaled) < 0.5 ? nudged.rounded(.toNearestOrAwayFromZero) : scaled.rounded()
        return .number(rounded / scale)
    }

    static let sqrt = mathematical("sqrt", "The square root.", ["sqrt(9)": "3"]) { $0.squareRoot() }

    static let max = extreme(
        "max", "The largest argument; text counts as larger than any number.", ["max(1, 3, 2)": "3"]
    ) {
        ValueOrder.compare($0, $1) > 0
    }

    static let min = extreme("min", "The smallest argument; numbers count as smaller than text.", ["min(1, 3, 2)": "1"])
    {
        ValueOrder.compare($0, $1) < 0
    }

    private static func mathematical(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ function: @escaping @Sendable (Double) -> Double
    ) -> EvalFunction {
        EvalFunction(name, arity: 1...1, group: .mathematical, summary: summary, examples: examples) {
            arguments throws(SearchError) in
            try arguments.number(0).map { .number(function($0)) } ?? .null
        }
    }

    /// Nulls are left out, multivalue arguments count with each value.
    private static func extreme(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ isBetter: @escaping @Sendable (Value, Value) -> Bool
    ) -> EvalFunction {
        EvalFunction(name, arity: 1...Int.max, group: .mathematical, summary: summary, examples: examples) {
            arguments throws(SearchError) in
            var best = Value.null
            for index in 0..<arguments.count {
                for value in try arguments.value(index).elements where best.isNull || isBetter(value, best) {
                    best = value
                }
            }
            return best
        }
    }
}
