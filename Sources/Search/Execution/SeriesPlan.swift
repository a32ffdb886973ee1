import Columns
import SPL

/// What `chart` and `timechart` make: a row per value of one field, a column per value of another, and in the cells the
/// measures, which are stats functions or expressions over them.
struct SeriesPlan: Sendable {
    struct Measure: Sendable {
        enum Source: Sendable {
            case call(Int)
            case expression(CompiledExpression)
        }

        var source: Source
        var output: String
        /// `per_hour` and its kin: the sum over the bucket's length in this many seconds.
        var unitSeconds: Double?
    }

    var calls: [StatsCommand.Call] = []
    var measures: [Measure] = []
    var isTimechart = false
    var rowField: String?
    var seriesField: String?
    var rowBuckets = BucketOptions()
    var seriesNumbers: BoundedBuckets?
    var selection = SeriesSelection()
    /// Names of the column of series that are not selected and of rows without the field; nil leaves them out.
    var otherName: String? = "OTHER"
    var nullName: String? = "NULL"
    var otherText = "OTHER"
    var nullText = "NULL"
    var format = "$AGG$: $VAL$"
    /// Buckets without rows are rows of the result too.
    var isContinuous = true
    /// ... in ranges of a log span too: `chart` does not, as the page's example shows.
    var fillsLogarithms = false
    /// The first and the last bucket stay where the search covers only a part of them.
    var keepsPartial = true
    /// The time axis spans the range of the search, not just that of the rows.
    var coversRange = true

    /// No field can have it: control characters never reach a name that is written.
    func hiddenName(of call: Int) -> String { "\u{1}call\(call)" }

    var hasWildcards: Bool { calls.contains(where: \.isWildcard) }

    mutating func add(
        _ call: StatsCommand.Call, output: String, unitSeconds: Double?, at span: Span
    ) throws(Diagnostic) {
        if let known = measures.first(where: { $0.output == output }) {
            if case .call(let index) = known.source, call.expression == nil, calls[index].expression == nil,
                calls[index].field == call.field, calls[index].function.name == call.function.name
            {
                return
            }
            throw Self.twice(output, span)
        }
        var call = call
        if !call.isWildcard { call.output = hiddenName(of: calls.count) }
        measures.append(Measure(source: .call(calls.count), output: output, unitSeconds: unitSeconds))
        calls.append(call)
    }

    mutating func add(
        _ expression: CompiledExpression, over more: [StatsCommand.Call], output: String, at span: Span
    ) throws(Diagnostic) {
        if measures.contains(where: { $0.output == output }) { throw Self.twice(output, span) }
        measures.append(Measure(source: .expression(expression), output: output, unitSeconds: nil))
        calls += more
    }

    private static func twice(_ output: String, _ span: Span) -> Diagnostic {
        Diagnostic(
            "E337", "two results are named '\(output)'", span: span, hint: "give one of them another name with AS")
    }

    /// The fields that the cells, the rows and the choice of series are made of.
    var fields: FieldSet {
        var needed = FieldSet()
        var all = calls
        if case .overEvents(let call) = selection.score { all.append(call) }
        for call in all {
            if let field = call.field { needed.insert(field) }
            if let expression = call.expression { needed.formUnion(expression.fields) }
            if call.function.needsTime { needed.insert("_time") }
        }
        if let rowField { needed.insert(rowField) }
        if let seriesField { needed.insert(seriesField) }
        return needed
    }

    var schema: Schema {
        let rows = rowField.map { [$0] } ?? []
        if seriesField != nil { return Schema(isOpen: true, names: rows) }
        return Schema(isOpen: hasWildcards, names: rows + measures.map(\.output).filter { !$0.contains("*") })
    }

    var policies: [Policy] {
        var policies: [Policy] = []
        if rowField != nil { policies += [.multivalueByKeySplitsRow, .rowsAscendByKey] }
        if rowField != nil, !isTimechart { policies.append(.nullByKeyDropsRow) }
        if seriesField != nil { policies.append(.nullAndOtherComeLast) }
        if case .weeks = rowBuckets.timeSpan { policies.append(.weekBucketsBeginOnSunday) }
        if calls.contains(where: \.function.isSparkline) { policies.append(.sparklineSpan) }
        return policies
    }

    var dependsOnOrder: Bool {
        if case .overEvents(let call) = selection.score, call.function.dependsOnOrder { return true }
        return calls.contains(where: \.function.dependsOnOrder)
    }
}

/// Which series get a column of their own. The score of a series is the sum of its cells for one measure, the number of
/// its rows for several. Source: Splunk Search Reference 9.4, "timechart" (limit, where clause).
struct SeriesSelection: Sendable {
    enum Rule: Sendable {
        case all
        case top(Int), bottom(Int)
        case not(top: Bool, Int)
        case above(Double), below(Double)
    }

    enum Score: Sendable {
        case total
        /// A function over the cells of the series.
        case overValues(AggregateFunction)
        /// A function over the rows of the series.
        case overEvents(StatsCommand.Call)
    }

    /// Nil is the limit of the search, top 10.
    var rule: Rule?
    var score = Score.total
    var isWritten = false

    var keepsAll: Bool { if case .all = rule { true } else { false } }

    /// The names that the rule keeps; of equal scores the first by name.
    func kept(_ scores: [(name: Text, score: Double?)], defaultLimit: Int) -> Set<Text> {
        switch rule ?? .top(defaultLimit) {
        case .all: return Set(scores.map(\.name))
        case .top(let count): return best(scores, top: true, count)
        case .bottom(let count): return best(scores, top: false, count)
        case .not(let top, let count): return Set(scores.map(\.name)).subtracting(best(scores, top: top, count))
        case .above(let bound): return Set(scores.filter { $0.score.map { $0 > bound } ?? false }.map(\.name))
        case .below(let bound): return Set(scores.filter { $0.score.map { $0 < bound } ?? false }.map(\.name))
        }
    }

    private func best(_ scores: [(name: Text, score: Double?)], top: Bool, _ count: Int) -> Set<Text> {
        let ordered = scores.sorted { left, right in
            switch (left.score, right.score) {
            case (let a?, let b?) where a != b: return top ? a > b : a < b
            case (_?, nil): return true
            case (nil, _?): return false
            default: return left.name < right.name
            }
        }
        return Set(ordered.prefix(count).map(\.name))
    }
}
