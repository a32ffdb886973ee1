public import Columns
public import SPL

/// A search, checked and planned: where its rows come from, which fields it needs of them, and what happens to them.
public struct CompiledSearch: Sendable {
    public let source: SourcePlan
    /// The commands that run over the source's rows; for events and stored records the first is the filter itself.
    public let commands: [any Command]
    /// The fields that the source must bring.
    public let needed: FieldSet
    /// The result's columns as far as they are known.
    public let schema: Schema
    /// The fields that identify a result row within one window; nil where the whole row does.
    public let rowKey: [String]?
    /// Some command's result depends on the order of its input, so events must come newest first.
    public let dependsOnOrder: Bool
    /// The text after macro expansion.
    public let text: String

    /// - Parameter startsWithRows: the caller brings rows (`--results`): the first command need not be generating.
    /// - Throws: the first error found, with a place in the expanded text.
    public static func compile(
        _ search: ExpandedSearch, environment: SearchEnvironment, startsWithRows: Bool = false
    ) throws(Diagnostic) -> CompiledSearch {
        let pipeline = try Pipeline.parse(search.text)
        let context = CompileContext(environment: environment)
        var commands: [any Command] = []
        var generating: (any GeneratingCommand)?
        for (position, syntax) in pipeline.commands.enumerated() {
            let command = try command(syntax, context)
            if let found = command as? any GeneratingCommand {
                guard position == 0, !startsWithRows else {
                    throw Diagnostic(
                        "E346", "'\(syntax.name)' brings rows and must come first", span: syntax.nameSpan,
                        hint: "start the search with | \(syntax.name)")
                }
                generating = found
            } else {
                if position == 0, !startsWithRows, !(command is SearchCommand) {
                    throw Diagnostic(
                        "E347", "'\(syntax.name)' needs rows, but it comes first", span: syntax.nameSpan,
                        hint: "start with search terms or a generating command, or give rows with --results")
                }
                commands.append(command)
            }
        }
        if let generating { commands = generating.expansion(before: commands) + commands }
        guard !commands.isEmpty else { throw Diagnostic("E348", "the search is empty", hint: "write search terms") }
        return try CompiledSearch(
            commands, search.text, environment, startsWithRows: startsWithRows)
    }

    private init(
        _ commands: [any Command], _ text: String, _ environment: SearchEnvironment, startsWithRows: Bool
    ) throws(Diagnostic) {
        source = startsWithRows ? .rows : try SourcePlanner(environment: environment).plan(commands)
        self.commands = commands
        self.text = text
        needed = commands.reversed().reduce(FieldSet.all) { $1.needs($0) }
        schema = commands.reduce(Schema.open) { $1.schema(after: $0) }
        rowKey = commands.reduce(nil) { $1.rowKey(after: $0) }
        dependsOnOrder = commands.contains(where: \.dependsOnOrder) || rowKey == nil
    }

    private static func command(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) -> any Command {
        if let type = Commands.byName[syntax.name] { return try type.init(syntax, context) }
        let supported = Commands.all.map { $0.name }
        if SplunkCommandNames.all.contains(syntax.name) {
            throw Diagnostic(
                "E301", "command '\(syntax.name)' is not supported yet", span: syntax.nameSpan,
                hint: "supported: \(supported.joined(separator: ", "))")
        }
        let nearest = NearestName.find(syntax.name, in: supported)
        throw Diagnostic(
            "E301", "unknown command '\(syntax.name)'", span: syntax.nameSpan,
            hint: nearest.map { "did you mean '\($0)'?" } ?? "supported: \(supported.joined(separator: ", "))")
    }

    /// Runs the commands over `batches`, in order.
    ///
    /// - Parameter skipping: how many leading commands the source has already run (1 where it filtered).
    public func run(
        _ batches: [Batch], skipping: Int = 0, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        var operators = commands.dropFirst(skipping).map { $0.makeOperator() }
        var result = BatchBuilder()
        // A result without rows still has columns; the last one to pass knows them all.
        var empty = Batch()
        func take(_ output: Batch) {
            if output.rowCount > 0 { result.append(output) } else { empty = output }
        }
        for batch in batches { take(try Self.push(batch, through: &operators, from: 0, &context)) }
        for index in operators.indices {
            if let held = try operators[index].finish(&context) {
                take(try Self.push(held, through: &operators, from: index + 1, &context))
            }
        }
        return result.count > 0 ? result.finish() : empty
    }

    private static func push(
        _ batch: Batch, through operators: inout [any Operator], from start: Int, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        var batch = batch
        for index in operators.indices.dropFirst(start) {
            batch = try operators[index].process(batch, &context)
        }
        return batch
    }
}
