public import Columns
public import SPL

// An expression runs once per distinct value when it reads one field, once when it reads none, and once per distinct
// combination of values otherwise: that is what dictionary-encoded columns are for.

/// An eval expression, checked and ready to run over batches.
///
/// A row on which an operation makes no sense (text in arithmetic, a bad pattern from a field) gives null; only limits
/// that protect the run (a regular expression that explodes) are errors.
/// Source: Splunk Search Reference 9.4, "eval"; docs/decisions/0002
public struct CompiledExpression: Sendable {
    let root: ExpressionNode
    let slots: [String]
    /// Equal values give equal results.
    let isConstantPerSearch: Bool

    /// - Throws: E302 for a function that does not exist, E303 for a wrong number of arguments,
    ///   E370 to E374 for one that is used as it cannot be, E740 to E746 for the table of `lookup()`.
    public init(_ expression: EvalExpression, context: CompileContext) throws(Diagnostic) {
        var compiler = ExpressionCompiler(context: context)
        root = try compiler.compile(expression, depth: 0).printed
        slots = compiler.slots
        isConstantPerSearch = root.isConstantPerSearch
    }

    /// The time at which the search starts may change a result.
    var readsClock: Bool { root.readsClock }
    var makesPatterns: Bool { root.makesPatterns }

    /// The fields that the expression reads.
    public var fields: FieldSet { FieldSet(names: Set(slots)) }

    /// True where the result is always a boolean (or null), as of a comparison.
    public var isBoolean: Bool { root.isBoolean }

    /// One value a row, as fields have them.
    ///
    /// - Parameter isCondition: booleans out of JSON stay booleans, as `where` needs them.
    public func evaluate(
        _ batch: Batch, _ context: ExecutionContext, isCondition: Bool = false
    ) throws(SearchError) -> Column {
        let keepsBooleans = isCondition || root.isBoolean
        let columns = slots.map { batch.column($0) }
        var frame = ExpressionFrame(
            slots: [Value](repeating: .null, count: slots.count), context: ExpressionContext(context))
        let present = columns.indices.filter { columns[$0] != nil }
        if present.isEmpty {
            guard batch.rowCount > 0 else { return Column([]) }
            if isConstantPerSearch {
                return Column(constant: try result(&frame, keepsBooleans), rowCount: batch.rowCount)
            }
        } else if present.count == 1, isConstantPerSearch, let column = columns[present[0]] {
            return try perDistinctValue(column, slot: present[0], &frame, keepsBooleans)
        }
        let read = present.compactMap { slot in columns[slot].map { (slot: slot, column: $0) } }
        var combinations = isConstantPerSearch ? RowCombinations(read.map(\.column)) : nil
        var builder = ColumnBuilder()
        for row in 0..<batch.rowCount {
            if let known = combinations?.result(ofRow: row) {
                builder.append(id: known)
                continue
            }
            for (slot, column) in read { frame.slots[slot] = column[row] }
            let id = builder.id(of: try result(&frame, keepsBooleans))
            combinations?.keep(id)
            builder.append(id: id)
        }
        return builder.finish()
    }

    private func perDistinctValue(
        _ column: Column, slot: Int, _ frame: inout ExpressionFrame, _ keepsBooleans: Bool
    ) throws(SearchError) -> Column {
        // Only entries that some row uses are computed: a filtered batch may share a large dictionary. Rows are
        // translated from one dictionary to the other; values are hashed once an entry.
        var translation = [UInt32](repeating: .max, count: column.values.count)
        var builder = ColumnBuilder()
        for id in column.ids {
            let index = Int(id)
            if translation[index] == .max {
                frame.slots[slot] = column.values[index]
                translation[index] = builder.id(of: try result(&frame, keepsBooleans))
            }
            builder.append(id: translation[index])
        }
        return builder.finish()
    }

    /// A field holds no boolean: one that only shows at run time becomes text, out of JSON as JSON has it.
    private func result(_ frame: inout ExpressionFrame, _ keepsBooleans: Bool) throws(SearchError) -> Value {
        let value = try root.value(&frame)
        guard !keepsBooleans, case .boolean(let flag) = value else { return value }
        return root.passesCondition ? .text(value.printed ?? "") : .text(flag ? "true" : "false")
    }
}
