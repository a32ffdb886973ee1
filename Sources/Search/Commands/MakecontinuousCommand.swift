import Columns
import SPL

/// `makecontinuous [<field>] [span=<span>] [bins=<count>] [start=<number>] [end=<number>] [aligntime=<time>]`: a row for
/// each bucket of the field, `_time` where none is named, between the first and the last that rows have.
///
/// The field becomes the start of its bucket and rows ascend by it; added rows have nothing else. Rows without a number
/// in the field come last, as they are. `start` and `end` discard what lies outside and are filled up to. Without a span
/// one is chosen for at most 100 buckets. Source: Splunk Search Reference 9.4, "makecontinuous".
struct MakecontinuousCommand: Command {
    static let name = "makecontinuous"
    static let help = CommandHelp(
        "makecontinuous [<field>] <options>",
        "Makes a row for each bucket of a field, `_time` unless one is named, that lacks one.",
        options: [
            ("span=<span>", "the width of a bucket; chosen from the rows unless written"),
            ("bins=<count>", "how many buckets there may be at most where a width is chosen, 100 unless written"),
            ("minspan=<span>", "the least width to choose"),
            ("start=<number>", "discards what is less, and fills up from there"),
            ("end=<number>", "discards what is not less, and fills up to there"),
            (
                "aligntime=earliest|latest|<time>",
                "buckets shorter than a day begin at this time and whole widths from it"
            ),
        ])

    private var field = "_time"
    private var options = BucketOptions()
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        var named: [String] = []
        var read: [(name: String, value: Token)] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let option = reader.option() {
                guard Self.help.optionNames.contains(option.name) else {
                    throw .unknownOption(option.name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                read.append(option)
            } else {
                named.append(try reader.fieldName("the field", allowingParentheses: true))
            }
        }
        guard named.count <= 1, !(named.first?.contains("*") ?? false) else {
            throw .fieldsExpected(syntax, "makecontinuous <field> span=<span>")
        }
        field = named.first ?? field
        for option in read { try options.read(option.name, option.value, isTime: field == "_time") }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }
    func schema(after input: Schema) -> Schema { input.adding(field) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] {
        if case .weeks = options.timeSpan { return [.weekBucketsBeginOnSunday] }
        return []
    }
    func makeOperator() -> any Operator { MakecontinuousOperator(field: field, options: options) }
}

private struct MakecontinuousOperator: Operator {
    let field: String
    let options: BucketOptions
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = held.take(&context)
        let column = all.column(field) ?? .nulls(rowCount: all.rowCount)
        // The bucketing is that of a chart over the field whose axis ends where the rows do.
        var plan = SeriesPlan()
        plan.rowField = field
        plan.rowBuckets = options
        plan.fillsLogarithms = true
        if options.isEmpty { plan.rowBuckets.bins = context.limits.timeBuckets }
        var axis = SeriesAxis(plan)
        axis.fit(all, &context)
        var keyed = axis.keys(column)
        keyed = Column((0..<all.rowCount).map { row in if case .number = keyed[row] { keyed[row] } else { .null } })
        let options = options
        let isInside = { (row: Int) in
            guard let number = column[row].numeric else { return true }
            return number >= options.start ?? number && number <= options.end ?? number
        }
        let numbered = (0..<all.rowCount).filter { keyed[$0].numeric != nil && isInside($0) }
            .sorted { left, right in
                let (a, b) = (keyed[left].numeric ?? 0, keyed[right].numeric ?? 0)
                return a != b ? a < b : left < right
            }
        var met: [Value] = []
        for bound in [options.start, options.end].compactMap({ $0 }) {
            met.append(axis.keys(Column([.number(bound)]))[0])
        }
        met += numbered.map { keyed[$0] }
        met = Set(met.compactMap(\.numeric)).sorted().map { .number($0) }
        let rows = try axis.rows(met, context)

        var builder = BatchBuilder()
        var source = all.gathered(numbered)
        source.set(field, keyed.gathered(numbered))
        var next = 0
        for row in rows where row.numeric != nil {
            var end = next
            while end < numbered.count, source[field, end].numeric == row.numeric { end += 1 }
            if end == next {
                builder.append(Batch(rowCount: 1, columns: [(field, Column([row]))]))
            } else {
                builder.append(source.gathered(Array(next..<end)))
                next = end
            }
        }
        let others = (0..<all.rowCount).filter { column[$0].numeric == nil }
        builder.append(all.gathered(others))
        // The columns keep the order that they came in.
        let result = builder.finish()
        return result.selecting(all.names + result.names.filter { !all.contains($0) })
    }
}
