import Columns
import SPL

/// `dedup [<n>] <fields> [keepevents=<bool>] [keepempty=<bool>] [consecutive=<bool>] [sortby [-|+]<field> ...]` keeps the
/// first n rows (1 when none is written) of each combination of values.
///
/// A row that lacks one of the fields goes, unless `keepempty=t`. Multivalues are equal when all their values are, in
/// order. `keepevents=t` keeps every row and takes the fields from those that would go. `consecutive=t` looks at runs of
/// neighbours only; a row that lacks a field ends a run. `sortby` sorts first. Errors: E380, E394.
/// Source: Splunk Search Reference 9.4, "dedup".
struct DedupCommand: Command {
    static let name = "dedup"
    static let help = CommandHelp(
        "dedup [<count>] <fields> <options> [SORTBY [-|+]<field> ...]",
        "Keeps the first rows, one unless told otherwise, of each combination of values.",
        options: [
            ("keepevents=<bool>", "keeps every row and takes the fields from those that would go; `f` unless written"),
            ("keepempty=<bool>", "keeps rows that lack one of the fields; `f` unless written"),
            ("consecutive=<bool>", "compares a row with the one before it only; `f` unless written"),
        ])

    fileprivate struct Rule: Sendable {
        var count = 1
        var fields: [String] = []
        var keepsEvents = false
        var keepsEmpty = false
        var isConsecutive = false
        var sortKeys: [SortKey] = []
    }

    private let rule: Rule

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var rule = Rule()
        if let token = reader.peek(), token.kind == .word, Int(token.text) != nil {
            rule.count = try NumberOption.count(token, for: Self.name, in: 1...Int.max)
            _ = reader.next()
        }
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let (name, value) = reader.option() {
                switch name {
                case "keepevents": rule.keepsEvents = try BooleanOption.value(value)
                case "keepempty": rule.keepsEmpty = try BooleanOption.value(value)
                case "consecutive": rule.isConsecutive = try BooleanOption.value(value)
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if !rule.fields.isEmpty, reader.consumeKeyword("sortby") {
                rule.sortKeys = try SortKey.readList(&reader)
                if rule.sortKeys.isEmpty {
                    throw .noField("sortby of dedup", token.span, "dedup <field> sortby -<field>")
                }
            } else {
                let field = try reader.fieldName("a field to compare", allowingParentheses: true)
                if !rule.fields.contains(field) { rule.fields.append(field) }
            }
        }
        if rule.fields.isEmpty { throw .noField(Self.name, syntax.nameSpan, "dedup <field> ...") }
        self.rule = rule
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for field in rule.fields + rule.sortKeys.map(\.field) { needed.insert(field) }
        return needed
    }

    var dependsOnOrder: Bool { true }
    var readsClock: Bool { false }

    var explanation: String {
        "dedup: first \(rule.count) by \(rule.fields.joined(separator: ", "))"
            + (rule.keepsEvents ? ", keepevents" : "") + (rule.keepsEmpty ? ", keepempty" : "")
            + (rule.isConsecutive ? ", consecutive" : "")
            + (rule.sortKeys.isEmpty ? "" : ", sorted by " + rule.sortKeys.map(\.explanation).joined(separator: ", "))
    }

    func makeOperator() -> any Operator { DedupOperator(rule) }
}

private struct DedupOperator: Operator {
    private let rule: DedupCommand.Rule
    private var numberings: [ValueNumbering]
    private var countOfKey: [[Int]: Int] = [:]
    /// The combination of the run that goes on, and its rows so far.
    private var run: (key: [Int], count: Int) = ([], 0)
    private var rows = RowBuffer()

    init(_ rule: DedupCommand.Rule) {
        self.rule = rule
        numberings = Array(repeating: ValueNumbering(), count: rule.fields.count)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard !rule.sortKeys.isEmpty else { return deduplicated(batch) }
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard !rule.sortKeys.isEmpty else { return nil }
        let all = rows.take(&context)
        return deduplicated(all.gathered(SortKey.order(of: all, by: rule.sortKeys)))
    }

    private mutating func deduplicated(_ batch: Batch) -> Batch {
        var numbers: [[Int]] = []
        for index in rule.fields.indices {
            numbers.append(numberings[index].numbers(batch.column(rule.fields[index]), rowCount: batch.rowCount))
        }
        var isKept: [Bool] = []
        isKept.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            let key = numbers.map { $0[row] }
            if key.contains(0) {
                run = ([], 0)
                isKept.append(rule.keepsEmpty || rule.keepsEvents)
                continue
            }
            let seen: Int
            if rule.isConsecutive {
                run = key == run.key ? (key, run.count + 1) : (key, 1)
                seen = run.count
            } else {
                seen = countOfKey[key, default: 0] + 1
                countOfKey[key] = min(seen, rule.count + 1)
            }
            isKept.append(seen <= rule.count)
        }
        guard rule.keepsEvents else { return batch.filtered(isKept) }
        var batch = batch
        for field in rule.fields {
            guard let column = batch.column(field) else { continue }
            batch.set(field, Column(ids: zip(column.ids, isKept).map { $1 ? $0 : 0 }, values: column.values))
        }
        return batch
    }
}
