import Columns
import SPL

/// `xyseries [grouped=<bool>] <x-field> <name-field> <data-field> ... [sep=<text>] [format=<text>]`: a row per value of the
/// first field, a column per value of the second, in the cells the value of the third.
///
/// Rows ascend by the first field and columns by name; with `grouped=t` a new value of the first field begins a new row.
/// Several data fields make columns named `field: value` (`sep`, `format` with $AGG$ and $VAL$). Rows without the first or
/// the second field take no part. Source: Splunk Search Reference 9.4, "xyseries".
struct XyseriesCommand: Command {
    static let name = "xyseries"
    static let help = CommandHelp(
        "xyseries <options> <x-field> <name-field> <data-field> ...",
        "Gives a row per value of the first field and a column per value of the second, with the third in the cells.",
        options: [
            ("grouped=<bool>", "a new value of the first field begins a new row; `f` unless written"),
            ("sep=<text>", "stands between field and value in the names of columns, `: ` unless written"),
            ("format=<text>", "the names of columns, with `$AGG$` for the field and `$VAL$` for the value"),
        ])

    private var fields: [String] = []
    private var isGrouped = false
    private var format = "$AGG$: $VAL$"
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        var separator: String?
        var written: String?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "grouped": isGrouped = try BooleanOption.value(value)
                case "sep": separator = value.text
                case "format": written = value.text
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                fields += try reader.furtherFields()
            }
        }
        if let separator { format = "$AGG$\(separator)$VAL$" }
        if let written { format = written }
        guard fields.count >= 3, Set(fields).count == fields.count, !fields.contains(where: { $0.contains("*") }) else {
            throw .fieldsExpected(syntax, "xyseries <x-field> <name-field> <data-field>")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet(names: Set(fields)) }
    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: [fields[0]]) }
    func rowKey(after input: [String]?) -> [String]? { isGrouped ? nil : [fields[0]] }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.xyseriesLastValueWins, .rowsAscendByKey] }
    func makeOperator() -> any Operator { XyseriesOperator(fields: fields, isGrouped: isGrouped, format: format) }
}

private struct XyseriesOperator: Operator {
    let fields: [String]
    let isGrouped: Bool
    let format: String
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch.selecting(fields)
        if batch.rowCount == 0 { batch = Batch() }
        try held.append(batch, &context)
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = held.take(&context)
        var keys: [Value] = []
        var members: [[Int]] = []
        var position: [Text: Int] = [:]
        var previous: Text?
        for row in 0..<all.rowCount {
            guard let text = all[fields[0], row].printed, !all[fields[1], row].isNull else { continue }
            if isGrouped ? previous != text : position[text] == nil {
                position[text] = keys.count
                keys.append(all[fields[0], row])
                members.append([])
            }
            previous = text
            members[position[text] ?? 0].append(row)
        }
        var order = Array(keys.indices)
        if !isGrouped {
            order.sort { left, right in
                let order = ValueOrder.compare(keys[left], keys[right])
                return order == 0 ? left < right : order < 0
            }
        }
        return try table(all, order.map { keys[$0] }, order.map { members[$0] })
    }

    private func table(_ all: Batch, _ keys: [Value], _ members: [[Int]]) throws(SearchError) -> Batch {
        let names = Set(
            members.joined().flatMap { row in all[fields[1], row].elements.compactMap(\.printed) }
        ).sorted()
        guard names.count * (fields.count - 2) * max(1, keys.count) <= PivotBounds.cells else {
            throw PivotBounds.tooMany(fields[1])
        }
        var result = Batch(rowCount: keys.count)
        result.set(fields[0], Column(keys))
        for data in fields[2...] {
            var columns = Dictionary(
                uniqueKeysWithValues: names.map { ($0, [Value](repeating: .null, count: keys.count)) })
            for (place, rows) in members.enumerated() {
                for row in rows {
                    let value = all[data, row]
                    if value.isNull { continue }
                    for name in all[fields[1], row].elements.compactMap(\.printed) { columns[name]?[place] = value }
                }
            }
            for name in names {
                let title =
                    fields.count == 3
                    ? name.string : SeriesFormat.title(format, aggregate: data, value: name.string)
                result.set(result.contains(title) ? "VALUE" + title : title, Column(columns[name] ?? []))
            }
        }
        if let origins = all.origins { result.origins = members.map { rows in rows.flatMap { origins[$0] } } }
        return result
    }
}

/// Ours: how large a table may become whose columns come from data.
enum PivotBounds {
    static let cells = 20_000_000

    static func tooMany(_ field: String) -> Diagnostic {
        Diagnostic(
            "E389", "the values of '\(field)' make a table of more than \(cells) cells",
            hint: "filter earlier, or use a field with fewer values")
    }
}
