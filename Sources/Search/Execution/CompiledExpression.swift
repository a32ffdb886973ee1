public import Columns
import Formats
import Matching
public import SPL

// An expression runs once per distinct value when it reads one field, once when it reads none, and once per distinct
// pair of neighbours otherwise: that is what dictionary-encoded columns are for.

/// An eval expression, checked and ready to run over batches.
///
/// A row on which an operation makes no sense (text in arithmetic, a bad pattern from a field) gives null; only limits
/// that protect the run (a regular expression that explodes) are errors.
/// Source: Splunk Search Reference 9.4, "eval"; docs/decisions/0002
public struct CompiledExpression: Sendable {
    let root: ExpressionNode
    let slots: [String]

    /// - Throws: E302 for a function that does not exist or is not supported, E303 for a wrong number of arguments.
    public init(_ expression: EvalExpression, context: CompileContext) throws(Diagnostic) {
        var compiler = ExpressionCompiler()
        root = try compiler.compile(expression, depth: 0)
        slots = compiler.slots
    }

    /// The fields that the expression reads.
    public var fields: FieldSet { FieldSet(names: Set(slots)) }

    /// True where the result is always a boolean (or null), as of a comparison.
    public var isBoolean: Bool { root.isBoolean }

    public func evaluate(_ batch: Batch, _ context: ExecutionContext) throws(SearchError) -> Column {
        let columns = slots.map { batch.column($0) }
        var frame = ExpressionFrame(slots: [Value](repeating: .null, count: slots.count), context: context)
        let present = columns.indices.filter { columns[$0] != nil }
        if present.isEmpty {
            guard batch.rowCount > 0 else { return Column([]) }
            if root.isConstantPerSearch {
                return Column(constant: try root.value(&frame), rowCount: batch.rowCount)
            }
        } else if present.count == 1, root.isConstantPerSearch, let column = columns[present[0]] {
            return try perDistinctValue(column, slot: present[0], &frame)
        }
        var builder = ColumnBuilder()
        var previous: [UInt32] = []
        var previousValue = Value.null
        for row in 0..<batch.rowCount {
            let ids = present.map { columns[$0]!.ids[row] }
            if row == 0 || ids != previous || !root.isConstantPerSearch {
                for index in present { frame.slots[index] = columns[index]![row] }
                previousValue = try root.value(&frame)
                previous = ids
            }
            builder.append(previousValue)
        }
        return builder.finish()
    }

    private func perDistinctValue(
        _ column: Column, slot: Int, _ frame: inout ExpressionFrame
    ) throws(SearchError) -> Column {
        // Only entries that some row uses are computed: a filtered batch may share a large dictionary.
        var results = [Value?](repeating: nil, count: column.values.count)
        var builder = ColumnBuilder()
        for id in column.ids {
            let index = Int(id)
            if let known = results[index] {
                builder.append(known)
                continue
            }
            frame.slots[slot] = column.values[index]
            let value = try root.value(&frame)
            results[index] = value
            builder.append(value)
        }
        return builder.finish()
    }
}

/// The values of one row that an expression reads, and what it may know of the search.
public struct ExpressionFrame {
    var slots: [Value]
    let context: ExecutionContext
}

/// One node of a compiled expression.
public indirect enum ExpressionNode: Sendable {
    /// A quoted string is told apart from a field's text: two quoted strings compare as text even where both look
    /// like numbers.
    case constant(Value, isQuoted: Bool)
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

    var isBoolean: Bool {
        switch self {
        case .not, .and, .or, .xor, .comparison, .inList, .like: true
        case .call(let function, _): function.isPredicate
        case .constant, .field, .negate, .arithmetic: false
        }
    }

    /// False for `random()` and its like, whose value differs between equal rows.
    var isConstantPerSearch: Bool {
        switch self {
        case .constant, .field: true
        case .call(let function, let arguments):
            function.isDeterministic && arguments.allSatisfy(\.isConstantPerSearch)
        case .not(let node), .negate(let node): node.isConstantPerSearch
        case .and(let nodes), .or(let nodes): nodes.allSatisfy(\.isConstantPerSearch)
        case .xor(let left, let right), .comparison(_, let left, let right), .arithmetic(_, let left, let right),
            .like(let left, let right):
            left.isConstantPerSearch && right.isConstantPerSearch
        case .inList(let node, let items): node.isConstantPerSearch && items.allSatisfy(\.isConstantPerSearch)
        }
    }

    var isQuoted: Bool {
        if case .constant(_, isQuoted: true) = self { return true }
        return false
    }

    func value(_ frame: inout ExpressionFrame) throws(SearchError) -> Value {
        switch self {
        case .constant(let value, _):
            return value
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
            var sawNull = false
            for node in nodes {
                switch try node.value(&frame) {
                case .boolean(false): return .boolean(false)
                case .boolean(true): continue
                default: sawNull = true
                }
            }
            return sawNull ? .null : .boolean(true)
        case .or(let nodes):
            var sawNull = false
            for node in nodes {
                switch try node.value(&frame) {
                case .boolean(true): return .boolean(true)
                case .boolean(false): continue
                default: sawNull = true
                }
            }
            return sawNull ? .null : .boolean(false)
        case .xor(let left, let right):
            guard case .boolean(let a) = try left.value(&frame), case .boolean(let b) = try right.value(&frame)
            else { return .null }
            return .boolean(a != b)
        case .comparison(let op, let left, let right):
            let areBothQuoted = left.isQuoted && right.isQuoted
            return Comparison.compare(
                try left.value(&frame), op, try right.value(&frame), asText: areBothQuoted)
        case .arithmetic(let op, let left, let right):
            return Arithmetic.apply(op, try left.value(&frame), try right.value(&frame))
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
        }
    }
}
