import Columns
import SPL

/// `reltime [timefield="<field>, ..."] [prefix=<text>]` says in words how long before the start of the search a time is:
/// `5 days ago`, in the largest unit that fits, rounded down.
///
/// The result goes into `reltime`; for several time fields, or with a prefix, into `<prefix><field>`, the prefix being
/// `reltime_` when none is written. Null and text that is no time give null; each value of a multivalue field counts.
/// Source: Splunk Search Reference 9.4, "reltime".
struct ReltimeCommand: Command {
    static let name = "reltime"
    static let help = CommandHelp(
        "reltime <options>", "Says in words how long ago a time is.",
        options: [
            ("timefield=\"<field>, ...\"", "the fields with the time, `_time` unless written"),
            (
                "prefix=<text>",
                "the result's name is this and the field's; `reltime` alone for one field unless written"
            ),
        ])

    private let outputs: [(field: String, target: String)]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var fields = ["_time"]
        var prefix: String?
        while let token = reader.peek() {
            guard let (name, value) = reader.option() else {
                try reader.expectEnd()
                break
            }
            switch name {
            case "timefield":
                fields = value.text.split { $0 == "," || $0 == " " }.map(String.init)
                if fields.isEmpty { throw .noField(Self.name, value.span, "reltime timefield=<field>") }
            case "prefix": prefix = value.text
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
        if fields.count == 1, prefix == nil {
            outputs = [(fields[0], "reltime")]
        } else {
            outputs = fields.map { ($0, (prefix ?? "reltime_") + $0) }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for (field, target) in outputs where after.contains(target) { needed.insert(field) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for (_, target) in outputs where !schema.names.contains(target) { schema.names.append(target) }
        return schema
    }

    var policies: [Policy] { [.reltimeWords] }
    var explanation: String { "reltime: " + outputs.map { "\($0.field) as \($0.target)" }.joined(separator: ", ") }

    var streams: Bool { true }

    func makeOperator() -> any Operator { ReltimeOperator(outputs: outputs) }
}

private struct ReltimeOperator: Operator {
    let outputs: [(field: String, target: String)]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        let now = Double(context.nowMicroseconds) / 1_000_000
        let sources = outputs.map { batch.column($0.field) ?? .nulls(rowCount: batch.rowCount) }
        for (output, source) in zip(outputs, sources) {
            batch.set(
                output.target,
                source.mapped { value in
                    .list(
                        value.elements.map { element in
                            guard let time = element.numeric, abs(time) < 1e11 else { return .null }
                            return .text(Self.words(now - time))
                        })
                })
        }
        return batch
    }

    private static let units: [(seconds: Double, name: String)] = [
        (31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"),
    ]

    private static func words(_ seconds: Double) -> String {
        let distance = abs(seconds)
        guard let unit = units.first(where: { distance >= $0.seconds }) else { return "now" }
        let count = Int(distance / unit.seconds)
        let words = "\(count) \(unit.name)\(count == 1 ? "" : "s")"
        return seconds < 0 ? "in \(words)" : "\(words) ago"
    }
}
