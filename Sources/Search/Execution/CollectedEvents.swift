import Columns
import Formats
import SPL

/// Turns rows into the events of a summary index.
///
/// A row with `_raw` keeps it; for others the text is a time, the search's times and `field=value` pairs, values with
/// breakers in quotes. A row without time has the search's earliest, or `now` where that is open.
/// Source: Splunk Search Reference 9.4, "collect".
struct CollectedEvents: Sendable {
    static let rawOptions: [CommandHelp.Option] = [
        ("addtime=<bool>", "begins an event's text with its time, `t` unless written"),
        ("timeformat=\"<format>\"", "the format of that time, `%m/%d/%Y %H:%M:%S %z` unless written"),
        ("marker=<text>", "adds this text to each event"),
        ("source=<text>", "the events' source"),
        ("sourcetype=<text>", "the events' sourcetype, `stash` unless written"),
        ("host=<text>", "the events' host"),
        ("uselb=<bool>", "no effect on results"),
    ]

    var index = "summary"
    var addsInfo = true
    var isJSON = false
    private var addsTime = true
    private var marker: String?
    private var host: String?
    private var source: String?
    private var sourcetype: String?
    private var timeFormat = "%m/%d/%Y %H:%M:%S %z"

    /// - Returns: false where the option is none of `rawOptions`.
    mutating func setRawOption(_ name: String, _ value: Token) throws(Diagnostic) -> Bool {
        switch name {
        case "addtime": addsTime = try BooleanOption.value(value)
        case "uselb": _ = try BooleanOption.value(value)
        case "host": host = value.text
        case "marker": marker = value.text
        case "source": source = value.text
        case "sourcetype": sourcetype = value.text
        case "timeformat":
            do { _ = try TimeFormat(value.text) } catch {
                throw Diagnostic("E322", error.message, span: value.span, hint: error.hint)
            }
            timeFormat = value.text
        default: return false
        }
        return true
    }

    var explanation: String {
        var words = [isJSON ? "hec" : "raw"]
        if !addsInfo { words.append("no info") }
        if !addsTime { words.append("no time") }
        for (name, value) in [("marker", marker), ("host", host), ("source", source), ("sourcetype", sourcetype)] {
            if let value { words.append("\(name) \(value)") }
        }
        if timeFormat != "%m/%d/%Y %H:%M:%S %z" { words.append("times as \(timeFormat)") }
        return words.joined(separator: ", ")
    }

    func made(of rows: Batch, _ context: ExecutionContext) throws(SearchError) -> Batch {
        var times: [Value] = []
        var texts: [Value] = []
        let format = try context.patterns.format(Text(timeFormat))
        for row in 0..<rows.rowCount {
            let time = self.time(rows, row, context)
            times.append(.number(time))
            texts.append(isJSON ? .text(json(rows, row)) : raw(rows, row, time, format, context))
        }
        var events = Batch(rowCount: rows.rowCount)
        events.set("_time", Column(times))
        events.set("_raw", Column(texts))
        func column(_ name: String, _ option: String?, standard: String? = nil) -> Column {
            if let option { return Column(constant: .text(option), rowCount: rows.rowCount) }
            if let standard { return Column(constant: .text(standard), rowCount: rows.rowCount) }
            return rows.column(name) ?? .nulls(rowCount: rows.rowCount)
        }
        events.set("index", Column(constant: .text(index), rowCount: rows.rowCount))
        events.set("host", column("host", host))
        events.set("source", column("source", source))
        let isOriginal = isJSON && rows.contains("sourcetype")
        events.set(
            "sourcetype",
            column("sourcetype", sourcetype, standard: isOriginal ? nil : (isJSON ? "stash_hec" : "stash")))
        for (name, column) in zip(rows.names, rows.columns) where !events.contains(name) && !name.hasPrefix("_") {
            if name != "splunk_server" { events.set(name, column) }
        }
        events.origins = rows.origins
        return events
    }

    private func time(_ rows: Batch, _ row: Int, _ context: ExecutionContext) -> Double {
        if let time = rows["info_min_time", row].numeric ?? rows["_time", row].numeric { return time }
        return Double(context.range.earliest ?? context.nowMicroseconds) / 1_000_000
    }

    private func raw(
        _ rows: Batch, _ row: Int, _ time: Double, _ format: TimeFormat, _ context: ExecutionContext
    ) -> Value {
        let own = rows["_raw", row]
        if !own.isNull {
            guard let marker, let text = own.printed else { return own }
            return .text(Text(text.bytes + Array(", \(marker)".utf8)))
        }
        var parts: [[UInt8]] = []
        if addsTime, abs(time) < 1e11 {
            parts.append(format.format(microseconds: Int64((time * 1_000_000).rounded()), zone: context.zone))
        }
        if addsInfo {
            func add(_ name: String, _ microseconds: Int64?) {
                guard let microseconds else { return }
                parts.append(Array("\(name)=\(NumberText.print(Double(microseconds) / 1_000_000))".utf8))
            }
            add("info_min_time", context.range.earliest)
            add("info_max_time", context.range.latest)
            add("info_search_time", context.nowMicroseconds)
        }
        for (name, column) in zip(rows.names, rows.columns) where !name.hasPrefix("_") {
            guard let text = column[row].printed else { continue }
            parts.append(Array("\(name)=".utf8) + Self.quoted(text.bytes))
        }
        if let marker { parts.append(Array(marker.utf8)) }
        return .text(Text(Array(parts.joined(separator: Array(", ".utf8)))))
    }

    /// Text of letters, digits and `_` stands as it is.
    private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        let isPlain =
            !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
                default: false
                }
            }
        if isPlain { return bytes }
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        return quoted + [UInt8(ascii: "\"")]
    }

    private func json(_ rows: Batch, _ row: Int) -> Text {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, column) in zip(rows.names, rows.columns) where !name.hasPrefix("_") {
            let elements = column[row].elements
            guard !elements.isEmpty, name != "index", name != "splunk_server" else { continue }
            writer.key(name)
            if elements.count > 1 { writer.beginArray() }
            for element in elements { writer.string(element.printed ?? "") }
            if elements.count > 1 { writer.endArray() }
        }
        writer.endObject()
        return Text(writer.bytes)
    }
}
