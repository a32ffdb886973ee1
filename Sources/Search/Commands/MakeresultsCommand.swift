import Columns
import Formats
import SPL

/// `makeresults [count=<n>] [annotate=<bool>]` makes rows whose `_time` is now; `format=csv|json data="..."` makes one
/// of each CSV record or JSON object.
///
/// `annotate=t` adds `splunk_server` and empty `_raw`, `host`, `source`, `sourcetype`, `splunk_server_group`. Rows of
/// JSON have `_time` and their text as `_raw`, rows of CSV only their columns; an empty cell is null. `splunk_server` and
/// `splunk_server_group` change nothing: there is one machine. Source: Splunk Search Reference 9.4, "makeresults".
struct MakeresultsCommand: GeneratingCommand {
    static let name = "makeresults"
    static let help = CommandHelp(
        "makeresults <options>", "Makes rows whose _time is now, or rows of data in the search.",
        options: [
            ("count=<count>", "how many rows, 1 unless written"),
            ("annotate=<bool>", "adds the fields that events have, empty; `f` unless written"),
            ("format=csv|json", "the format of `data`"),
            ("data=\"<text>\"", "CSV with a header line, or a JSON array of objects: a row each"),
            ("splunk_server=<name>", "no effect: there is one machine"),
            ("splunk_server_group=<name>", "no effect: there is one machine"),
        ])

    private var count = 1
    private var isAnnotated = false
    private var data: Data?
    private var dataText = ""

    fileprivate enum Data: Sendable {
        case csv(header: [String], records: [[Text]])
        case json([(source: Text, members: [(name: Text, values: [Text])])])
    }

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var format: Token?
        var text: Token?
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
                continue
            }
            if reader.peekOption() == nil, token.kind == .word, Int(token.text) != nil {
                // `makeresults 1`, as the page of searchmatch() has it.
                count = try NumberOption.count(token, for: "count")
                _ = reader.next()
                continue
            }
            guard let (name, value) = reader.option() else {
                throw reader.unexpected(token, expected: "an option")
            }
            switch name {
            case "count": count = try NumberOption.count(value, for: name)
            case "annotate": isAnnotated = try BooleanOption.value(value)
            case "format": format = value
            case "data": text = value
            case "splunk_server", "splunk_server_group": break
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
        guard format != nil || text != nil else { return }
        guard let format, let text else {
            throw Diagnostic(
                "E721", "makeresults takes format and data together", span: format?.span ?? text?.span,
                hint: "write format=csv data=\"a,b\" with a line a row, or format=json data=\"[{...}]\"")
        }
        dataText = "\(format.text.lowercased()) \(text.text)"
        do throws(Diagnostic) {
            switch format.text.lowercased() {
            case "csv": data = try Self.csv(text.text)
            case "json": data = try Self.json(text.text)
            default:
                throw Diagnostic(
                    "E721", "makeresults has no format '\(format.text)'", span: format.span, hint: "formats: csv, json")
            }
        } catch {
            throw Diagnostic(error.code, error.message, span: error.span ?? text.span, hint: error.hint)
        }
    }

    private static func csv(_ text: String) throws(Diagnostic) -> Data {
        do throws(CSVError) {
            var reader = try CSVReader(Array(text.utf8))
            func trimmed(_ cell: Text) -> Text { Text(XMLText.trimmed(cell.bytes[...])) }
            let header = reader.header.map { trimmed($0).string }
            var records: [[Text]] = []
            while let record = try reader.next() { records.append(record.fields.map(trimmed)) }
            return .csv(header: header, records: records)
        } catch {
            throw Diagnostic("E721", "makeresults cannot read its data: \(error.message)", hint: error.hint)
        }
    }

    private static func json(_ text: String) throws(Diagnostic) -> Data {
        let parser = JSONParser()
        let result: Result<Data, JSONError> = Array(text.utf8).withUnsafeBytes { bytes in
            do throws(JSONError) {
                var rows: [(source: Text, members: [(name: Text, values: [Text])])] = []
                for range in try JSONMembers.elements(bytes, parser) {
                    let source = UnsafeRawBufferPointer(rebasing: bytes[range])
                    rows.append((Text(source), try JSONMembers.read(source, parser)))
                }
                return .success(.json(rows))
            } catch {
                return .failure(error)
            }
        }
        do throws(JSONError) {
            return try result.get()
        } catch {
            throw Diagnostic(
                "E721", "makeresults cannot read its data: \(error.description)",
                hint: "write an array of objects; quotes inside the data are written \\\"")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { .none }

    func schema(after input: Schema) -> Schema {
        switch data {
        case .csv(let header, _): Schema(isOpen: false, names: header)
        case .json: .open
        case nil: Schema(isOpen: false, names: isAnnotated ? Self.annotations : ["_time"])
        }
    }

    func rowKey(after input: [String]?) -> [String]? { nil }
    var policies: [Policy] { data == nil ? [] : [.makeresultsDataTime] }

    var explanation: String {
        data == nil ? "makeresults: \(count) rows\(isAnnotated ? ", annotated" : "")" : "makeresults: \(dataText)"
    }

    func makeOperator() -> any Operator { ResultMaker(count: count, isAnnotated: isAnnotated, data: data) }

    fileprivate static let annotations = [
        "_raw", "_time", "host", "source", "sourcetype", "splunk_server", "splunk_server_group",
    ]
}

private struct ResultMaker: Operator {
    let count: Int
    let isAnnotated: Bool
    let data: MakeresultsCommand.Data?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let now = Value.number((Double(context.nowMicroseconds) / 1_000_000).rounded(.down))
        switch data {
        case .csv(let header, let records):
            var batch = Batch(rowCount: records.count)
            for (index, name) in header.enumerated() where !name.isEmpty {
                batch.set(name, Column(records.map { $0[index].isEmpty ? .null : .text($0[index]) }))
            }
            return batch
        case .json(let rows):
            var builder = BatchBuilder()
            for (source, members) in rows {
                var row = Batch(rowCount: 1)
                row.set("_raw", Column([.text(source)]))
                row.set("_time", Column([now]))
                for (name, values) in members where !name.isEmpty {
                    row.set(name.string, Column([.list(values.map { .text($0) })]))
                }
                builder.append(row)
            }
            return builder.finish()
        case nil:
            guard count <= context.limits.rows else {
                throw Diagnostic(
                    "E716", "makeresults makes at most \(context.limits.rows) rows", hint: "write a smaller count")
            }
            var batch = Batch(rowCount: count)
            for name in isAnnotated ? MakeresultsCommand.annotations : ["_time"] {
                let value: Value = name == "_time" ? now : name == "splunk_server" ? .text("localhost") : .null
                batch.set(name, Column(constant: value, rowCount: count))
            }
            return batch
        }
    }
}
