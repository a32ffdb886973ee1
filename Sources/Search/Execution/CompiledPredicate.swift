public import Columns
import Formats
import Matching
public import SPL

// A comparison runs once per distinct value of its column; the rows only look their bit up.

/// A search expression, checked and ready to filter batches: the semantics of `search`, which eventtypes and
/// data-model constraints share. Case-insensitive, `*` is a wildcard, a missing field satisfies nothing but `NOT`.
///
/// Source: Splunk Search Reference 9.4, "search"; docs/decisions/0002
public struct CompiledPredicate: Sendable {
    indirect enum Node: Sendable {
        case all
        case and([Node])
        case or([Node])
        case not(Node)
        case field(String, ValueTest)
        case raw(RawTest)
        case time(TimeRange, isOfIndexing: Bool)
    }

    let root: Node
    public let fields: FieldSet

    /// - Throws: E324 for a subsearch, E325 for a time modifier that is none.
    public init(_ expression: SearchExpression, context: CompileContext) throws(Diagnostic) {
        var compiler = PredicateCompiler(context: context)
        root = try compiler.compile(expression)
        fields = compiler.fields
    }

    /// One flag a row.
    public func evaluate(_ batch: Batch) -> [Bool] { Self.mask(root, batch) }

    /// As ``evaluate(_:)`` for one row, whose fields `value` gives.
    func holds(_ value: (String) -> Value) -> Bool { Self.holds(root, value) }

    private static func holds(_ node: Node, _ value: (String) -> Value) -> Bool {
        switch node {
        case .all: true
        case .and(let nodes): nodes.allSatisfy { holds($0, value) }
        case .or(let nodes): nodes.contains { holds($0, value) }
        case .not(let node): !holds(node, value)
        case .field(let name, let test): value(name).elements.contains { test.accepts($0) }
        case .raw(let test): value("_raw").printed.map { test.accepts($0) } ?? false
        case .time(let range, let isOfIndexing):
            ((isOfIndexing ? value("_indextime").numeric : nil) ?? value("_time").numeric).map {
                range.contains(Int64(($0 * 1_000_000).rounded()))
            } ?? false
        }
    }

    private static func mask(_ node: Node, _ batch: Batch) -> [Bool] {
        switch node {
        case .all:
            return [Bool](repeating: true, count: batch.rowCount)
        case .and(let nodes):
            var result = [Bool](repeating: true, count: batch.rowCount)
            for node in nodes {
                let other = mask(node, batch)
                for row in result.indices { result[row] = result[row] && other[row] }
            }
            return result
        case .or(let nodes):
            var result = [Bool](repeating: false, count: batch.rowCount)
            for node in nodes {
                let other = mask(node, batch)
                for row in result.indices { result[row] = result[row] || other[row] }
            }
            return result
        case .not(let node):
            return mask(node, batch).map { !$0 }
        case .field(let name, let test):
            guard let column = batch.column(name) else { return [Bool](repeating: false, count: batch.rowCount) }
            return rows(of: column) { value in !value.isNull && value.elements.contains { test.accepts($0) } }
        case .raw(let test):
            guard let column = batch.column("_raw") else { return [Bool](repeating: false, count: batch.rowCount) }
            return rows(of: column) { value in value.printed.map { test.accepts($0) } ?? false }
        case .time(let range, let isOfIndexing):
            if isOfIndexing, batch.column("_indextime") != nil {
                return (0..<batch.rowCount).map { row in holds(node) { batch[$0, row] } }
            }
            guard let column = batch.column("_time") else { return [Bool](repeating: false, count: batch.rowCount) }
            return rows(of: column) { value in
                value.numeric.map { range.contains(Int64(($0 * 1_000_000).rounded())) } ?? false
            }
        }
    }

    /// Only the dictionary entries that some row uses are tested.
    private static func rows(of column: Column, _ test: (Value) -> Bool) -> [Bool] {
        var known = [Int8](repeating: -1, count: column.values.count)
        known[0] = 0
        return column.ids.map { id in
            let index = Int(id)
            if known[index] < 0 { known[index] = test(column.values[index]) ? 1 : 0 }
            return known[index] == 1
        }
    }
}

/// What one scalar must be to satisfy a comparison.
enum ValueTest: Sendable {
    case exists
    case never
    case matches([WildcardPattern])
    case differs(WildcardPattern)
    case inside(CIDRBlock)
    /// `src=10.0.0.0/8` also finds a field whose text is just that.
    case insideOrEqual(CIDRBlock, WildcardPattern)
    case outside(CIDRBlock)
    case ordered(ComparisonOperator, Text)

    func accepts(_ value: Value) -> Bool {
        guard let text = value.printed else { return false }
        switch self {
        case .exists: return true
        case .never: return false
        case .matches(let patterns): return patterns.contains { $0.matches(text.bytes) }
        case .differs(let pattern): return !pattern.matches(text.bytes)
        case .inside(let block): return block.contains(text.bytes)
        case .insideOrEqual(let block, let literal): return block.contains(text.bytes) || literal.matches(text.bytes)
        case .outside(let block): return !block.contains(text.bytes)
        case .ordered(let op, let bound): return Self.isOrdered(value, text, op, bound)
        }
    }

    /// Numerically when both sides are numbers, otherwise by folded text.
    private static func isOrdered(_ value: Value, _ text: Text, _ op: ComparisonOperator, _ bound: Text) -> Bool {
        let order: Int
        if let a = value.numeric, let b = NumberText.parse(bound.bytes) {
            order = a < b ? -1 : (a > b ? 1 : 0)
        } else {
            let a = Text(CaseFolding.fold(text.bytes))
            let b = Text(CaseFolding.fold(bound.bytes))
            order = a < b ? -1 : (b < a ? 1 : 0)
        }
        switch op {
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        case .greater: return order > 0
        case .greaterOrEqual: return order >= 0
        case .equal: return order == 0
        case .notEqual: return order != 0
        }
    }
}

/// What `_raw` must hold.
struct RawTest: Sendable {
    let matcher: KeywordMatcher
    func accepts(_ text: Text) -> Bool { matcher.matches(text.bytes) }
}
