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
    let isPlain: Bool
    /// The dataset whose rows it starts from.
    let dataset: DatasetUse?

    /// - Parameter startsWithRows: the caller brings rows (`--results`): the first command need not be generating.
    /// - Throws: the first error found, with a place in the expanded text.
    public static func compile(
        _ search: ExpandedSearch, environment: SearchEnvironment, startsWithRows: Bool = false
    ) throws(Diagnostic) -> CompiledSearch {
        let compiled = try CompiledSearch(
            Pipeline.parse(search.text), text: search.text, CompileContext(environment: environment),
            startsWithRows: startsWithRows)
        if !environment.checksOnly, let missing = compiled.missingFiles.first { throw missing }
        return compiled
    }

    /// What the search and its subsearches cannot run without, where `SearchEnvironment.checksOnly` let it pass.
    public var missingFiles: [Diagnostic] { searchesOfTree.flatMap { $0.commands.compactMap(\.missingFile) } }

    init(
        _ pipeline: Pipeline, text: String, _ context: CompileContext, startsWithRows: Bool = false
    ) throws(Diagnostic) {
        var context = context.writing(pipeline).training(pipeline)
        context.rowsAreGiven = startsWithRows
        context.delimiters = [:]
        var commands: [any Command] = []
        var first: (any GeneratingCommand)?
        for (position, syntax) in pipeline.commands.enumerated() {
            let command = try Commands.compile(syntax, context, isFirst: position == 0)
            context.delimiters = command.delimiters(after: context.delimiters)
            if position == 0, let generating = command as? any GeneratingCommand {
                first = generating
                continue
            }
            if let generating = command as? any GeneratingCommand, !generating.mayFollow {
                throw Diagnostic(
                    "E346", "'\(syntax.name)' brings rows and must come first", span: syntax.nameSpan,
                    hint: "start the search with | \(syntax.name)")
            }
            if position == 0, !startsWithRows, !(command is SearchCommand) {
                throw Diagnostic(
                    "E347", "'\(syntax.name)' needs rows, but it comes first", span: syntax.nameSpan,
                    hint: "start with search terms or a generating command, or give rows with --results")
            }
            commands.append(command)
        }
        dataset = try first?.datasetUse(before: commands)
        if let first {
            let name = pipeline.commands[0]
            if startsWithRows, !first.mayFollow {
                guard let expansion = try first.expansionOverGivenRows(before: commands) else {
                    throw Diagnostic(
                        "E346", "'\(name.name)' brings rows, but rows are given already", span: name.nameSpan,
                        hint: "leave out --results")
                }
                commands = expansion + commands
            } else {
                commands = try first.expansion(before: commands) + commands
            }
        }
        guard !commands.isEmpty else { throw Diagnostic("E348", "the search is empty", hint: "write search terms") }
        let planner = SourcePlanner(environment: context.environment)
        var source = startsWithRows ? .rows : try planner.plan(commands)
        isPlain = context.environment.isPlain
        if case .stored(let request) = source, !isPlain {
            let fewer = Self.withoutIdleFills(commands, request.neverNull)
            // What no eval assigns any more can now be asked of the source.
            if fewer.count < commands.count { source = try planner.plan(fewer) }
            commands = fewer
        }
        self.source = source
        self.commands = commands
        self.text = text
        needed = commands.reversed().reduce(FieldSet.all) { $1.needs($0) }
        schema = commands.reduce(Schema.open) { $1.schema(after: $0) }
        rowKey = commands.reduce(nil) { $1.rowKey(after: $0) }
        dependsOnOrder = commands.contains(where: \.dependsOnOrder) || rowKey == nil
    }

    /// Leaves out what fills fields that are never null: filling `calculated_risk_score` from `risk_score` would need
    /// both. Stops at the first command that may change rows otherwise.
    private static func withoutIdleFills(_ commands: [any Command], _ neverNull: Set<String>) -> [any Command] {
        let end = commands.firstIndex { command in
            if let eval = command as? EvalCommand { return eval.onlyFills == nil }
            return !(command is SearchCommand)
        }
        let leading = commands[..<(end ?? commands.count)].filter { command in
            (command as? EvalCommand)?.onlyFills.map { !$0.isSubset(of: neverNull) } ?? true
        }
        return leading + commands[(end ?? commands.count)...]
    }

    /// This search and its subsearches, outermost first, in the order of the text.
    public var searchesOfTree: [CompiledSearch] {
        [self] + commands.flatMap(\.subsearches).flatMap(\.searchesOfTree)
    }

    /// It may write what later searches read: lookups, models, collected events. By the words of the text, for brackets
    /// and templates of `map` hide commands.
    public var mayWriteState: Bool {
        let words = text.lowercased().utf8.split { !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }
        return words.contains { Self.writingCommands.contains($0) }
    }

    private static let writingCommands = Set(
        [
            OutputLookupCommand.self, CollectCommand.self, FitCommand.self, DeletemodelCommand.self,
            SendalertCommand.self, MapCommand.self,
        ].flatMap { (command: any Command.Type) in [command.name] + command.otherNames })

    /// Equal rows may give other results when the search starts at another time or has another time range.
    public var readsClock: Bool { commands.contains(where: \.readsClock) }

    public var readsEvents: Bool {
        if case .events = source { true } else { false }
    }

    /// How many leading commands a source of events has done when it brings rows that satisfy the request's predicate.
    public var filteredBySource: Int {
        guard readsEvents, let first = commands.first as? SearchCommand, !first.isIncomplete else { return 0 }
        return 1
    }

    /// What tells one request for rows from another: searches of equal keys start from the same rows, whatever fields of
    /// them they need.
    public var sourceKey: String { commands.first?.explanation ?? "" }

    /// The range of event time that a run reads: what the search says itself, else what surrounds it.
    public func range(_ context: ExecutionContext) -> TimeRange {
        times.range(nowMicroseconds: context.nowMicroseconds, zone: context.zone, outer: context.range)
    }

    /// What the search itself says about its time range.
    public var times: SourceTimes {
        switch source {
        case .events(let request): request.times
        case .stored(let request): request.times
        case .rows: SourceTimes()
        }
    }

    /// Runs the whole search, its rows brought by the context's row source.
    ///
    /// - Parameter pieces: how to run it in pieces where it splits; the result is the same without.
    public func run(
        _ context: inout ExecutionContext, pieces: PieceWork? = nil
    ) throws(SearchError) -> Batch {
        let range = range(context)
        let outer = context.range
        context.range = range
        defer { context.range = outer }
        if case .rows = source { return try run([], &context) }
        let rows = try context.rowSource.rows(of: self, range: range)
        if let merged = try pieces?.result(of: self, rows, &context) { return merged }
        return try run([rows], &context)
    }

    /// Runs the commands over `batches`, in order.
    ///
    /// - Parameter skipping: how many leading commands the source has already run (1 where it filtered).
    public func run(
        _ batches: [Batch], skipping: Int = 0, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        try CommandChain(commands.dropFirst(skipping), isPlain: isPlain).run(batches, &context)
    }
}

/// Commands that run one behind the other.
struct CommandChain {
    private var operators: [any Operator]

    /// - Parameter first: stands for the first command and has seen its rows already.
    init(_ commands: some Collection<any Command>, first: StatsOperator? = nil, isPlain: Bool = false) {
        operators = commands.map { $0.makeOperator() }
        if let first { operators[0] = first }
        guard !isPlain else { return }
        for (index, command) in commands.enumerated().dropFirst() {
            guard let filter = command as? WhereCommand, var stats = operators[index - 1] as? StatsOperator else {
                continue
            }
            stats.condition = filter.condition
            operators[index - 1] = stats
        }
    }

    consuming func run(_ batches: [Batch], _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var result = RowBuffer()
        // A result without rows still has columns; the last one to pass knows them all.
        var empty = Batch()
        for batch in batches {
            let output = try push(batch, from: 0, &context)
            if output.rowCount > 0 { try result.append(output, &context) } else { empty = output }
        }
        for index in operators.indices {
            guard let held = try operators[index].finish(&context) else { continue }
            let output = try push(held, from: index + 1, &context)
            if output.rowCount > 0 { try result.append(output, &context) } else { empty = output }
        }
        if let pattern = context.patterns.takeRefused() {
            context.warn(
                PatternCache.refusedCode,
                "'\(pattern)', a pattern made of a row's values, is no regular expression: it gives null",
                hint: "keep out of the pattern what a log can choose")
        }
        return result.count > 0 ? result.take(&context) : empty
    }

    private mutating func push(
        _ batch: Batch, from start: Int, _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        var batch = batch
        for index in operators.indices.dropFirst(start) {
            try context.checkTime()
            batch = try operators[index].process(batch, &context)
        }
        return batch
    }
}
