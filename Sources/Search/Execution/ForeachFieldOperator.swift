import Columns
import SPL

/// `foreach` over fields: the fields are those of all rows, so it holds the rows first.
///
/// A row that lacks the field keeps what it has in the fields that the template adds to: `total=total+<<FIELD>>` sums
/// the fields that are there. Source: Splunk Search Reference 9.4, "foreach", the first example.
struct ForeachFieldOperator: Operator {
    let patterns: [String]
    let template: ForeachTemplate
    /// Compiled already where no pattern has a star.
    let fixed: [Subpipeline]?
    let context: CompileContext
    private var held = RowBuffer()

    init(patterns: [String], template: ForeachTemplate, fixed: [Subpipeline]?, context: CompileContext) {
        self.patterns = patterns
        self.template = template
        self.fixed = fixed
        self.context = context
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var rows = held.take(&context)
        let steps = if let fixed { Array(zip(patterns, fixed)) } else { try pipelines(rows, &context) }
        for (name, pipeline) in steps {
            try context.checkTime()
            let before = rows
            rows = try pipeline.run(rows, &context)
            Self.keepTotals(of: &rows, before, without: name, pipeline)
        }
        return rows
    }

    private static func keepTotals(of rows: inout Batch, _ before: Batch, without name: String, _ pipeline: Subpipeline)
    {
        guard pipeline.commands.count == 1, let eval = pipeline.commands[0] as? EvalCommand else { return }
        for total in eval.accumulated.subtracting([name]).sorted() {
            guard let old = before.column(total), let new = rows.column(total) else { continue }
            let isMissing = before.column(name).map { column in column.ids.map { $0 == 0 } }
            let kept = (0..<rows.rowCount).filter { row in
                new.ids[row] == 0 && old.ids[row] != 0 && isMissing?[row] ?? true
            }
            if kept.isEmpty { continue }
            var values = (0..<rows.rowCount).map { new[$0] }
            for row in kept { values[row] = old[row] }
            rows.set(total, Column(values))
        }
    }

    private func pipelines(
        _ rows: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> [(String, Subpipeline)] {
        var pipelines: [(String, Subpipeline)] = []
        for (name, segments) in matches(rows) {
            try context.checkTime()
            var values: [ForeachTemplate.Slot: String] = [.field: name, .match: segments.joined()]
            for (number, segment) in segments.enumerated() { values[.segment(number)] = segment }
            do {
                pipelines.append((name, try template.commands(values, self.context)))
            } catch {
                context.warn(
                    "W329", "foreach skips the field '\(name)': \(error.message)",
                    hint: "write '<<FIELD>>' in single quotes for names that are not plain words")
            }
        }
        return pipelines
    }

    /// In the order of the patterns, below one pattern in that of the columns; each field once.
    private func matches(_ rows: Batch) -> [(name: String, segments: [String])] {
        var seen: Set<String> = []
        var matches: [(name: String, segments: [String])] = []
        for pattern in patterns {
            guard pattern.contains("*") else {
                if seen.insert(pattern).inserted { matches.append((pattern, [])) }
                continue
            }
            for (name, column) in zip(rows.names, rows.columns) where column.hasValues {
                if name.hasPrefix("_"), !pattern.hasPrefix("_") { continue }
                guard let segments = RenameCommand.captures(of: name, in: pattern), seen.insert(name).inserted else {
                    continue
                }
                matches.append((name, segments))
            }
        }
        return matches
    }
}
