import Columns
import SPL

/// `search <terms>`: as first command it names the events to read, later it filters rows.
///
/// Time modifiers of a first search set its time range and are no filter. A subsearch among the terms runs when the
/// first rows come; its text takes its place. Source: Splunk Search Reference 9.4, "search".
struct SearchCommand: Command {
    static let name = "search"
    static let readsSubsearches = true
    static let help = CommandHelp("search <terms>", "Names the events to read, or keeps the rows that match.")

    let expression: SearchExpression
    /// The filter, as far as it is known before the subsearches have run: it passes every row that they may keep.
    let predicate: CompiledPredicate
    private let searches: [Subsearch]
    private let context: CompileContext

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        let expression = try SearchExpression.parse(syntax.argumentText, at: syntax.argumentOffset)
        try self.init(expression, context)
    }

    init(_ written: SearchExpression, _ context: CompileContext) throws(Diagnostic) {
        let expression = try written.applyingTimeFormat(zone: context.environment.zone)
        self.expression = expression
        self.context = context
        var searches: [Subsearch] = []
        for pipeline in expression.subsearches { searches.append(try Subsearch(pipeline, context)) }
        self.searches = searches
        let known = Self.filter(expression, context).conjuncts.filter { $0.subsearches.isEmpty }
        predicate = try CompiledPredicate(known.isEmpty ? .all : .and(known), context: context)
    }

    /// False where the predicate is the whole filter.
    var isIncomplete: Bool { !searches.isEmpty }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.formUnion(predicate.fields)
        guard isIncomplete else { return needed }
        if expression.textAroundSubsearches.contains(where: { !$0.before.isEmpty }) { return .all }
        // Terms beside a subsearch (`a=1 OR [..]`) are not in the predicate, and its own fields are only known when it ran.
        let others = expression.replacingSubsearches(with: searches.map { _ in .all })
        if let compiled = try? CompiledPredicate(others, context: context) { needed.formUnion(compiled.fields) }
        for search in searches {
            let schema = search.search.schema
            if schema.isOpen || schema.names.contains(where: { ["search", "query"].contains($0) }) { return .all }
            for name in schema.names where !name.hasPrefix("_") { needed.insert(name) }
        }
        return needed
    }

    var subsearches: [CompiledSearch] { searches.map(\.search) }
    var readsClock: Bool { isIncomplete || expression.conjuncts.contains(where: \.setsTimeRange) }
    var policies: [Policy] { [] }
    var explanation: String { "search: \(expression)" }

    /// A subsearch runs once, before the rows.
    var streams: Bool { !isIncomplete }

    func makeOperator() -> any Operator {
        isIncomplete ? ExpandingFilter(command: self) : FilterOperator(predicate: predicate) as any Operator
    }

    /// The terms of a first search without its time modifiers: those are the source's business.
    private static func filter(_ expression: SearchExpression, _ context: CompileContext) -> SearchExpression {
        guard context.isFirst, !context.rowsAreGiven else { return expression }
        let kept = expression.conjuncts.filter { !$0.setsTimeRange }
        return kept.isEmpty ? .all : (kept.count == 1 ? kept[0] : .and(kept))
    }

    fileprivate func completed(_ context: inout ExecutionContext) throws(SearchError) -> CompiledPredicate {
        var replacements: [SearchExpression] = []
        for (search, around) in zip(searches, expression.textAroundSubsearches) {
            let rows = try search.rows(&context, limit: context.limits.subsearchRows, of: "search")
            let text = SubsearchText().text(rows)
            replacements.append(
                rows.rowCount == 0 && !around.before.isEmpty
                    ? .not(.all, Span(0, 0)) : try SearchExpression.parse(around.before + text + around.after))
        }
        let whole = Self.filter(expression, self.context).replacingSubsearches(with: replacements)
        return try CompiledPredicate(whole, context: self.context)
    }
}

struct FilterOperator: Operator {
    let predicate: CompiledPredicate

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        batch.keeping(predicate.rows(of: batch))
    }
}

private struct ExpandingFilter: Operator {
    let command: SearchCommand
    var predicate: CompiledPredicate?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if predicate == nil { predicate = try command.completed(&context) }
        return predicate.map { batch.keeping($0.rows(of: batch)) } ?? batch
    }
}
