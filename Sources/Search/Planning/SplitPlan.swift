public import Columns
import Formats
public import SPL

// Splunk runs the same two parts on indexers and on the search head (Search Manual, "Types of commands"). Here the pieces
// are cut from one input and run on all cores (``PieceWork``), or are what each machine of a cluster has of the input.

/// A search in two parts: one that any piece of the input can go through, and one that merges what became of the pieces.
public struct SplitPlan: Sendable {
    /// Commands to each of which a row is all there is.
    let streaming: [any Command]
    let stats: StatsCommand
    /// `stats` and all behind it.
    private let merging: [any Command]
    private let isPlain: Bool
    /// Digest of what the first part does: the state of one plan means nothing to another.
    let identity: [UInt8]

    fileprivate init(streaming: [any Command], stats: StatsCommand, merging: [any Command], isPlain: Bool) {
        self.streaming = streaming
        self.stats = stats
        self.merging = merging
        self.isPlain = isPlain
        let text = (streaming.map(\.explanation) + [stats.explanation]).joined(separator: "\n")
        identity = SHA256.digest(Array(text.utf8))
    }

    /// The merged result is that of a run in one piece to the last digit, if the pieces lie in the order of the rows.
    public var isExact: Bool { stats.inexactFunctions.isEmpty }

    /// One line for `--explain`.
    var explanation: String {
        let first = streaming.count > 1 ? "commands 1 to \(streaming.count)" : "command 1"
        return "split: \(first) in pieces of the input, merged by \(streaming.count + 1)"
            + (isExact
                ? ""
                : "; not here: \(stats.inexactFunctions.joined(separator: ", ")) must add in the order of the rows")
    }

    /// Runs the first part over a piece of the input.
    ///
    /// - Parameter context: as the whole search has it, its time range too; nothing is told to it.
    public func piece(_ batches: [Batch], _ context: ExecutionContext) throws(SearchError) -> PartialResult {
        var context = context.forPiece()
        var result = PartialResult(self)
        var operators = streaming.map { $0.makeOperator() }
        for batch in batches {
            var batch = batch
            for index in operators.indices {
                try context.checkTime()
                batch = try operators[index].process(batch, &context)
                result.note(batch.rowCount, &context, of: index)
            }
            try context.checkTime()
            _ = try result.stats.process(batch, &context)
        }
        result.refusedPattern = context.patterns.takeRefused()
        return result
    }

    /// Merges pieces, and runs what follows over what they come to.
    ///
    /// - Parameters:
    ///   - results: in the order of the pieces; none is an input without rows.
    ///   - context: told what the pieces had to tell, each thing once, by command and then by piece.
    /// - Throws: E362 for a piece of another search.
    public func merge(_ results: [PartialResult], _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var whole = PartialResult(self)
        for result in results { try whole.append(result) }
        for stage in whole.stages { for warning in stage.warnings { context.warn(warning) } }
        if let pattern = whole.refusedPattern { context.patterns.refuse(pattern) }
        // A batch without rows goes through all commands, as the last of the input does in a run in one piece.
        return try CommandChain(merging, first: whole.stats, isPlain: isPlain).run([Batch()], &context)
    }
}

extension CompiledSearch {
    /// The search in two parts; nil where its first command that does not stream is no `stats` that merges.
    public func split() -> SplitPlan? {
        guard let place = commands.firstIndex(where: { !$0.streams }), let stats = commands[place] as? StatsCommand,
            stats.merges
        else { return nil }
        return SplitPlan(
            streaming: Array(commands[..<place]), stats: stats, merging: Array(commands[place...]), isPlain: isPlain)
    }
}
