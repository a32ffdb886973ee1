import Columns
import SPL

/// `anomalydetection [method=histogram|zscore|iqr] [action=...] [pthresh=<number>] [cutoff=<bool>] [<fields>]`: finds rows
/// whose values together are improbable.
///
/// `filter` (the default) keeps the anomalous rows, `annotate` all of them, `summary` one row of statistics. `histogram`
/// adds `log_event_prob` and `max_freq`, and to anomalous rows `probable_cause` and `probable_cause_freq`; `zscore` adds
/// `Anomaly_Score_Num(<field>)` or `Anomaly_Score_Cat(<field>)` to anomalous rows; `iqr` is ``OutlierCommand``. Without
/// fields all but internal ones. The pages give an outline of the method only: see ``AnomalyHistogram``.
/// Source: Splunk Search Reference 9.4, "anomalydetection".
struct AnomalydetectionCommand: Command {
    static let name = "anomalydetection"
    static let help = CommandHelp(
        "anomalydetection <options> [<fields>]", "Finds rows whose values together are improbable.",
        options: [
            (
                "method=histogram|zscore|iqr",
                "how rows are judged, `histogram` unless written; `iqr` is `outlier` with its options"
            ),
            (
                "action=filter|annotate|summary",
                "keeps the anomalous rows (unless written), marks them among all, or gives one row of statistics"
            ),
            (
                "pthresh=<number>",
                "the probability below which a row is anomalous; chosen from the data unless written (`zscore`: 0.01)"
            ),
            ("cutoff=<bool>", "`f` chooses a threshold that takes more rows for anomalous; `t` unless written"),
        ])

    fileprivate enum Method: Sendable { case histogram, zscore }
    fileprivate enum Action: String, CaseIterable, Sendable { case filter, annotate, summary }

    fileprivate var method = Method.histogram
    fileprivate var action = Action.filter
    fileprivate var threshold: Double?
    fileprivate var cutsOff = true
    fileprivate var fields: [String] = []
    private var outlier: OutlierCommand?
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        if let rest = try Self.outlierArguments(syntax) {
            do { outlier = try OutlierCommand(rest, context) } catch {
                // Its places are those of the arguments without the method.
                throw Diagnostic(error.code, error.message, span: syntax.nameSpan, hint: error.hint)
            }
            return
        }
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "method": method = value.text.lowercased() == "zscore" ? .zscore : .histogram
                case "action":
                    guard let action = Action(rawValue: value.text.lowercased()) else {
                        throw .unknownValue(value, of: name, values: Action.allCases.map(\.rawValue))
                    }
                    self.action = action
                case "pthresh": threshold = try NumberOption.number(value, for: name)
                case "cutoff": cutsOff = try BooleanOption.value(value)
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                fields += try reader.furtherFields()
            }
        }
    }

    /// The arguments without the method where it is `iqr`. - Throws: E386 for a method that does not exist.
    private static func outlierArguments(_ syntax: CommandSyntax) throws(Diagnostic) -> CommandSyntax? {
        var reader = ArgumentReader(syntax)
        var index = 0
        while let token = reader.peek() {
            if reader.peekOption() == "method", let (name, value) = reader.option() {
                switch value.text.lowercased() {
                case "histogram", "zscore": return nil
                case "iqr":
                    var rest = syntax
                    rest.arguments.removeSubrange(index..<(index + 3))
                    return rest
                default: throw .unknownValue(value, of: name, values: ["histogram", "zscore", "iqr"])
                }
            }
            _ = token
            _ = reader.next()
            index += 1
        }
        return nil
    }

    func needs(_ after: FieldSet) -> FieldSet {
        if let outlier { return outlier.needs(after) }
        guard !fields.isEmpty else { return .all }
        var needed = after
        for field in fields { needed.insert(field) }
        return needed
    }
    func schema(after input: Schema) -> Schema {
        guard outlier == nil else { return input }
        if action == .summary { return .open }
        return method == .zscore
            ? Schema(isOpen: true, names: input.names)
            : input.adding("log_event_prob", "probable_cause", "probable_cause_freq", "max_freq")
    }
    func rowKey(after input: [String]?) -> [String]? { outlier == nil && action == .summary ? nil : input }
    var policies: [Policy] {
        outlier?.policies
            ?? (method == .histogram
                ? [.anomalyHistogramIsApproximate, .quartilesInterpolate] : [.anomalyHistogramIsApproximate])
    }
    func makeOperator() -> any Operator {
        outlier?.makeOperator() ?? AnomalyOperator(command: self)
    }
}

private struct AnomalyOperator: Operator {
    let command: AnomalydetectionCommand
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return command.action == .summary ? Batch() : batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = held.take(&context)
        let names = all.names.filter { ColumnTotals.isSummed($0, command.fields) }
        let fields = names.compactMap { name in all.column(name).map { AnomalyField(name: name, column: $0) } }
            .filter { $0.count > 0 }
        return command.method == .histogram ? histogram(all, fields) : scores(all, fields)
    }

    private func histogram(_ all: Batch, _ fields: [AnomalyField]) -> Batch {
        var result = all
        let histogram = AnomalyHistogram(
            fields, rowCount: all.rowCount, threshold: command.threshold, cutsOff: command.cutsOff)
        if command.action == .summary {
            var summary = Batch(rowCount: 1)
            for (name, value) in histogram.summary { summary.set(name, Column([value])) }
            if let origins = all.origins { summary.origins = [Array(origins.joined())] }
            return summary
        }
        result.set("log_event_prob", Column(histogram.logarithms.map { .number($0) }))
        result.set(
            "probable_cause",
            Column(
                zip(histogram.causes, histogram.isAnomalous).map { cause, isAnomalous in
                    isAnomalous ? cause.map { .text($0.name) } ?? .null : .null
                }))
        result.set(
            "probable_cause_freq",
            Column(
                zip(histogram.causes, histogram.isAnomalous).map { cause, isAnomalous in
                    isAnomalous ? cause.map { .number($0.frequency) } ?? .null : .null
                }))
        result.set("max_freq", Column(histogram.largest.map { $0.map { .number($0) } ?? .null }))
        return command.action == .filter ? result.filtered(histogram.isAnomalous) : result
    }

    private func scores(_ all: Batch, _ fields: [AnomalyField]) -> Batch {
        let bound = command.threshold ?? 0.01
        var result = all
        var isAnomalous = [Bool](repeating: false, count: all.rowCount)
        var counts: [Int] = []
        for field in fields {
            let scores = field.isNumeric ? field.tailProbabilities() : field.frequencies(all.rowCount)
            var count = 0
            let shown = scores.enumerated().map { row, score -> Value in
                guard let score, score < bound else { return .null }
                isAnomalous[row] = true
                count += 1
                return .number(score)
            }
            counts.append(count)
            if count > 0 {
                result.set("Anomaly_Score_\(field.isNumeric ? "Num" : "Cat")(\(field.name))", Column(shown))
            }
        }
        switch command.action {
        case .annotate: return result
        case .filter: return result.filtered(isAnomalous)
        case .summary:
            var summary = Batch(rowCount: fields.count)
            summary.set("fieldname", Column(fields.map { .text($0.name) }))
            summary.set("count", Column(fields.map { .number(Double($0.count)) }))
            summary.set("distinct_count", Column(fields.map { .number(Double($0.distinctCount)) }))
            summary.set("test", Column(fields.map { .text($0.isNumeric ? "numerical" : "categorical") }))
            summary.set(
                "anomalous_fraction",
                Column(zip(fields, counts).map { .number(Double($1) / Double(max(1, $0.count))) }))
            if let origins = all.origins {
                summary.origins = [[UInt32]](repeating: Array(origins.joined()), count: fields.count)
            }
            return summary
        }
    }
}
