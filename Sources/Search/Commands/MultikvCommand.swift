import Columns
import Formats
import SPL

/// `multikv` makes a row of each line of the tables in `_raw`, with the header's words as field names.
///
/// `fields <names>` keeps only these columns, `filter <texts>` only lines that hold one of the texts; `forceheader=n`
/// names the header's line, `noheader=t` takes `Column_1`, ...; `multitable=f` takes one table an event. The new rows
/// have the event's other fields unless `copyattrs=f`, and `_raw` is their line. `rmorig=f` keeps the event, behind its
/// rows. An event without a table gives no row. `conf=` is refused.
/// Source: Splunk Search Reference 9.4, "multikv".
struct MultikvCommand: Command {
    static let name = "multikv"
    static let help = CommandHelp(
        "multikv [fields <names>] [filter <texts>] <options>", "Makes a row of each line of the tables in _raw.",
        options: [
            ("copyattrs=<bool>", "rows have the event's other fields, `t` unless written"),
            ("rmorig=<bool>", "`f` keeps the event behind its rows; `t` unless written"),
            ("multitable=<bool>", "`f` takes one table of an event; `t` unless written"),
            ("forceheader=<line>", "the line of the header; found unless written"),
            ("noheader=<bool>", "columns are named `Column_1`, ...; `f` unless written"),
            ("fields=<names>", "the columns to keep, written as an option"),
            ("filter=<texts>", "the texts one of which a line must hold, written as an option"),
            ("conf=<name>", "refused: multikv.conf is not read"),
        ])

    private var settings = TableSettings()

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                switch name {
                case "copyattrs": settings.copiesFields = try BooleanOption.value(value)
                case "rmorig": settings.keepsOriginal = try !BooleanOption.value(value)
                case "multitable": settings.table.allowsMany = try BooleanOption.value(value)
                case "noheader": settings.table.hasHeader = try !BooleanOption.value(value)
                case "forceheader":
                    settings.table.headerLine = try NumberOption.count(value, for: name, in: 1...Int.max)
                case "fields": settings.fields = [value.text] + (try Self.list(&reader))
                case "filter": settings.filters = [value.text] + (try Self.list(&reader))
                case "conf":
                    throw Diagnostic(
                        "E719", "multikv by '\(value.text)' needs a multikv.conf, which is not read", span: value.span,
                        hint: "write forceheader=<line>, noheader=t, fields or filter instead")
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if reader.consumeKeyword("fields") {
                settings.fields = try Self.list(&reader)
            } else if reader.consumeKeyword("filter") {
                settings.filters = try Self.list(&reader)
            } else {
                try reader.expectEnd()
            }
        }
        // "noheader=true implies multitable=false", says the page.
        if !settings.table.hasHeader { settings.table.allowsMany = false }
    }

    private static func list(_ reader: inout ArgumentReader) throws(Diagnostic) -> [String] {
        try reader.fieldList(until: ["fields", "filter"])
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = settings.copiesFields || settings.keepsOriginal ? after : FieldSet()
        needed.insert("_raw")
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }
    func rowKey(after input: [String]?) -> [String]? { nil }

    var policies: [Policy] { [.tableHeaderByLooks] }
    var explanation: String { "multikv: \(settings)" }

    func makeOperator() -> any Operator { GatheringOperator(TableOperator(settings: settings)) }
}

private struct TableSettings: Sendable, CustomStringConvertible {
    var table = TextTable.Options()
    var copiesFields = true
    var keepsOriginal = false
    var fields: [String]?
    var filters: [String]?

    var description: String {
        var parts = [
            "header \(table.hasHeader ? table.headerLine.map { "line \($0)" } ?? "found" : "none")",
            "many tables \(table.allowsMany)", "copies fields \(copiesFields)", "keeps events \(keepsOriginal)",
        ]
        if let fields { parts.append("fields \(fields.joined(separator: ", "))") }
        if let filters { parts.append("filter '\(filters.joined(separator: "', '"))'") }
        return parts.joined(separator: ", ")
    }
}

private struct TableOperator: Operator {
    let settings: TableSettings

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        var sources: [Int] = []
        var isMade: [Bool] = []
        var lines = ColumnBuilder()
        var names: [Text] = []
        var columns: [Text: ColumnBuilder] = [:]
        var heldBytes = 0
        defer { context.release(heldBytes) }
        for row in 0..<batch.rowCount {
            let raw = batch["_raw", row]
            let text = raw.printed ?? ""
            for table in TextTable.all(in: text.bytes, settings.table) {
                let size = table.rows.count * (table.names.count + 1) * 48
                try context.hold(size)
                heldBytes += size
                let wanted = table.names.indices.filter { settings.fields?.contains(table.names[$0].string) ?? true }
                for tableRow in table.rows where passes(text.bytes[tableRow.line]) {
                    for index in wanted where index < tableRow.cells.count {
                        guard let cell = tableRow.cells[index] else { continue }
                        let name = table.names[index]
                        if columns[name] == nil { names.append(name) }
                        columns[name, default: ColumnBuilder()].padNulls(to: sources.count)
                        columns[name]?.append(.text(Text(text.bytes[cell])))
                    }
                    lines.append(.text(Text(text.bytes[tableRow.line])))
                    sources.append(row)
                    isMade.append(true)
                }
            }
            if settings.keepsOriginal {
                lines.append(raw)
                sources.append(row)
                isMade.append(false)
            }
        }
        var result = batch.gathered(sources)
        if !settings.copiesFields {
            for (name, column) in zip(result.names, result.columns) {
                result.set(name, Column(isMade.indices.map { isMade[$0] ? .null : column[$0] }))
            }
        }
        for name in names {
            guard var builder = columns[name] else { continue }
            builder.padNulls(to: sources.count)
            result.set(name.string, over(result.column(name.string), builder.finish(), isMade))
        }
        result.set("_raw", lines.finish())
        return result
    }

    /// A column of the table goes over a field of the event in the rows that have it.
    private func over(_ existing: Column?, _ made: Column, _ isMade: [Bool]) -> Column {
        guard let existing else { return made }
        return Column(isMade.indices.map { isMade[$0] && !made[$0].isNull ? made[$0] : existing[$0] })
    }

    private func passes(_ line: ArraySlice<UInt8>) -> Bool {
        guard let filters = settings.filters else { return true }
        let text = String(decoding: line, as: UTF8.self)
        return filters.contains { text.contains($0) }
    }
}
