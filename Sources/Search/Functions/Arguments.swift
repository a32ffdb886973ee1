import Columns
import SPL

/// The arguments of one call, evaluated when asked for: `if` and `case` never touch the branch that they do not take.
struct Arguments {
    let nodes: [ExpressionNode]
    var frame: ExpressionFrame

    var count: Int { nodes.count }
    var context: ExpressionContext { frame.context }

    mutating func value(_ index: Int) throws(SearchError) -> Value { try nodes[index].value(&frame) }

    /// The printed text of an argument; nil for null. A multivalue is its values joined by newline.
    mutating func text(_ index: Int) throws(SearchError) -> Text? { try value(index).printed }

    /// The argument as a number; nil where it is none.
    mutating func number(_ index: Int) throws(SearchError) -> Double? { try value(index).numeric }

    /// The argument as a whole number, cut towards zero; nil where it is none, or beyond 2^53.
    mutating func integer(_ index: Int) throws(SearchError) -> Int? {
        guard let number = try number(index), Swift.abs(number) <= 9_007_199_254_740_992 else { return nil }
        return Int(number)
    }

    /// Applies `transform` to each value of argument `index`, keeping multivalue as multivalue; null stays null.
    mutating func map(
        _ index: Int, _ transform: (Value) throws(SearchError) -> Value
    ) throws(SearchError) -> Value {
        let value = try value(index)
        switch value {
        case .null:
            return .null
        case .multivalue(let values):
            var results: [Value] = []
            results.reserveCapacity(values.count)
            for element in values { results.append(try transform(element)) }
            return .list(results)
        default:
            return try transform(value)
        }
    }

    /// As ``map(_:_:)``, over the printed text of each value.
    mutating func mapText(
        _ index: Int, _ transform: (Text) throws(SearchError) -> Value
    ) throws(SearchError) -> Value {
        try map(index) { value throws(SearchError) in
            guard let text = value.printed else { return .null }
            return try transform(text)
        }
    }
}

/// What one value of an expression may grow to. A function that could give more fails by name: `mvrange(0, 1e9)` and
/// `eval x=x.x` in a loop must not take the machine.
enum ValueBounds {
    static let values = 100_000
    static let textBytes = 16 << 20

    /// - Throws: E373 over the bound.
    static func check(values count: Int, of function: String) throws(SearchError) {
        guard count > values else { return }
        throw Diagnostic(
            "E373", "'\(function)' gives a field of more than \(values) values",
            hint: "take fewer with mvindex(), or expand the rows with mvexpand")
    }

    /// - Throws: E373 over the bound.
    static func check(textBytes count: Int, of function: String) throws(SearchError) {
        guard count > textBytes else { return }
        throw Diagnostic(
            "E373", "'\(function)' gives a text of more than \(textBytes >> 20) MiB", hint: "take a part with substr()")
    }
}
