import Columns
import SPL

/// `join [<options>] [<fields>] <dataset>`: puts the dataset's row with equal fields beside each row. The dataset is a
/// subsearch, `datamodel:<name>` or `inputlookup:<name>`; options may stand before and behind the fields.
///
/// `type=inner` (default) drops rows without a match, `left` and `outer` keep them. `max` (1; 0 is all) is how many rows
/// of the dataset each row is joined with, the first ones in their order. `overwrite=f` keeps the row's own value where
/// both have one. `usetime=t` takes only rows of the dataset that are not later (`earlier=f`: not earlier), in seconds.
/// Keys compare as text, with case; a null key matches nothing. `left=L right=R where L.a=R.b` names the fields of each
/// side and prefixes all of them. Source: Splunk Search Reference 9.4, "join"; docs/decisions/0002.
struct JoinCommand: Command {
    static let name = "join"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "join <options> [<fields>] [<subsearch>] | datamodel:<name> | inputlookup:<table>",
        "Puts the row of a subsearch that has equal fields beside each row.",
        options: [
            ("type=inner|left|outer", "drops rows without a match (`inner`, unless written) or keeps them"),
            ("max=<count>", "with how many rows of the subsearch a row is joined, 1 unless written; 0 is all"),
            ("overwrite=<bool>", "of a field that both have the subsearch's value counts, `t` unless written"),
            ("usetime=<bool>", "takes only rows of the subsearch that are not later, `f` unless written"),
            ("earlier=<bool>", "with `usetime`: `f` takes only rows that are not earlier"),
            ("left=<alias>", "the prefix of the rows' fields, with `right` and WHERE `L.a=R.b`"),
            ("right=<alias>", "the prefix of the subsearch's fields"),
        ])

    /// The fields that must be equal; empty where they are those that both sides have.
    let keys: [JoinArguments.Key]
    let options: JoinArguments
    let search: Subsearch

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        (options, search) = try JoinArguments.read(syntax, context)
        keys = options.keys
    }

    func needs(_ after: FieldSet) -> FieldSet {
        if keys.isEmpty { return .all }
        var needed = after
        if let aliases = options.aliases {
            guard !after.isAll, after.patterns.isEmpty else { return .all }
            needed = FieldSet()
            let prefix = aliases.left + "."
            for name in after.names {
                if name.hasPrefix(prefix) { needed.insert(String(name.dropFirst(prefix.count))) }
                if name.hasPrefix("_") { needed.insert(name) }
            }
        }
        for key in keys { needed.insert(key.left) }
        if options.usesTime { needed.insert("_time") }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        let other = search.search.schema
        guard let aliases = options.aliases else { return input.united(with: other) }
        return Schema(
            isOpen: input.isOpen || other.isOpen,
            names: input.names.map { aliases.leftName($0) } + other.names.map { aliases.rightName($0) })
    }

    func rowKey(after input: [String]?) -> [String]? { options.maximum == 1 && options.aliases == nil ? input : nil }
    var subsearches: [CompiledSearch] { [search.search] }
    var policies: [Policy] { [.joinKeysAreText] + (keys.isEmpty ? [.joinCommonFieldsSkipInternal] : []) }
    var explanation: String { "join: \(options.explanation) [\(search.search.text)]" }

    func makeOperator() -> any Operator { JoinOperator(command: self) }
}

/// With fields written each batch is joined as it comes; without, the fields of all rows must be known first.
private struct JoinOperator: Operator {
    let command: JoinCommand
    var table: JoinTable?
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if command.keys.isEmpty {
            try held.append(batch, &context)
            return batch.prefix(0)
        }
        if batch.rowCount == 0 { return batch }
        let table = try prepared(&context)
        return try joined(batch, table, command.keys.map(\.left), context)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard command.keys.isEmpty else { return nil }
        let rows = held.take(&context)
        let other = try found(&context)
        let common = rows.names.filter { !$0.hasPrefix("_") && other.contains($0) }
        if common.isEmpty, rows.rowCount > 0, other.rowCount > 0 {
            context.warn(
                "W325", "join finds no field that both sides have", hint: "name the fields: join <field> [...]")
        }
        return try joined(rows, JoinTable(other, common), common, context)
    }

    private mutating func prepared(_ context: inout ExecutionContext) throws(SearchError) -> JoinTable {
        if let table { return table }
        let made = JoinTable(try found(&context), command.keys.map(\.right))
        warnOfMissingKeys(made.rows, &context)
        table = made
        return made
    }

    private func found(_ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try command.search.rows(&context, limit: context.limits.joinRows, of: JoinCommand.name)
    }

    private func warnOfMissingKeys(_ rows: Batch, _ context: inout ExecutionContext) {
        for key in command.keys where rows.rowCount > 0 && !rows.contains(key.right) {
            context.warn(
                "W325", "no row of the subsearch of join has the field '\(key.right)'",
                hint: "keep the field in the subsearch, or rename it there")
        }
    }

    private func joined(
        _ batch: Batch, _ table: JoinTable, _ keys: [String], _ context: ExecutionContext
    ) throws(SearchError) -> Batch {
        let options = command.options
        let matches = table.matches(of: batch, keys)
        let times = options.usesTime ? batch.column("_time") : nil
        let otherTimes = options.usesTime ? table.rows.column("_time") : nil
        let limit = options.maximum == 0 ? Int.max : options.maximum
        var leftRows: [Int?] = []
        var rightRows: [Int?] = []
        for row in 0..<batch.rowCount {
            var count = 0
            for other in matches(row) {
                if count == limit { break }
                if options.usesTime {
                    guard let time = times?[row].numeric, let otherTime = otherTimes?[other].numeric else { continue }
                    let (own, found) = (time.rounded(.down), otherTime.rounded(.down))
                    guard options.wantsEarlier ? found <= own : found >= own else { continue }
                }
                count += 1
                leftRows.append(row)
                rightRows.append(other)
            }
            if count == 0, options.keepsUnmatched {
                leftRows.append(row)
                rightRows.append(nil)
            }
            try JoinedRows.checkSize(rows: leftRows.count, columns: 1, context)
        }
        var (left, right) = (batch, table.rows)
        if let aliases = options.aliases {
            left = Self.renamed(left, aliases.leftName)
            right = Self.renamed(right, aliases.rightName)
        }
        return try JoinedRows.make(
            left, leftRows, right, rightRows, winner: options.overwrites ? .right : .left, context)
    }

    private static func renamed(_ batch: Batch, _ name: (String) -> String) -> Batch {
        var result = Batch(
            rowCount: batch.rowCount, columns: zip(batch.names, batch.columns).map { (name($0), $1) })
        result.origins = batch.origins
        return result
    }
}

/// The rows of one side of a join by the text of their keys.
struct JoinTable {
    let rows: Batch
    /// Per key field the texts that occur, numbered.
    private var numbers: [[Text: Int]]
    private var rowsOfKey: [[Int]: [Int]] = [:]

    init(_ rows: Batch, _ keys: [String]) {
        self.rows = rows
        numbers = Array(repeating: [:], count: keys.count)
        guard !keys.isEmpty else { return }
        var columns: [(ids: [UInt32], numbers: [Int?])] = []
        for (position, key) in keys.enumerated() {
            let column = rows.column(key) ?? .nulls(rowCount: rows.rowCount)
            var known = numbers[position]
            let translated = column.values.map { value -> Int? in
                guard let text = value.printed else { return nil }
                if let number = known[text] { return number }
                known[text] = known.count
                return known.count - 1
            }
            numbers[position] = known
            columns.append((column.ids, translated))
        }
        for row in 0..<rows.rowCount {
            let key = columns.compactMap { $0.numbers[Int($0.ids[row])] }
            if key.count == keys.count { rowsOfKey[key, default: []].append(row) }
        }
    }

    /// The matching rows of each row of `batch`, in their order.
    func matches(of batch: Batch, _ keys: [String]) -> (Int) -> [Int] {
        guard !keys.isEmpty else { return { _ in [] } }
        var columns: [(ids: [UInt32], numbers: [Int?])] = []
        for (position, key) in keys.enumerated() {
            let column = batch.column(key) ?? .nulls(rowCount: batch.rowCount)
            columns.append((column.ids, column.values.map { $0.printed.flatMap { numbers[position][$0] } }))
        }
        return { row in
            let key = columns.compactMap { $0.numbers[Int($0.ids[row])] }
            return key.count == keys.count ? rowsOfKey[key] ?? [] : []
        }
    }
}
