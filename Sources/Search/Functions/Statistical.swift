import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Statistical eval functions", and sum of "Mathematical functions".
// Nulls are left out, a multivalue argument counts with each value; no value at all gives null.

extension EvalFunction {
    static let avg = EvalFunction(
        "avg", arity: 1...Int.max, group: .statistical,
        summary: "The mean of the arguments that are numbers, the others left out.",
        examples: [
            "avg(1, 2, 3)": "2", "avg(5.0, 9, nosuch)": "7", "avg(names, 2, 3)": "2.5",
            "round(avg(ports), 2)": "181.67", "avg(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        let (sum, count) = try total(&arguments)
        return count == 0 ? .null : .number(sum / Double(count))
    }

    static let max = extreme(
        "max", "The largest argument; text counts as larger than any number.",
        [
            "max(1, 3, 2)": "3", #"max(1, 3, 6, 7, "foo", "baz")"#: "foo", "max(ports)": "443", "max(nosuch, 2)": "2",
            "max(nosuch)": "null",
        ]
    ) { ValueOrder.compare($0, $1) > 0 }

    static let min = extreme(
        "min", "The smallest argument; numbers count as smaller than text.",
        ["min(1, 3, 2)": "1", #"min(3, 6, 7, "maria", 9)"#: "3", "min(ports, 30)": "22", "min(nosuch)": "null"]
    ) { ValueOrder.compare($0, $1) < 0 }

    static let random = EvalFunction(
        "random", arity: 0...0, group: .statistical,
        summary: "A pseudo-random whole number from 0 to 2147483647; the same in each run of a search at one time.",
        examples: [
            "if(random() >= 0 AND random() <= 2147483647, 1, 0)": "1",
            "if((random() % 100000) + 1 <= 100000, 1, 0)": "1",
        ], form: .random)

    static let sum = EvalFunction(
        "sum", arity: 1...Int.max, group: .statistical,
        summary: "The sum of the arguments that are numbers, the others left out.",
        examples: [
            "sum(1, 2, 3)": "6", "sum(5.0, status, nosuch)": "409", "sum(names, 2, 3)": "5", "sum(ports)": "545",
            "sum(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        let (sum, count) = try total(&arguments)
        return count == 0 ? .null : .number(sum)
    }

    private static func total(_ arguments: inout Arguments) throws(SearchError) -> (sum: Double, count: Int) {
        var sum = 0.0
        var count = 0
        for index in 0..<arguments.count {
            for value in try arguments.value(index).elements {
                guard let number = value.numeric else { continue }
                sum += number
                count += 1
            }
        }
        return (sum, count)
    }

    private static func extreme(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ isBetter: @escaping @Sendable (Value, Value) -> Bool
    ) -> EvalFunction {
        EvalFunction(name, arity: 1...Int.max, group: .statistical, summary: summary, examples: examples) {
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
