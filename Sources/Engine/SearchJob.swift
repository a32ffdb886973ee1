public import Columns
public import Formats
public import Ingest
public import RiskIndex
public import SPL
public import Search

/// Any search: over inputs, over the stored index, or over rows already made.
public struct SearchJob: Sendable {
    public var text: String
    public var inputs: [InputSpec]
    /// Rows that flow into the search, which then starts in the middle of a pipeline.
    public var rows: Batch?
    public var range: TimeRange
    public var nowMicroseconds: Int64
    public var zone: TimeZoneRules
    public var threadCount: Int
    public var macros: [MacroDefinition]
    /// Folder for what the search writes; nil leaves it with the run.
    public var keepFolder: String?
    public var limits = SearchLimits()
    /// Called when the search starts; what it gives is asked between batches whether the time is up.
    public var deadline: (@Sendable () -> @Sendable () -> Bool)?

    /// Tells the time that the search takes; nil takes none.
    public var stopwatch: Stopwatch?

    public init(
        text: String, inputs: [InputSpec] = [], rows: Batch? = nil, range: TimeRange = TimeRange(),
        nowMicroseconds: Int64, zone: TimeZoneRules = .utc, threadCount: Int, macros: [MacroDefinition] = []
    ) {
        self.text = text
        self.inputs = inputs
        self.rows = rows
        self.range = range
        self.nowMicroseconds = nowMicroseconds
        self.zone = zone
        self.threadCount = threadCount
        self.macros = macros
    }

    public struct Outcome: Sendable {
        public var rows: Batch
        public var warnings: [Diagnostic]
        public var scan: ScanReport?
        /// Of all requests for events, subsearches' too; times are 0 where nobody takes them.
        public var effort = RuleEffort()
        public var matchedEventCount = 0
    }

    /// A search that does not compile, with the text that its places refer to.
    public struct Failure: Error, Sendable {
        public var diagnostic: Diagnostic
        public var source: String

        public init(diagnostic: Diagnostic, source: String) {
            self.diagnostic = diagnostic
            self.source = source
        }
    }

    public func compile(_ content: LoadedContent) throws(Failure) -> CompiledSearch {
        var environment = content.environment(nowMicroseconds: nowMicroseconds, zone: zone)
        for macro in macros { environment.macros.define(macro) }
        let expanded: ExpandedSearch
        do throws(Diagnostic) {
            expanded = try SearchText.expand(text, environment)
        } catch {
            throw Failure(diagnostic: error, source: text)
        }
        do throws(Diagnostic) {
            return try CompiledSearch.compile(expanded, environment: environment, startsWithRows: rows != nil)
        } catch {
            var placed = error
            placed.span = error.span.map { expanded.sourceSpan(of: $0).span }
            throw Failure(diagnostic: placed, source: text)
        }
    }

    /// - Parameter index: called only when the search reads it.
    /// - Throws: `Failure`, `EngineError` or `IndexError`.
    public func run(
        _ content: LoadedContent, index: @escaping @Sendable () throws -> RiskIndex
    ) throws -> Outcome {
        let source = JobRowSource(
            scan: { [self] requests in
                guard !inputs.isEmpty else {
                    throw EngineError(
                        "E353", "the search reads events, but no input is given",
                        hint: "add --input FILE, or search index=risk or index=notable")
                }
                let start = stopwatch?() ?? 0
                var (events, report) = try scan(content).run(requests)
                report.nanoseconds = (stopwatch?() ?? 0) - start
                return (events, report)
            }, index: index)
        let state = content.stored.fresh()
        let outcome = try run(try compile(content), source, state)
        if let keepFolder { try WrittenFiles(folder: keepFolder).write(state) }
        return outcome
    }

    /// Runs over rows that `source` brings.
    func run(
        _ search: CompiledSearch, _ source: JobRowSource, _ state: SearchState = SearchState()
    ) throws -> Outcome {
        var context = ExecutionContext(
            nowMicroseconds: nowMicroseconds, zone: zone, range: range, limits: limits, rowSource: source,
            state: state)
        context.isOverdue = deadline?()
        do {
            try source.prepare(search.ranges(nowMicroseconds: nowMicroseconds, zone: zone, outer: range))
            let start = stopwatch?() ?? 0
            let result = try rows.map { try search.run([$0], &context) } ?? search.run(&context, pieces: pieces)
            let (effort, matchedEventCount) = source.effort
            return Outcome(
                rows: result, warnings: context.warnings, scan: source.report,
                effort: RuleEffort(
                    candidateCount: effort.candidateCount, candidateBytes: effort.candidateBytes,
                    filterNanoseconds: effort.nanoseconds, runNanoseconds: (stopwatch?() ?? 0) - start),
                matchedEventCount: matchedEventCount)
        } catch let diagnostic as Diagnostic {
            if let failure = source.failure, !(failure is Diagnostic) { throw failure }
            throw Failure(diagnostic: diagnostic, source: text)
        }
    }

    /// None on one core: cutting and merging are work too.
    private var pieces: PieceWork? {
        let threadCount = threadCount
        guard threadCount > 1 else { return nil }
        return PieceWork(atOnce: 8 * threadCount) { pieces, work in pieces.concurrentMap(threadCount, work) }
    }

    private func scan(_ content: LoadedContent) -> EventScan {
        EventScan(
            inputs: inputs,
            environment: ScanEnvironment(
                addons: content.addons, zone: zone,
                search: content.environment(nowMicroseconds: nowMicroseconds, zone: zone)),
            threadCount: threadCount, stopwatch: stopwatch)
    }
}
