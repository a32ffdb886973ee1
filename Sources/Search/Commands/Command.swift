public import Columns
public import SPL

/// A command of the search language, compiled. One file a command, and one line in ``Commands``.
public protocol Command: Sendable {
    /// As written in a search, lower case.
    static var name: String { get }

    /// Other spellings (`bucket` for `bin`).
    static var otherNames: [String] { get }

    /// What the reference page says of it.
    static var help: CommandHelp { get }

    /// True where a bracket holds a pipeline that the command runs itself (`append`, `join`, `foreach`, ...). For all
    /// others a subsearch is text: it runs first, and what it gives is put in its place.
    static var readsSubsearches: Bool { get }

    /// Reads the command's own arguments.
    /// - Throws: a diagnostic with the place in the search.
    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic)

    /// The fields needed from the input when `after` is needed from the output.
    func needs(_ after: FieldSet) -> FieldSet

    /// The result's columns as far as they are known before the run.
    func schema(after input: Schema) -> Schema

    /// The fields that tell result rows apart from each other in one window, when that is known: the BY fields of
    /// `stats`. It makes a firing the same firing when late events change its counts.
    func rowKey(after input: [String]?) -> [String]?

    /// What `nomv` puts between the values of a field, by field, where a command has said so (`mvcombine delim=`).
    func delimiters(after input: [String: String]) -> [String: String]

    /// True where the order of rows in the input changes the result, so that events must come newest first.
    var dependsOnOrder: Bool { get }

    /// What comes of a row depends on that row alone, and on nothing that another piece of the input sees: the command can
    /// run on any piece of it, here or on another machine. False unless a command says otherwise. Such a command gives each
    /// of its warnings in the same words whatever the rows, and its operator holds nothing back.
    /// Source: Splunk Search Manual, "Types of commands" (distributable streaming).
    var streams: Bool { get }

    /// Equal rows may give other results in a search that starts at another time or has another time range. True unless
    /// a command says otherwise.
    var readsClock: Bool { get }

    /// Searches that this command runs.
    var subsearches: [CompiledSearch] { get }

    /// The open points of Splunk's semantics that this command's result depends on.
    var policies: [Policy] { get }

    /// A file that the command cannot run without and that was not given; the message says which, and how to give it.
    var missingFile: Diagnostic? { get }

    /// One line for `--explain`; it tells apart any two commands that do different things.
    var explanation: String { get }

    func makeOperator() -> any Operator
}

extension Command {
    public static var otherNames: [String] { [] }
    public static var readsSubsearches: Bool { false }
    public func schema(after input: Schema) -> Schema { input }
    public func rowKey(after input: [String]?) -> [String]? { input }
    public func delimiters(after input: [String: String]) -> [String: String] { input }
    public var dependsOnOrder: Bool { false }
    public var streams: Bool { false }
    public var readsClock: Bool { true }
    public var subsearches: [CompiledSearch] { [] }
    public var policies: [Policy] { [] }
    public var missingFile: Diagnostic? { nil }
}

/// A command that no search names: the planner puts it into the place of others.
protocol PlannedCommand: Command {}

extension PlannedCommand {
    static var help: CommandHelp { CommandHelp("", "") }

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        throw Diagnostic("E301", "unknown command '\(syntax.name)'", span: syntax.nameSpan)
    }
}

/// What compilation may know: which functions exist, and what the environment of the search offers.
public struct CompileContext: Sendable {
    public var environment: SearchEnvironment
    /// The command comes first in its pipeline.
    var isFirst = false
    /// The caller brings the rows (`--results`); a first command does not read any.
    var rowsAreGiven = false
    /// `mstats` compares the values of its terms case-sensitively.
    var valuesAreCaseSensitive = false
    /// 0 for a search of the user's, 1 for its subsearches, ...
    var depth = 0
    /// What the commands before this one have said about `nomv`; see ``Command/delimiters(after:)``.
    var delimiters: [String: String] = [:]
    /// Lookup files that the search writes itself.
    var writtenLookups: Set<String> = []
    /// Models that the search trains itself, with those of the searches around it.
    var trainedModels: Set<String> = []

    public init(environment: SearchEnvironment) { self.environment = environment }
}
