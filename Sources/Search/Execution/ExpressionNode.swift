import Columns
import Formats
import Matching
import SPL

/// The values of one row that an expression reads, and what it may know of the search.
struct ExpressionFrame {
    var slots: [Value]
    let context: ExpressionContext
}

/// What an expression may know of its search. A class, because every call hands it on.
final class ExpressionContext: Sendable {
    let nowMicroseconds: Int64
    let zone: TimeZoneRules
    let patterns: PatternCache
    let random: RandomNumbers

    init(_ context: ExecutionContext) {
        nowMicroseconds = context.nowMicroseconds
        zone = context.zone
        patterns = context.patterns
        random = context.random
    }
}

/// One node of a compiled expression.
indirect enum ExpressionNode: Sendable {
    /// A quoted string is told apart from a field's text: two quoted strings compare as text even where both look
    /// like numbers.
    case constant(Value, isQuoted: Bool)
    case number(Double, NumberPrecision)
    case field(slot: Int)
    case call(EvalFunction, [ExpressionNode])
    case not(ExpressionNode)
    case negate(ExpressionNode)
    case and([ExpressionNode])
    case or([ExpressionNode])
    case xor(ExpressionNode, ExpressionNode)
    case comparison(EvalExpression.BinaryOperator, ExpressionNode, ExpressionNode)
    case arithmetic(EvalExpression.BinaryOperator, ExpressionNode, ExpressionNode)
    case inList(ExpressionNode, [ExpressionNode])
    case like(ExpressionNode, ExpressionNode)
    /// `mvfilter`: the values of the slot for which the condition is true.
    case filter(slot: Int, ExpressionNode)
    /// `mvmap`: the second for each value of the first, which the slot has meanwhile.
    case map(slot: Int, ExpressionNode, ExpressionNode)
    case searchMatch(CompiledPredicate, slots: [String: Int])
    case lookup(LookupCall)
    /// A product cut to the significant digits that its literals have.
    case cut(ExpressionNode, digits: Int)
    case significantFigures(ExpressionNode)
    case random(site: Int)

    var isBoolean: Bool {
        switch self {
        case .not, .and, .or, .xor, .comparison, .inList, .like, .searchMatch: true
        case .call(let function, let arguments):
            function.isPredicate
                || passed(function, arguments).contains(where: \.isBoolean)
                    && passed(function, arguments).allSatisfy { $0.isBoolean || $0.isNullCall }
        case .constant, .number, .field, .negate, .arithmetic, .filter, .map, .lookup, .cut, .significantFigures,
            .random:
            false
        }
    }

    /// A branch is a condition: a boolean that comes out of it is True or False, one out of JSON is true or false.
    var passesCondition: Bool {
        switch self {
        case .call(let function, let arguments):
            function.isPredicate || passed(function, arguments).contains(where: \.passesCondition)
        default: isBoolean
        }
    }

    private func passed(_ function: EvalFunction, _ arguments: [ExpressionNode]) -> [ExpressionNode] {
        arguments.indices.filter { function.passed.contains($0) }.map { arguments[$0] }
    }

    private var isNullCall: Bool {
        if case .call(let function, _) = self { return function.name == "null" }
        return false
    }

    /// False for `random()`, whose value differs between equal rows.
    var isConstantPerSearch: Bool { !contains(where: \.isRandom) }

    /// False where equal values give equal results in any search, whenever it starts. `random()` begins with that time.
    var readsClock: Bool {
        contains { node in
            if case .call(let function, _) = node { return function.readsClock }
            return node.isRandom
        }
    }

    /// A regular expression comes out of a row: what is none is told by the search that met it (W309).
    var makesPatterns: Bool {
        contains { node in
            guard case .call(let function, let arguments) = node, let index = function.patternArgument else {
                return false
            }
            if case .constant = arguments[index] { return false }
            return true
        }
    }

    private var isRandom: Bool {
        if case .random = self { return true }
        return false
    }

    /// This node or one below it.
    private func contains(where test: (ExpressionNode) -> Bool) -> Bool {
        test(self) || children.contains { $0.contains(where: test) }
    }

    private var children: [ExpressionNode] {
        switch self {
        case .constant, .number, .field, .searchMatch, .random: []
        case .not(let node), .negate(let node), .filter(_, let node), .cut(let node, _), .significantFigures(let node):
            [node]
        case .xor(let left, let right), .comparison(_, let left, let right), .arithmetic(_, let left, let right),
            .like(let left, let right), .map(_, let left, let right):
            [left, right]
        case .call(_, let nodes), .and(let nodes), .or(let nodes): nodes
        case .lookup(let call): call.inputs
        case .inList(let node, let items): [node] + items
        }
    }

    var isQuoted: Bool {
        if case .constant(_, isQuoted: true) = self { return true }
        return false
    }

    private var isField: Bool {
        if case .field = self { return true }
        return false
    }

    func value(_ frame: inout ExpressionFrame) throws(SearchError) -> Value {
        switch self {
        case .constant(let value, _):
            return value
        case .number(let number, _):
            return .number(number)
        case .field(let slot):
            return frame.slots[slot]
        case .call(let function, let nodes):
            var arguments = Arguments(nodes: nodes, frame: frame)
            return try function.body(&arguments)
        case .not(let node):
            guard case .boolean(let flag) = try node.value(&frame) else { return .null }
            return .boolean(!flag)
        case .negate(let node):
            guard let number = try node.value(&frame).numeric else { return .null }
            return .number(-number)
        case .and(let nodes):
            return try Self.logical(nodes, decisive: false, &frame)
        case .or(let nodes):
            return try Self.logical(nodes, decisive: true, &frame)
        case .xor(let left, let right):
            guard case .boolean(let a) = try left.value(&frame), case .boolean(let b) = try right.value(&frame)
            else { return .null }
            return .boolean(a != b)
        case .comparison(let op, let left, let right):
            let areBothQuoted = left.isQuoted && right.isQuoted
            return Comparison.compare(
                try left.value(&frame), op, try right.value(&frame), asText: areBothQuoted)
        case .arithmetic(let op, let left, let right):
            return try Arithmetic.apply(
                op, try left.value(&frame), try right.value(&frame), fields: (left.isField, right.isField))
        case .inList(let node, let items):
            let value = try node.value(&frame)
            if value.isNull { return .null }
            for item in items {
                let candidate = try item.value(&frame)
                if Comparison.compare(value, .equal, candidate, asText: false) == .boolean(true) {
                    return .boolean(true)
                }
            }
            return .boolean(false)
        case .like(let left, let right):
            let value = try left.value(&frame)
            guard !value.isNull, let pattern = try right.value(&frame).printed else { return .null }
            let matcher = LikePattern(pattern.bytes)
            return .boolean(value.elements.contains { $0.printed.map { matcher.matches($0.bytes) } ?? false })
        case .filter, .map, .searchMatch, .lookup, .cut, .significantFigures, .random:
            return try formValue(&frame)
        }
    }

    /// AND stops at a false operand, OR at a true one; a null among the others makes the result null.
    private static func logical(
        _ nodes: [ExpressionNode], decisive: Bool, _ frame: inout ExpressionFrame
    ) throws(SearchError) -> Value {
        var sawNull = false
        for node in nodes {
            switch try node.value(&frame) {
            case .boolean(decisive): return .boolean(decisive)
            case .boolean: continue
            default: sawNull = true
            }
        }
        return sawNull ? .null : .boolean(!decisive)
    }
}
