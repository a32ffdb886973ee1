import Columns
public import SPL

/// What the first part of a ``SplitPlan`` made of a piece of the input. It can be written out, and read where the second
/// part runs.
///
/// Layout: `ACS`, the version, the plan's digest, then the state of `stats`, then what each command of the first part had to
/// tell. A change of anything that is written is another version, and a version reads no other: states live as long as a
/// search runs (docs/decisions/0023).
public struct PartialResult: Sendable {
    static let mark = Array("ACS".utf8)
    static let version: UInt8 = 1

    /// What is known of a command of the first part.
    struct Stage: Sendable {
        /// Rows that it handed on.
        var rowCount = 0
        /// In the order in which they came, each once.
        var warnings: [Diagnostic] = []
    }

    private let identity: [UInt8]
    var stats: StatsOperator
    private(set) var stages: [Stage]
    /// The first pattern made of a row's values that was no regular expression, as it is shown.
    var refusedPattern: String?

    /// Of no rows.
    init(_ plan: SplitPlan) {
        identity = plan.identity
        stats = plan.stats.makeStats()
        stages = plan.streaming.map { _ in Stage() }
    }

    /// Notes what a command handed on, and takes what it told.
    mutating func note(_ rowCount: Int, _ context: inout ExecutionContext, of stage: Int) {
        stages[stage].rowCount += rowCount
        for warning in context.warnings where !stages[stage].warnings.contains(warning) {
            stages[stage].warnings.append(warning)
        }
        context.warnings = []
    }

    /// Takes over the result of the piece behind those so far.
    ///
    /// - Throws: E362 where that is of another search.
    mutating func append(_ next: PartialResult) throws(SearchError) {
        guard identity == next.identity else { throw Self.foreign }
        stats.merge(next.stats)
        for (index, stage) in next.stages.enumerated() {
            stages[index].rowCount += stage.rowCount
            for warning in stage.warnings where !stages[index].warnings.contains(warning) {
                stages[index].warnings.append(warning)
            }
        }
        refusedPattern = refusedPattern ?? next.refusedPattern
    }

    private static let foreign = Diagnostic(
        "E362", "the state is of another search", hint: "all parts of a search must be given the same text and content")

    // MARK: Bytes

    /// Equal results give equal bytes.
    public var bytes: [UInt8] {
        var writer = StateWriter()
        writer.append(Self.mark)
        writer.byte(Self.version)
        writer.append(identity)
        stats.write(to: &writer)
        for stage in stages {
            writer.count(stage.rowCount)
            writer.list(stage.warnings) { writer, warning in
                writer.string(warning.code)
                writer.string(warning.message)
                writer.list(warning.hint.map { [$0] } ?? []) { $0.string($1) }
            }
        }
        writer.list(refusedPattern.map { [$0] } ?? []) { $0.string($1) }
        return writer.bytes
    }

    /// - Throws: E361 for bytes that ``bytes`` does not give in this version, E362 for those of another plan.
    public init(bytes: [UInt8], plan: SplitPlan) throws(SearchError) {
        self.init(plan)
        var reader = StateReader(bytes)
        guard try reader.take(Self.mark.count).elementsEqual(Self.mark) else {
            throw StateReader.malformed("it does not begin as one")
        }
        let version = try reader.byte()
        guard version == Self.version else {
            throw StateReader.malformed("it is of version \(version), not \(Self.version)")
        }
        guard try reader.take(identity.count).elementsEqual(identity) else { throw Self.foreign }
        try stats.read(from: &reader)
        for index in stages.indices {
            stages[index].rowCount = try reader.count()
            stages[index].warnings = try reader.list { reader throws(SearchError) in try Self.warning(&reader) }
        }
        refusedPattern = try Self.atMostOne(&reader)
        try reader.expectEnd()
    }

    private static func warning(_ reader: inout StateReader) throws(SearchError) -> Diagnostic {
        let code = try reader.string()
        guard code.utf8.count == 4, code.hasPrefix("W"), code.utf8.dropFirst().allSatisfy({ $0 &- 48 < 10 }) else {
            throw StateReader.malformed("a warning has no code")
        }
        let message = try reader.string()
        return Diagnostic(code, message, hint: try atMostOne(&reader), severity: .warning)
    }

    private static func atMostOne(_ reader: inout StateReader) throws(SearchError) -> String? {
        let found = try reader.list { reader throws(SearchError) in try reader.string() }
        guard found.count < 2 else { throw StateReader.malformed("a text is there twice") }
        return found.first
    }
}
