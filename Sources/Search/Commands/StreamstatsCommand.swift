import Columns
import SPL

/// `streamstats [<options>] <function>(<field>) [AS <name>] ... [BY <fields>]` adds to each row what the function gives
/// for it and the rows of its group before it. Options may stand anywhere.
///
/// - `current=f`: without the row itself. `window=<n>`: over the last n rows; 0 is all.
/// - `global=f`: the window holds n rows of the group; else those rows of the group that are among the last n of all.
/// - `time_window=<span>`: over rows up to that far away in time; rows must be in order of time.
/// - `reset_on_change=t`: forget all when the BY values change. `reset_before="(<expression>)"`, `reset_after=...`:
///   forget all before, or after, a row for which it is true; `reset_after` sees the results too.
/// - `allnum=t`: as with `stats`.
///
/// A row in which any BY field is null is left as it is and does not count. Source: Splunk Search Reference 9.4,
/// "streamstats"; docs/decisions/0002.
struct StreamstatsCommand: Command {
    static let name = "streamstats"
    static let help = CommandHelp(
        "streamstats <options> <function>(<field>) [AS <name>] ... [BY <fields>]",
        "Adds to each row what a function gives for it and the rows before it.",
        options: [
            ("window=<count>", "over that many rows, 0 (all) unless written"),
            ("current=<bool>", "the row itself counts, `t` unless written"),
            ("global=<bool>", "`f`: the window holds rows of the group only; `t` unless written"),
            ("time_window=<span>", "over rows up to that far away in time"),
            ("reset_on_change=<bool>", "forgets all when the BY values change; `f` unless written"),
            ("reset_before=\"(<expression>)\"", "forgets all before a row for which it is true"),
            ("reset_after=\"(<expression>)\"", "forgets all after a row for which it is true, results included"),
            ("allnum=<bool>", "a numeric function gives null where a value is no number; `f` unless written"),
        ])

    /// An expression that makes the command forget.
    struct Condition: Sendable {
        var expression: CompiledExpression
        var text: String
    }

    let calls: [StatsCommand.Call]
    let keys: [String]
    private(set) var includesPresent = true
    private(set) var resetsOnChange = false
    private(set) var resetBefore: Condition?
    private(set) var resetAfter: Condition?
    private var rows = 0
    private var isGlobal = true
    private var span: StreamWindow.Span?
    private var isOnlyForNumbers = false

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var options = StatsOptions()
        var rows = 0
        var flags = ["current": true, "global": true, "reset_on_change": false]
        var conditions: [String: Condition] = [:]
        var span: StreamWindow.Span?
        let (calls, keys) = try StatsArguments.read(&reader, context, command: Self.name) {
            (name, reader) throws(Diagnostic) in
            switch name {
            case "allnum": try options.read(name, &reader, command: Self.name)
            case "current", "global", "reset_on_change":
                flags[name] = try BooleanOption.value(Self.value(name, &reader))
            case "window":
                let value = try Self.value(name, &reader)
                guard let count = Int(value.text), count >= 0 else {
                    throw Diagnostic(
                        "E377", "'\(value.text)' is no count for '\(name)'", span: value.span,
                        hint: "write a whole number, as in \(name)=5; 0 is all rows")
                }
                rows = count
            case "time_window":
                let value = try Self.value(name, &reader)
                guard let window = StreamWindow.Span(value.text) else {
                    throw Diagnostic(
                        "E378", "'\(value.text)' is no span of time", span: value.span,
                        hint: "write a number and a unit: 30s, 5m, 1h, 2d, 1w, 1mon, 1q, 1y")
                }
                span = window
            case "reset_before", "reset_after": conditions[name] = try Self.condition(name, &reader, context)
            default:
                throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, reader.peek()?.span)
            }
        }
        self.calls = options.applied(to: calls)
        self.keys = keys
        self.rows = rows
        self.span = span
        includesPresent = flags["current"] ?? true
        isGlobal = flags["global"] ?? true
        resetsOnChange = flags["reset_on_change"] ?? false
        resetBefore = conditions["reset_before"]
        resetAfter = conditions["reset_after"]
        isOnlyForNumbers = options.isOnlyForNumbers
    }

    private static func value(_ name: String, _ reader: inout ArgumentReader) throws(Diagnostic) -> Token {
        guard let (_, value) = reader.option() else {
            throw reader.unexpected(reader.peek(2), expected: "a value for '\(name)'")
        }
        return value
    }

    /// Reads `name="(<expression>)"`, `name=(<expression>)`, and the page's own `name="("<expression>")"`, whose inner
    /// quotes are escaped.
    private static func condition(
        _ name: String, _ reader: inout ArgumentReader, _ context: CompileContext
    ) throws(Diagnostic) -> Condition {
        _ = reader.next()
        _ = reader.next()
        let start = reader.peek()
        var text = ""
        if let token = start, token.kind == .openParenthesis {
            text = try reader.parenthesizedText().text
        } else if let token = reader.next(), token.kind == .quoted {
            text = token.text
            if text == "(" {
                text = ""
                var end = token.span.upperBound
                while let next = reader.next(), !(next.kind == .quoted && next.text == ")") {
                    text += String(repeating: " ", count: max(0, next.span.lowerBound - end))
                    text += unescapingQuotes(next.raw)
                    end = next.span.upperBound
                }
            }
        }
        guard text.utf8.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "(") }) else {
            throw Diagnostic(
                "E379", "'\(name)' has no expression", span: start?.span,
                hint: "write \(name)=\"(<expression>)\"; a quote inside it is written \\\"")
        }
        let expression = try EvalExpression.parse(text, at: start?.span.lowerBound ?? 0)
        return Condition(
            expression: try CompiledExpression(expression, context: context), text: expression.description)
    }

    private static func unescapingQuotes(_ raw: String) -> String {
        var bytes: [UInt8] = []
        for byte in raw.utf8 {
            if byte == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\\") { bytes.removeLast() }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = EventstatsCommand.needs(after, calls, keys)
        for condition in [resetBefore, resetAfter] {
            if let condition { needed.formUnion(condition.expression.fields) }
        }
        if span != nil {
            needed.insert("_time")
            // A row without _time is left as it is.
            for call in calls where !call.isWildcard { if after.contains(call.output) { needed.insert(call.output) } }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema { EventstatsCommand.schema(after: input, calls) }

    func rowKey(after input: [String]?) -> [String]? { EventstatsCommand.rowKey(after: input, calls) }

    var dependsOnOrder: Bool { true }
    var readsClock: Bool {
        StatsCommand.readsClock(calls) || [resetBefore, resetAfter].contains { $0?.expression.readsClock ?? false }
    }

    var policies: [Policy] {
        (keys.isEmpty ? [] : [.multivalueKeyJoinsResults]) + (span == nil ? [] : [.timeWindowIncludesItsEnd])
    }

    var explanation: String {
        var text = "streamstats: " + StatsCommand.explanation(of: calls, keys)
        if isOnlyForNumbers { text += " allnum=t" }
        if !includesPresent { text += " current=f" }
        if rows > 0 { text += " window=\(rows)" + (isGlobal ? "" : " global=f") }
        if let span { text += " time_window=\(span.text)" }
        if resetsOnChange { text += " reset_on_change=t" }
        if let resetBefore { text += " reset_before=(\(resetBefore.text))" }
        if let resetAfter { text += " reset_after=(\(resetAfter.text))" }
        return text
    }

    /// - Parameter limit: the most rows that a window may have.
    func window(limit: Int) -> StreamWindow? {
        guard rows > 0 || span != nil else { return nil }
        // Windows over all rows and those over single groups are the same without BY.
        return StreamWindow(
            rows: rows > 0 ? min(rows, limit) : limit, isPerGroup: rows > 0 && !isGlobal && !keys.isEmpty, span: span)
    }

    func exceeds(limit: Int) -> Bool { rows > limit }

    func makeOperator() -> any Operator { StreamstatsOperator(self) }
}
