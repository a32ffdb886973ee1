public import Columns

/// A field that a search calculates of each event by itself, whatever its time range: the same for all searches that start
/// from these events.
public struct RowCalculation: Sendable {
    public let target: String
    /// Equal texts over equal columns give equal columns.
    public let text: String
    let expression: CompiledExpression

    /// What it reads.
    public var fields: Set<String> { expression.fields.names }

    public func column(of batch: Batch, _ context: ExecutionContext) throws(SearchError) -> Column {
        try expression.evaluate(batch, context)
    }
}

extension CompiledSearch {
    /// The calculations that stand directly behind the filter that the source of events has done.
    public var leadingCalculations: (calculations: [RowCalculation], commandCount: Int) {
        guard filteredBySource == 1, !isPlain else { return ([], 0) }
        var calculations: [RowCalculation] = []
        var count = 0
        for command in commands.dropFirst() {
            guard let more = (command as? EvalCommand)?.rowCalculations else { break }
            calculations += more
            count += 1
        }
        return (calculations, count)
    }

    /// The fields that the commands behind the first so many need.
    public func needed(behind commandCount: Int) -> FieldSet {
        commands.dropFirst(commandCount).reversed().reduce(FieldSet.all) { $1.needs($0) }
    }
}
