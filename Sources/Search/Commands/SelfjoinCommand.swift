import Columns
import SPL

/// `selfjoin [overwrite=<bool>] [max=<count>] [keepsingle=<bool>] <fields>`: joins each row with the rows behind it that
/// have the same fields: with the next one, with `max` of them, or with all (`max=0`).
///
/// Of two values the later row's counts, with `overwrite=f` the earlier one's; null never wins. A row with none behind it
/// is dropped; `keepsingle=t` keeps those whose fields no other row has. Source: Splunk Search Reference 9.4, "selfjoin".
struct SelfjoinCommand: Command {
    static let name = "selfjoin"
    static let help = CommandHelp(
        "selfjoin <options> <fields>", "Joins each row with rows behind it that have the same fields.",
        options: [
            ("overwrite=<bool>", "of two values the later row's counts; `t` unless written"),
            ("max=<count>", "with how many rows, 1 unless written; 0 is all"),
            ("keepsingle=<bool>", "keeps rows whose fields no other row has; `f` unless written"),
        ])

    fileprivate let keys: [String]
    fileprivate private(set) var overwrites = true
    fileprivate private(set) var maximum = 1
    fileprivate private(set) var keepsSingle = false

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var keys: [String] = []
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "overwrite": overwrites = try BooleanOption.value(value)
                case "keepsingle": keepsSingle = try BooleanOption.value(value)
                case "max": maximum = try NumberOption.count(value, for: name)
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if !reader.consumeComma() {
                keys.append(try reader.fieldName("a field to join on"))
            }
        }
        guard !keys.isEmpty else {
            throw Diagnostic("E732", "selfjoin names no field", span: syntax.nameSpan, hint: "write selfjoin <field>")
        }
        self.keys = keys
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for key in keys { needed.insert(key) }
        return needed
    }

    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.joinKeysAreText] }
    var explanation: String {
        "selfjoin: max \(maximum)\(overwrites ? "" : ", not overwriting")\(keepsSingle ? ", keeping single rows" : "")"
            + " on \(keys.joined(separator: ", "))"
    }

    func makeOperator() -> any Operator { SelfjoinOperator(command: self) }
}

private struct SelfjoinOperator: Operator {
    let command: SelfjoinCommand
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let rows = held.take(&context)
        let table = JoinTable(rows, command.keys)
        let matches = table.matches(of: rows, command.keys)
        let limit = command.maximum == 0 ? Int.max : command.maximum
        var places = [Int](repeating: 0, count: rows.rowCount)
        for row in 0..<rows.rowCount {
            let group = matches(row)
            // A group is walked once, at its first row.
            guard group.first == row else { continue }
            for (place, member) in group.enumerated() { places[member] = place }
        }
        var leftRows: [Int?] = []
        var rightRows: [Int?] = []
        for row in 0..<rows.rowCount {
            let group = matches(row)
            if group.count < 2 {
                guard command.keepsSingle else { continue }
                leftRows.append(row)
                rightRows.append(nil)
                continue
            }
            let next = places[row] + 1
            for other in group[next..<(group.count - next > limit ? next + limit : group.count)] {
                leftRows.append(row)
                rightRows.append(other)
            }
            try JoinedRows.checkSize(rows: leftRows.count, columns: rows.names.count, context)
        }
        return try JoinedRows.make(
            rows, leftRows, rows, rightRows, winner: command.overwrites ? .right : .left, context)
    }
}
