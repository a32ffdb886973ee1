import Columns
import SPL

/// `foreach` over fields: the fields are those of all rows, so it holds the rows first.
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
        let steps = if let fixed { fixed } else { try pipelines(rows, &context) }
        for pipeline in steps {
            try context.checkTime()
            rows = try pipeline.run(rows, &context)
        }
        return rows
    }

    private func pipelines(
        _ rows: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> [Subpipeline] {
        var pipelines: [Subpipeline] = []
        for (name, segments) in matches(rows) {
            try context.checkTime()
            var values: [ForeachTemplate.Slot: String] = [.field: name, .match: segments.joined()]
            for (number, segment) in segments.enumerated() { values[.segment(number)] = segment }
            do {
                pipelines.append(try template.commands(values, self.context))
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
