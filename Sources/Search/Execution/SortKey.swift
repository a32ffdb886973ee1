import Columns
import Matching
import SPL

/// One field of `sort` or of `dedup ... sortby`, with its direction and how its values compare.
///
/// `auto`: numbers by value, addresses as addresses, other text bytewise; numbers go before text. `num`, `ip` and `str`
/// compare as their names say. Source: Splunk Search Reference 9.4, "sort".
struct SortKey: Hashable, Sendable {
    enum Mode: String, Sendable { case auto, str, num, ip }

    var field: String
    var isDescending: Bool
    var mode: Mode

    /// Reads `[-|+]<field> ... [d|desc]` up to the end; `-num(<field>)` and its kin too. A sign with a blank behind it
    /// holds for the next field.
    static func readList(_ reader: inout ArgumentReader) throws(Diagnostic) -> [SortKey] {
        var keys: [SortKey] = []
        var sign: Bool?
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
                    for index in keys.indices { keys[index].isDescending.toggle() }
                    return keys
                }
                if text.hasPrefix("-") || text.hasPrefix("+") {
                    sign = text.hasPrefix("-")
                    text.removeFirst()
                }
            }
            var mode = Mode.auto
            if let next = reader.peek(), next.kind == .openParenthesis, next.isGlued, token.kind == .word {
                if let named = Mode(rawValue: text.lowercased()) {
                    mode = named
                    text = try reader.parenthesizedField()
                } else {
                    // The field that `stats sum(x)` makes.
                    text += reader.gluedText(allowingParentheses: true)
                }
            }
            keys.append(SortKey(field: text, isDescending: sign ?? false, mode: mode))
            sign = nil
        }
        return keys
    }

    var explanation: String {
        (isDescending ? "-" : "") + (mode == .auto ? field : "\(mode.rawValue)(\(field))")
    }

    /// The rows of `batch` in sorted order; equal rows keep theirs, nulls come last in either direction.
    static func order(of batch: Batch, by keys: [SortKey]) -> [Int] {
        let ranks = keys.map { $0.ranks(of: batch.column($0.field) ?? .nulls(rowCount: batch.rowCount)) }
        return (0..<batch.rowCount).sorted { left, right in
            for rank in ranks where rank[left] != rank[right] { return rank[left] < rank[right] }
            return left < right
        }
    }

    /// Each row's place among the distinct values of the column: comparing rows is then comparing integers.
    private func ranks(of column: Column) -> [Int] {
        let entries = column.values.indices.dropFirst().sorted { left, right in
            let order = compare(column.values[left], column.values[right])
            return order == 0 ? left < right : order < 0
        }
        var rankOfEntry = [Int](repeating: Int.max, count: column.values.count)
        var rank = 0
        for (position, entry) in entries.enumerated() {
            if column.values[entry].isNull { continue }
            if position > 0, compare(column.values[entries[position - 1]], column.values[entry]) != 0 { rank += 1 }
            rankOfEntry[entry] = isDescending ? -rank : rank
        }
        return column.ids.map { rankOfEntry[Int($0)] }
    }

    private func compare(_ left: Value, _ right: Value) -> Int {
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

extension ArgumentReader {
    /// Reads `(<field>)`; the quotes around a quoted name are dropped.
    mutating func parenthesizedField() throws(Diagnostic) -> String {
        let text = try parenthesizedText().text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
        return text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : text
    }
}
