import Columns
import SPL

/// `set union|diff|intersect [<subsearch>] [<subsearch>]`: rows of either search, of only one of them, or of both.
///
/// Rows are the same when all their fields are, internal ones too; each comes once, in the order in which they are first
/// met. At most 10,000 rows of a subsearch are taken. Source: Splunk Search Reference 9.4, "set"; repeated rows:
/// docs/decisions/0002.
struct SetCommand: GeneratingCommand {
    static let name = "set"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "set union|diff|intersect [<subsearch>] [<subsearch>]",
        "Gives the rows of either search, of only one of them, or of both.")

    fileprivate enum Operation: String, Sendable, CaseIterable { case union, diff, intersect }

    fileprivate let operation: Operation
    fileprivate let searches: [Subsearch]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        let word = reader.next()
        guard let word, word.kind == .word, let operation = Operation(rawValue: word.text.lowercased()) else {
            throw Diagnostic(
                "E739", "set needs an operation, not '\(word?.raw ?? "")'", span: word?.span ?? syntax.nameSpan,
                hint: "write set union, set diff or set intersect")
        }
        var searches: [Subsearch] = []
        while let token = reader.next() {
            if token.kind == .comma { continue }
            guard let pipeline = token.pipeline, searches.count < 2 else {
                throw reader.unexpected(token, expected: "two subsearches in brackets")
            }
            searches.append(try Subsearch(pipeline, context))
        }
        guard searches.count == 2 else {
            throw Diagnostic(
                "E731", "set needs two subsearches", span: syntax.nameSpan,
                hint: "write set \(operation.rawValue) [search <terms>] [search <terms>]")
        }
        self.operation = operation
        self.searches = searches
    }

    func needs(_ after: FieldSet) -> FieldSet { .none }
    func schema(after input: Schema) -> Schema {
        searches.reduce(Schema(isOpen: false)) { $0.united(with: $1.search.schema) }
    }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var subsearches: [CompiledSearch] { searches.map(\.search) }
    var policies: [Policy] { [.setRowsAreDistinct] }
    var explanation: String {
        "set \(operation.rawValue): " + searches.map { "[\($0.search.text)]" }.joined(separator: " ")
    }

    func makeOperator() -> any Operator { SetOperator(command: self) }
}

private struct SetOperator: Operator {
    let command: SetCommand

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var buffer = RowBuffer()
        var sides: [Int] = []
        for search in command.searches {
            let found = try search.rows(&context, limit: context.limits.subsearchRows, of: SetCommand.name)
            try buffer.append(found, &context)
            sides.append(found.rowCount)
        }
        let rows = buffer.take(&context)
        /// Per distinct row the place of its first appearance, and which sides have it.
        var known: [Text: Int] = [:]
        var distinct: [(row: Int, isLeft: Bool, isRight: Bool, origins: [UInt32])] = []
        let names = rows.names.sorted()
        for row in 0..<rows.rowCount {
            let isLeft = row < sides[0]
            let origins = rows.origins?[row] ?? []
            let key = Self.identity(rows, row, names)
            if let place = known[key] {
                if isLeft { distinct[place].isLeft = true } else { distinct[place].isRight = true }
                distinct[place].origins += origins
            } else {
                known[key] = distinct.count
                distinct.append((row, isLeft, !isLeft, origins))
            }
        }
        let kept = distinct.filter { entry in
            switch command.operation {
            case .union: true
            case .diff: entry.isLeft != entry.isRight
            case .intersect: entry.isLeft && entry.isRight
            }
        }
        var result = rows.gathered(kept.map(\.row))
        if rows.origins != nil { result.origins = kept.map(\.origins) }
        return result
    }

    /// Names and values of the row's fields, each with its length before it, so that no two rows read alike.
    private static func identity(_ rows: Batch, _ row: Int, _ names: [String]) -> Text {
        var bytes: [UInt8] = []
        func add(_ part: [UInt8]) {
            bytes += Array("\(part.count):".utf8)
            bytes += part
        }
        for name in names {
            let elements = rows[name, row].elements
            guard !elements.isEmpty else { continue }
            add(Array(name.utf8))
            bytes += Array("\(elements.count);".utf8)
            for element in elements { add(element.printed?.bytes ?? []) }
        }
        return Text(bytes)
    }
}
