import Columns
import SPL

/// A command whose arguments hold a subsearch that stands for text: `eval limit=[search ... | return $n]`. The subsearch
/// runs when the first rows come, its text takes the bracket's place, and what stands there then is the command.
///
/// Source: Splunk Search Manual 10.0, "About subsearches": the result is put into the outer search as text.
struct SubstitutedCommand: PlannedCommand {
    static let name = "substituted command"

    private let syntax: CommandSyntax
    private let context: CompileContext
    private let pieces: [(span: Range<Int>, search: Subsearch)]

    init(_ type: any Command.Type, _ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        self.syntax = syntax
        self.context = context
        var pieces: [(span: Range<Int>, search: Subsearch)] = []
        for token in syntax.arguments {
            guard let pipeline = token.pipeline else { continue }
            let offset = syntax.argumentOffset
            pieces.append(
                (
                    token.span.lowerBound - offset..<token.span.upperBound - offset,
                    try Subsearch(pipeline, context)
                ))
        }
        self.pieces = pieces
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    func schema(after input: Schema) -> Schema { .open }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var subsearches: [CompiledSearch] { pieces.map(\.search.search) }
    var explanation: String { "\(syntax.name): \(syntax.argumentText)" }

    func makeOperator() -> any Operator { SubstitutingOperator(command: self) }

    fileprivate func resolved(_ context: inout ExecutionContext) throws(SearchError) -> any Command {
        var text: [UInt8] = []
        let bytes = Array(syntax.argumentText.utf8)
        var copied = 0
        for (span, search) in pieces {
            text += bytes[copied..<span.lowerBound]
            let rows = try search.rows(&context, limit: context.limits.subsearchRows, of: syntax.name)
            text += SubsearchText().text(rows).utf8
            copied = span.upperBound
        }
        text += bytes[copied...]
        let pipeline = try Pipeline.parse("| \(syntax.name) " + String(decoding: text, as: UTF8.self))
        guard let command = pipeline.commands.first, pipeline.commands.count == 1 else {
            throw Diagnostic("E318", "the subsearch of '\(syntax.name)' gives text that ends the command")
        }
        return try Commands.compile(command, self.context, isFirst: self.context.isFirst)
    }
}

private struct SubstitutingOperator: Operator {
    let command: SubstitutedCommand
    var inner: (any Operator)?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try prepare(&context)
        return try inner?.process(batch, &context) ?? batch
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        try prepare(&context)
        return try inner?.finish(&context)
    }

    private mutating func prepare(_ context: inout ExecutionContext) throws(SearchError) {
        if inner == nil { inner = try command.resolved(&context).makeOperator() }
    }
}
