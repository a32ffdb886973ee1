import Columns
import Formats
import SPL

/// `gentimes start=<time> [end=<time>] [increment=<n>s|m|h|d]` makes one row for each span of time from start to end.
///
/// A time is `MM/DD/YYYY` or `MM/DD/YY`, with `:HH:MM:SS` behind it or not, or a count of days from today's midnight. The end is
/// today's midnight by default, the increment a day, which keeps the local time of day over a clock change. A row has
/// `starttime` and `endtime` in epoch seconds, the latter one second before the next start, and both as text.
/// Source: Splunk Search Reference 9.4, "gentimes".
struct GentimesCommand: GeneratingCommand {
    static let name = "gentimes"
    static let help = CommandHelp(
        "gentimes start=<time> <options>", "Makes a row for each span of time from start to end.",
        options: [
            ("start=<time>", "`MM/DD/YYYY`, `MM/DD/YYYY:HH:MM:SS`, or days from today's midnight such as -7"),
            ("end=<time>", "likewise; today's midnight unless written"),
            ("increment=<count>s|m|h|d", "the span, `1d` unless written"),
        ])
    fileprivate static let names = ["endhuman", "endtime", "starthuman", "starttime"]

    fileprivate enum Point: Sendable {
        case days(Int)
        case local(CivilDateTime)
    }

    private var start: Point
    private var end = Point.days(0)
    private var increment: RelativeTime
    private var text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var start: Point?
        var step = "1d"
        var text: [String] = []
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
                continue
            }
            guard let (name, value) = reader.option() else {
                throw reader.unexpected(token, expected: "an option")
            }
            switch name {
            case "start": start = try Self.point(value)
            case "end": end = try Self.point(value)
            case "increment":
                step = value.text.lowercased()
                let count = step.dropLast()
                guard let unit = step.last, "smhd".contains(unit), count.count <= 9, let number = Int(count),
                    number > 0,
                    !count.hasPrefix("+")
                else {
                    throw Diagnostic(
                        "E723", "gentimes has no increment '\(value.text)'", span: value.span,
                        hint: "write a number and s, m, h or d: increment=6h")
                }
            default:
                throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
            text.append("\(name)=\(value.text)")
        }
        guard let start else {
            throw Diagnostic(
                "E722", "gentimes has no start", span: syntax.nameSpan, hint: "write start=10/25/2026 or start=-7")
        }
        self.start = start
        self.text = text.joined(separator: " ")
        do {
            increment = try RelativeTime.parse("+\(step)")
        } catch {
            throw Diagnostic("E723", "gentimes has no increment '\(step)'")
        }
    }

    private static func point(_ token: Token) throws(Diagnostic) -> Point {
        let text = token.text
        if let days = Int(text), abs(days) <= 1_000_000 { return .days(days) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        let date = parts[0].split(separator: "/", omittingEmptySubsequences: false).map { number($0) }
        let time = parts.dropFirst().map { number($0) }
        if date.count == 3, let month = date[0], let day = date[1], let year = date[2].flatMap(fullYear),
            let civil = CivilDate(year: year, month: month, day: day)
        {
            if time.isEmpty { return .local(CivilDateTime(date: civil)) }
            if time.count == 3, let hour = time[0], let minute = time[1], let second = time[2], hour < 24, minute < 60,
                second < 60
            {
                return .local(CivilDateTime(date: civil, hour: hour, minute: minute, second: second))
            }
        }
        throw Diagnostic(
            "E722", "'\(text)' is no time for gentimes", span: token.span,
            hint: "write MM/DD/YYYY, MM/DD/YYYY:HH:MM:SS or a count of days such as -7")
    }

    /// `21` is 2021 and `99` 1999, as strptime's %y reads them.
    private static func fullYear(_ year: Int) -> Int? {
        switch year {
        case 0...68: 2_000 + year
        case 69...99: 1_900 + year
        case 1_000...9_999: year
        default: nil
        }
    }

    private static func number(_ digits: some StringProtocol) -> Int? {
        digits.utf8.count <= 4 && digits.utf8.allSatisfy { $0 &- 48 < 10 } ? Int(digits) : nil
    }

    func needs(_ after: FieldSet) -> FieldSet { .none }
    func schema(after input: Schema) -> Schema {
        Schema(isOpen: false, names: Self.names)
    }
    func rowKey(after input: [String]?) -> [String]? { ["starttime"] }
    var explanation: String { "gentimes: \(text)" }

    func makeOperator() -> any Operator { SpanMaker(start: start, end: end, increment: increment) }
}

private struct SpanMaker: Operator {
    private static let maxRows: Int64 = 1_000_000

    let start: GentimesCommand.Point
    let end: GentimesCommand.Point
    let increment: RelativeTime

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let format = try context.patterns.format("%a %b %d %H:%M:%S %Y")
        func text(_ microseconds: Int64) -> Value {
            // The page prints days without a zero.
            var bytes = format.format(microseconds: microseconds, zone: context.zone)
            if bytes.count > 9, bytes[8] == UInt8(ascii: "0") { bytes.remove(at: 8) }
            return .text(Text(bytes))
        }
        let last = try microseconds(end, context)
        var next = try microseconds(start, context)
        var rows: [[Value]] = [[], [], [], []]
        let step = max(1_000_000, increment.resolve(now: next, zone: context.zone) - next)
        guard (last - next) / step < Self.maxRows else {
            throw Diagnostic(
                "E723", "gentimes would make more than \(Self.maxRows) rows", hint: "write a longer increment")
        }
        while next < last {
            let from = next
            next = increment.resolve(now: from, zone: context.zone)
            // A clock change must not hold time still.
            if next <= from { next = from + 1_000_000 }
            let until = next - 1_000_000
            rows[0].append(text(until))
            rows[1].append(.number(Double(until) / 1_000_000))
            rows[2].append(text(from))
            rows[3].append(.number(Double(from) / 1_000_000))
            if rows[0].count % 4_096 == 0 { try context.checkTime() }
        }
        return Batch(rowCount: rows[0].count, columns: zip(GentimesCommand.names, rows).map { ($0, Column($1)) })
    }

    private func microseconds(
        _ point: GentimesCommand.Point, _ context: ExecutionContext
    ) throws(SearchError) -> Int64 {
        switch point {
        case .local(let civil):
            return context.zone.utcSeconds(fromLocal: civil.localSeconds) * 1_000_000
        case .days(let count):
            do {
                // From midnight on, so that a clock change does not move the day.
                let midnight = try RelativeTime.parse("@d").resolve(now: context.nowMicroseconds, zone: context.zone)
                return try RelativeTime.parse("\(count < 0 ? "-" : "+")\(abs(count))d@d")
                    .resolve(now: midnight, zone: context.zone)
            } catch {
                throw Diagnostic("E722", "gentimes cannot count \(count) days: \(error.message)")
            }
        }
    }
}
