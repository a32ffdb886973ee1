import Columns
import SPL

/// Commands in a bracket that run over rows of the search around it: `appendpipe [...]`, the template of `foreach`.
/// Unlike a ``Subsearch`` it has no source of its own.
struct Subpipeline: Sendable {
    let commands: [any Command]

    /// - Throws: what compiling a command throws; E346 for one that brings rows and cannot follow others.
    init(_ pipeline: Pipeline, _ context: CompileContext) throws(Diagnostic) {
        var commands: [any Command] = []
        for syntax in pipeline.commands {
            let command = try Commands.compile(syntax, context, isFirst: false)
            if let generating = command as? any GeneratingCommand, !generating.mayFollow {
                throw Diagnostic(
                    "E346", "'\(syntax.name)' brings rows and must come first", span: syntax.nameSpan,
                    hint: "use append [| \(syntax.name) ...] to add rows of its own")
            }
            commands.append(command)
        }
        self.commands = commands
    }

    func needs(_ after: FieldSet) -> FieldSet { commands.reversed().reduce(after) { $1.needs($0) } }

    func schema(after input: Schema) -> Schema { commands.reduce(input) { $1.schema(after: $0) } }

    func run(_ rows: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try CommandChain(commands).run([rows], &context)
    }
}
