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
        root = try compiler.compile(expression).ordered
        fields = compiler.fields
    }

    /// One flag a row.
    public func evaluate(_ batch: Batch) -> [Bool] {
        var flags = [Bool](repeating: false, count: batch.rowCount)
        for row in rows(of: batch) { flags[row] = true }
        return flags
    }

    /// The rows that satisfy it, ascending.
    ///
    /// - Parameter candidates: the rows to look at, ascending; nil for all.
    public func rows(of batch: Batch, among candidates: [Int]? = nil) -> [Int] {
        Self.select(root, batch, candidates ?? Array(0..<batch.rowCount))
    }

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

    /// Each part looks only at the rows that those before it have left undecided.
    private static func select(_ node: Node, _ batch: Batch, _ rows: [Int]) -> [Int] {
        guard !rows.isEmpty else { return rows }
        switch node {
        case .all:
            return rows
        case .and(let nodes):
            return nodes.reduce(rows) { left, node in left.isEmpty ? left : select(node, batch, left) }
        case .or(let nodes):
            var accepted: [Int] = []
            var left = rows
            for node in nodes {
                let more = select(node, batch, left)
                guard !more.isEmpty else { continue }
                accepted = accepted.isEmpty ? more : merged(accepted, more)
                left = difference(left, more)
                if left.isEmpty { break }
            }
            return accepted
        case .not(let node):
            return difference(rows, select(node, batch, rows))
        case .field(let name, let test):
            guard let column = batch.column(name) else { return [] }
            return select(rows, of: column) { value in
                switch value {
                case .null: false
                case .multivalue(let values): values.contains { test.accepts($0) }
                default: test.accepts(value)
                }
            }
        case .raw(let test):
            guard let column = batch.column("_raw") else { return [] }
            return select(rows, of: column) { value in value.printed.map { test.accepts($0) } ?? false }
        case .time(let range, let isOfIndexing):
            if isOfIndexing, batch.column("_indextime") != nil {
                return rows.filter { row in holds(node) { batch[$0, row] } }
            }
            guard let column = batch.column("_time") else { return [] }
            return select(rows, of: column) { value in
                value.numeric.map { range.contains(Int64(($0 * 1_000_000).rounded())) } ?? false
            }
        }
    }

    /// Only the dictionary entries that these rows use are tested, each once.
    private static func select(_ rows: [Int], of column: Column, _ test: (Value) -> Bool) -> [Int] {
        // To remember what is known of many entries costs more than to test few rows twice.
        if column.values.count > 16 * rows.count {
            return rows.filter { column.ids[$0] != 0 && test(column[$0]) }
        }
        var known = [Int8](repeating: -1, count: column.values.count)
        known[0] = 0
        return rows.filter { row in
            let index = Int(column.ids[row])
            if known[index] < 0 { known[index] = test(column.values[index]) ? 1 : 0 }
            return known[index] == 1
        }
    }

    /// Of two ascending lists without a row in common.
    private static func merged(_ left: [Int], _ right: [Int]) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(left.count + right.count)
        var next = 0
        for row in left {
            while next < right.count, right[next] < row {
                result.append(right[next])
                next += 1
            }
            result.append(row)
        }
        result.append(contentsOf: right[next...])
        return result
    }

    /// - Parameter taken: rows of `rows`; both ascend.
    private static func difference(_ rows: [Int], _ taken: [Int]) -> [Int] {
        guard !taken.isEmpty else { return rows }
        var next = 0
        return rows.filter { row in
            guard next < taken.count, taken[next] == row else { return true }
            next += 1
            return false
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
        case .matches(let patterns): return Self.matches(patterns, text)
        case .differs(let pattern): return !pattern.matches(text.bytes)
        case .inside(let block): return block.contains(text.bytes)
        case .insideOrEqual(let block, let literal): return block.contains(text.bytes) || literal.matches(text.bytes)
        case .outside(let block): return !block.contains(text.bytes)
        case .ordered(let op, let bound): return Self.isOrdered(value, text, op, bound)
        }
    }

    /// By address: a copy of a pattern costs more than most comparisons.
    private static func matches(_ patterns: [WildcardPattern], _ text: Text) -> Bool {
        patterns.withUnsafeBufferPointer { patterns in
            for index in patterns.indices where patterns[index].matches(text.bytes) { return true }
            return false
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
