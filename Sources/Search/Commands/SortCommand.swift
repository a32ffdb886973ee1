import Columns
import Formats
import Matching
import SPL

/// `sort [<count>] [-|+]<field> ... [d|desc]`: stable; numbers by value, addresses as addresses, other text bytewise;
/// nulls last whatever the direction. At most 10,000 rows are kept unless a count is written; 0 is all.
///
/// Modes `auto(f) str(f) num(f) ip(f)`. Source: Splunk Search Reference 9.4, "sort".
struct SortCommand: Command {
    static let name = "sort"

    fileprivate enum Mode: String, Sendable { case auto, str, num, ip }

    fileprivate struct Key: Sendable {
        var field: String
        var isDescending: Bool
        var mode: Mode
    }

    private let keys: [Key]
    private let count: Int?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var keys: [Key] = []
        var count: Int?
        if let (name, value) = reader.peekOption() == "limit" ? reader.option() : nil {
            guard let limit = Int(value.text), limit >= 0 else {
                throw Diagnostic(
                    "E330", "'\(value.text)' is no count for '\(name)'", span: value.span, hint: "write limit=0")
            }
            count = limit
        } else if let token = reader.peek(), token.kind == .word, let number = Int(token.text), number >= 0 {
            count = number
            _ = reader.next()
        }
        var sign: Bool?
        var reversesAll = false
        while let token = reader.next() {
            if token.kind == .comma { continue }
            guard token.kind == .word || token.kind == .quoted else {
                throw reader.unexpected(token, expected: "a field")
            }
            var text = token.text
            if token.kind == .word {
                if text == "-" || text == "+" {
                    sign = text == "-"
                    continue
                }
                if reader.isAtEnd, !keys.isEmpty, sign == nil, ["d", "desc"].contains(text.lowercased()) {
                    reversesAll = true
                    break
                }
                if text.hasPrefix("-") || text.hasPrefix("+") {
                    sign = text.hasPrefix("-")
                    text.removeFirst()
                }
            }
            var mode = Mode.auto
            if let named = Mode(rawValue: text.lowercased()), let next = reader.peek(), next.kind == .openParenthesis,
                next.isGlued
            {
                mode = named
                text = try reader.parenthesizedText().text
            }
            keys.append(Key(field: text, isDescending: sign ?? false, mode: mode))
            sign = nil
        }
        if keys.isEmpty {
            throw Diagnostic("E331", "sort names no field", span: syntax.nameSpan, hint: "write sort - <field>")
        }
        if reversesAll { for index in keys.indices { keys[index].isDescending.toggle() } }
        self.keys = keys
        self.count = count
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for key in keys { needed.insert(key.field) }
        return needed
    }

    var dependsOnOrder: Bool { true }

    var explanation: String {
        "sort: " + keys.map { ($0.isDescending ? "-" : "") + $0.field }.joined(separator: ", ")
            + (count.map { $0 == 0 ? "" : ", first \($0)" } ?? ", first 10,000")
    }

    func makeOperator() -> any Operator { SortOperator(keys: keys, count: count) }
}

private struct SortOperator: Operator {
    let keys: [SortCommand.Key]
    let count: Int?
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.take(&context)
        let ranks = keys.map { key in self.ranks(of: all.column(key.field) ?? .nulls(rowCount: all.rowCount), key) }
        let order = (0..<all.rowCount).sorted { left, right in
            for rank in ranks where rank[left] != rank[right] { return rank[left] < rank[right] }
            return left < right
        }
        let limit = count ?? context.limits.sortRows
        guard limit > 0, order.count > limit else { return all.gathered(order) }
        if count == nil {
            context.warn(
                "W301", "sort keeps \(limit) of \(order.count) rows", hint: "write sort 0 to keep all")
        }
        return all.gathered(Array(order.prefix(limit)))
    }

    /// Each row's place among the distinct values of the column: comparing rows is then comparing integers.
    private func ranks(of column: Column, _ key: SortCommand.Key) -> [Int] {
        let entries = column.values.indices.dropFirst().sorted { left, right in
            let order = compare(column.values[left], column.values[right], key.mode)
            return order == 0 ? left < right : order < 0
        }
        var rankOfEntry = [Int](repeating: Int.max, count: column.values.count)
        var rank = 0
        for (position, entry) in entries.enumerated() {
            if column.values[entry].isNull { continue }
            if position > 0, compare(column.values[entries[position - 1]], column.values[entry], key.mode) != 0 {
                rank += 1
            }
            rankOfEntry[entry] = key.isDescending ? -rank : rank
        }
        return column.ids.map { rankOfEntry[Int($0)] }
    }

    private func compare(_ left: Value, _ right: Value, _ mode: SortCommand.Mode) -> Int {
        switch mode {
        case .str: return ValueOrder.compareText(left, right)
        case .num: return ValueOrder.compare(left, right)
        case .auto, .ip:
            if let a = left.printed, let b = right.printed, left.numeric == nil || mode == .ip,
                let first = IPAddress(a.bytes), let second = IPAddress(b.bytes)
            {
                let a = (first.family == .v4 ? 0 : 1, first.bits), b = (second.family == .v4 ? 0 : 1, second.bits)
                return a < b ? -1 : (b < a ? 1 : 0)
            }
            return ValueOrder.compare(left, right)
        }
    }
}
