public import Columns
public import SPL

/// A command of the search language, compiled. One file a command, and one line in ``Commands``.
public protocol Command: Sendable {
    /// As written in a search, lower case.
    static var name: String { get }

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

    /// True where the order of rows in the input changes the result, so that events must come newest first.
    var dependsOnOrder: Bool { get }

    /// One line for `--explain`.
    var explanation: String { get }

    func makeOperator() -> any Operator
}

extension Command {
    public func schema(after input: Schema) -> Schema { input }
    public func rowKey(after input: [String]?) -> [String]? { input }
    public var dependsOnOrder: Bool { false }
}

/// What compilation may know: which functions exist, and what the environment of the search offers.
public struct CompileContext: Sendable {
    public var environment: SearchEnvironment

    public init(environment: SearchEnvironment) { self.environment = environment }
}
