import Columns
import Formats
import SPL

/// `bin [span=] [minspan=] [bins=] [start=] [end=] [aligntime=] <field> [AS <name>]` puts numbers and times into buckets.
///
/// `_time` becomes the start of its bucket, a number; see ``TimeBuckets``. Another field becomes a range such as `0-10`, see
/// ``NumberBuckets``, and the start of the bucket too where the span is one of time. Without `span` the span is chosen from
/// all rows, so that there are at most `bins` buckets (100). Null and text that is no number stay; each value of a multivalue
/// field is put into its bucket. `start` and `end` widen the range of a chosen span, `aligntime` moves buckets of less than a
/// day. Errors: E380, E394, E396 for a span or alignment that cannot be read. Source: Splunk Search Reference 9.4, "bin".
struct BinCommand: Command {
    static let name = "bin"
    static let otherNames = ["bucket", "discretize"]
    static let help = CommandHelp(
        "bin <options> <field> [AS <name>]", "Puts numbers and times into buckets.",
        options: [
            ("span=<span>", "the width: `5m`, `1d@d`, `10`, `log2`; chosen from the rows unless written"),
            ("minspan=<span>", "the least width to choose"),
            ("bins=<count>", "how many buckets there may be at most, 100 unless written"),
            ("start=<number>", "the range for which a width is chosen begins here, not at the least number"),
            ("end=<number>", "that range ends here"),
            (
                "aligntime=earliest|latest|<time>",
                "buckets shorter than a day begin at this time and whole widths from it"
            ),
        ])

    fileprivate enum Span: Hashable, Sendable {
        case number(NumberBuckets.Span)
        case time(TimeBuckets.Span, snap: RelativeTime?)
    }

    fileprivate struct Rule: Sendable {
        var field = ""
        var output: String?
        var span: Span?
        var minimumSpan: Span?
        var bins: Int?
        var start: Double?
        var end: Double?
        var alignment: Alignment?

        var isTime: Bool { field == "_time" }
        var target: String { output ?? field }
    }

    fileprivate enum Alignment: Hashable, Sendable {
        case earliest, latest
        case at(RelativeTime)
    }

    private let rule: Rule
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var rule = Rule()
        var spans: [String: Token] = [:]
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "span", "minspan": spans[name] = value
                case "bins": rule.bins = try NumberOption.count(value, for: name, in: 1...Int.max)
                case "start", "end":
                    guard let number = NumberText.parse(Array(value.text.utf8)) else {
                        throw Diagnostic(
                            "E380", "'\(value.text)' is no number for '\(name)'", span: value.span,
                            hint: "write a number, such as \(name)=0")
                    }
                    if name == "start" { rule.start = number } else { rule.end = number }
                case "aligntime": rule.alignment = try Self.alignment(value)
                default: throw .unknownOption(name, of: syntax.name, options: Self.help.optionNames, token.span)
                }
            } else if rule.field.isEmpty {
                rule.field = try reader.fieldName("the field to put into buckets", allowingParentheses: true)
            } else if rule.output == nil, reader.consumeKeyword("as") {
                rule.output = try reader.fieldName("name after AS", allowingParentheses: true)
            } else {
                try reader.expectEnd()
            }
        }
        if rule.field.isEmpty { throw .noField(syntax.name, syntax.nameSpan, "bin span=5m _time") }
        // Whether a bare number means seconds depends on the field, which may stand behind it.
        rule.span = try spans["span"].map { token throws(Diagnostic) in try Self.span(token, isTime: rule.isTime) }
        rule.minimumSpan = try spans["minspan"].map { token throws(Diagnostic) in
            try Self.span(token, isTime: rule.isTime)
        }
        self.rule = rule
        text = syntax.argumentText
    }

    private static func span(_ token: Token, isTime: Bool) throws(Diagnostic) -> Span {
        let parts = token.text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if let time = TimeBuckets.span(String(parts[0])), !token.text.isEmpty {
            guard parts.count == 2 else { return .time(time, snap: nil) }
            if let snap = try? RelativeTime.parse("@" + parts[1]) { return .time(time, snap: snap) }
        } else if let number = try NumberBuckets.span(token) {
            guard isTime else { return .number(number) }
            if case .linear(let width, _) = number, width >= 1e-6, width <= 1e11 {
                return .time(.microseconds(Int64((width * 1_000_000).rounded())), snap: nil)
            }
        }
        throw Diagnostic(
            "E396", "'\(token.text)' is no span", span: token.span,
            hint: isTime
                ? "write a time span such as 5m, 1h or 1d" : "write a number, a time span such as 5m, or 2log10")
    }

    private static func alignment(_ token: Token) throws(Diagnostic) -> Alignment {
        switch token.text.lowercased() {
        case "earliest": return .earliest
        case "latest": return .latest
        default:
            do {
                return .at(try RelativeTime.parse(token.text))
            } catch {
                throw Diagnostic(
                    "E396", "'\(token.text)' is no time to align to: \(error.message)", span: token.span,
                    hint: "write earliest, latest, epoch seconds or a time modifier such as @d+3h")
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard let output = rule.output, output != rule.field, after.contains(output) else { return after }
        var needed = after
        needed.names.remove(output)
        needed.insert(rule.field)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if !schema.names.contains(rule.target) { schema.names.append(rule.target) }
        return schema
    }

    var policies: [Policy] {
        switch rule.span {
        case nil: [.binAutomaticSpan]
        case .time where !rule.isTime: [.binTimeSpanOnNumber]
        default: []
        }
    }

    var explanation: String { "bin: \(text)" }

    /// A span that nobody wrote is chosen from all rows.
    var streams: Bool { rule.span != nil }

    func makeOperator() -> any Operator { BinOperator(rule: rule) }
}

private struct BinOperator: Operator {
    let rule: BinCommand.Rule
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        switch rule.span {
        case .time(let span, let snap): return binned(batch, timeBuckets(span, snap: snap, context))
        case .number(let span): return binned(batch, NumberBuckets(span))
        case nil:
            try rows.append(batch, &context)
            return batch.prefix(0)
        }
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard rule.span == nil else { return nil }
        let all = rows.take(&context)
        let numbers = all.column(rule.field).map { column in
            Set(column.ids).flatMap { column.values[Int($0)].elements.compactMap(\.numeric).filter(\.isFinite) }
        }
        guard let low = numbers?.min(), let high = numbers?.max() else { return binned(all) { $0 } }
        let bins = rule.bins ?? context.limits.timeBuckets
        if rule.isTime, abs(low) < 1e11, abs(high) < 1e11 {
            var span = TimeBuckets.automatic(
                from: Self.microseconds(low), to: Self.microseconds(high), maximumBuckets: bins)
            if case .time(let least, _) = rule.minimumSpan, least.nominalMicroseconds > span.nominalMicroseconds {
                span = TimeBuckets.automatic(atLeast: least)
            }
            return binned(all, timeBuckets(span, snap: nil, context))
        }
        var minimumWidth = 0.0
        switch rule.minimumSpan {
        case .number(.linear(let width, _)): minimumWidth = width
        case .time(let span, _): minimumWidth = Double(span.nominalMicroseconds) / 1_000_000
        default: break
        }
        return binned(
            all,
            NumberBuckets(
                low: Swift.min(rule.start ?? low, low), high: high, end: rule.end, maximumCount: bins,
                minimumWidth: minimumWidth))
    }

    private func timeBuckets(
        _ span: TimeBuckets.Span, snap: RelativeTime?, _ context: ExecutionContext
    ) -> TimeBuckets {
        var align = snap?.resolve(now: context.nowMicroseconds, zone: context.zone)
        switch rule.alignment {
        case nil: break
        case .earliest: align = context.range.earliest ?? 0
        case .latest: align = context.range.latest ?? context.nowMicroseconds
        case .at(let time): align = time.resolve(now: context.nowMicroseconds, zone: context.zone)
        }
        return TimeBuckets(span: span, zone: context.zone, alignMicroseconds: align)
    }

    private func binned(_ batch: Batch, _ buckets: TimeBuckets) -> Batch {
        binned(batch) { element in
            guard let seconds = element.numeric, abs(seconds) < 1e11 else { return element }
            return .number(Double(buckets.floor(Self.microseconds(seconds))) / 1_000_000)
        }
    }

    private func binned(_ batch: Batch, _ buckets: NumberBuckets) -> Batch {
        binned(batch) { element in element.numeric.flatMap { buckets.label($0) }.map { .text($0) } ?? element }
    }

    private func binned(_ batch: Batch, _ bucket: (Value) -> Value) -> Batch {
        var batch = batch
        guard let column = batch.column(rule.field) else {
            if let output = rule.output { batch.set(output, .nulls(rowCount: batch.rowCount)) }
            return batch
        }
        batch.set(rule.target, column.mapped { .list($0.elements.map(bucket)) })
        return batch
    }

    private static func microseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1_000_000).rounded()) }
}
