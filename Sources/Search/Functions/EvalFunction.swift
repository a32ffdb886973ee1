import Columns
import SPL

/// One function of eval expressions: a value, not a type, so that it stands in one table with its documentation.
public struct EvalFunction: Sendable {
    public enum Group: String, Sendable, CaseIterable {
        case conditional = "Comparison and conditional"
        case conversion = "Conversion"
        case informational = "Informational"
        case mathematical = "Mathematical"
        case multivalue = "Multivalue"
        case text = "Text"
        case time = "Date and time"
    }

    public let name: String
    public let arity: ClosedRange<Int>
    public let group: Group
    public let summary: String
    /// Expression to printed result; run as tests and printed as documentation. `null` is the null result.
    public let examples: [(expression: String, result: String)]
    /// The result is a boolean.
    let isPredicate: Bool
    /// Equal arguments give equal results within one search.
    let isDeterministic: Bool
    let body: @Sendable (inout Arguments) throws(SearchError) -> Value

    init(
        _ name: String, arity: ClosedRange<Int>, group: Group, summary: String,
        examples: KeyValuePairs<String, String>, isPredicate: Bool = false, isDeterministic: Bool = true,
        body: @escaping @Sendable (inout Arguments) throws(SearchError) -> Value
    ) {
        self.name = name
        self.arity = arity
        self.group = group
        self.summary = summary
        self.examples = examples.map { ($0.key, $0.value) }
        self.isPredicate = isPredicate
        self.isDeterministic = isDeterministic
        self.body = body
    }

    var arityText: String {
        if arity.upperBound == Int.max {
            return "at least \(arity.lowerBound) argument\(arity.lowerBound == 1 ? "" : "s")"
        }
        if arity.lowerBound == arity.upperBound {
            return "\(arity.lowerBound) argument\(arity.lowerBound == 1 ? "" : "s")"
        }
        return "\(arity.lowerBound) to \(arity.upperBound) arguments"
    }
}

/// The arguments of one call, evaluated when asked for: `if` and `case` never touch the branch that they do not take.
public struct Arguments {
    let nodes: [ExpressionNode]
    var frame: ExpressionFrame

    var count: Int { nodes.count }
    var context: ExecutionContext { frame.context }

    mutating func value(_ index: Int) throws(SearchError) -> Value { try nodes[index].value(&frame) }

    /// The printed text of an argument; nil for null. A multivalue is its values joined by newline.
    mutating func text(_ index: Int) throws(SearchError) -> Text? { try value(index).printed }

    /// The argument as a number; nil where it is none.
    mutating func number(_ index: Int) throws(SearchError) -> Double? { try value(index).numeric }

    /// Applies `transform` to the text of each value of argument `index`, keeping multivalue as multivalue.
    mutating func mapText(
        _ index: Int, _ transform: (Text) throws(SearchError) -> Value
    ) throws(SearchError) -> Value {
        let value = try value(index)
        guard case .multivalue(let values) = value else {
            guard let text = value.printed else { return .null }
            return try transform(text)
        }
        var results: [Value] = []
        for element in values {
            if let text = element.printed { results.append(try transform(text)) }
        }
        return .list(results)
    }
}
