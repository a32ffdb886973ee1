import Columns
import SPL

/// `appendpipe [run_in_preview=<bool>] [<pipeline>]`: the rows, then what the pipeline makes of a copy of them.
///
/// The pipeline also runs when there are no rows: `stats count` then adds one. `run_in_preview` is read and does
/// nothing. Source: Splunk Search Reference 9.4, "appendpipe".
struct AppendpipeCommand: Command {
    static let name = "appendpipe"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "appendpipe <options> [<pipeline>]", "Puts what a pipeline makes of a copy of the rows behind them.",
        options: [
            ("run_in_preview=<bool>", "no effect: there are no previews")
        ])

    private let pipeline: Subpipeline
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var pipeline: Subpipeline?
        var text = ""
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "run_in_preview" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                _ = try BooleanOption.value(value)
            } else if let inner = token.pipeline, pipeline == nil {
                _ = reader.next()
                pipeline = try Subpipeline(inner, context)
                text = inner.description
            } else {
                throw reader.unexpected(token, expected: "a pipeline in brackets")
            }
        }
        guard let pipeline else {
            throw .noSubsearch(of: Self.name, span: syntax.nameSpan, example: "appendpipe [stats count]")
        }
        self.pipeline = pipeline
        self.text = text
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.formUnion(pipeline.needs(after))
        return needed
    }

    func schema(after input: Schema) -> Schema { input.united(with: pipeline.schema(after: input)) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { pipeline.commands.contains(where: \.dependsOnOrder) }
    var subsearches: [CompiledSearch] { pipeline.commands.flatMap(\.subsearches) }
    var policies: [Policy] { pipeline.commands.flatMap(\.policies) }
    var explanation: String { "appendpipe: \(text)" }

    func makeOperator() -> any Operator { AppendpipeOperator(pipeline: pipeline) }
}

private struct AppendpipeOperator: Operator {
    let pipeline: Subpipeline
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        try pipeline.run(rows.take(&context), &context)
    }
}
