import Columns
import Formats
import Matching
import SPL

/// Turns a search expression into tests.
struct PredicateCompiler {
    let context: CompileContext
    private(set) var fields = FieldSet()

    init(context: CompileContext) { self.context = context }

    mutating func compile(_ expression: SearchExpression) throws(Diagnostic) -> CompiledPredicate.Node {
        switch expression {
        case .all:
            return .all
        case .and(let terms):
            return .and(try nodes(terms))
        case .or(let terms):
            return .or(try nodes(terms))
        case .not(let term, _):
            return .not(try compile(term))
        case .comparison(let field, let op, let literal, let span):
            fields.insert(field)
            return .field(field, try test(op, literal, span))
        case .caseSensitiveComparison(let field, let op, let literal, let span):
            fields.insert(field)
            let pattern = WildcardPattern(Array(literal.text.utf8), caseSensitive: true)
            switch op {
            case .equal: return .field(field, .matches([pattern]))
            case .notEqual: return .field(field, .differs(pattern))
            default: return .field(field, try test(op, literal, span))
            }
        case .inList(let field, let literals, _):
            fields.insert(field)
            let blocks = literals.compactMap { CIDRBlock(Array($0.text.utf8)) }
            let patterns = literals.map {
                WildcardPattern(Array($0.text.utf8), caseSensitive: context.valuesAreCaseSensitive)
            }
            if blocks.isEmpty { return .field(field, .matches(patterns)) }
            return .or([.field(field, .matches(patterns))] + blocks.map { .field(field, .inside($0)) })
        case .keyword(let literal, _):
            fields.insert("_raw")
            return .raw(RawTest(matcher: KeywordMatcher(Array(literal.text.utf8), kind: .keyword)))
        case .directive(let directive, let literal, _):
            fields.insert("_raw")
            let bytes = Array(literal.text.utf8)
            return .raw(
                RawTest(matcher: KeywordMatcher(bytes, kind: directive == .term ? .term : .caseSensitive)))
        case .timeModifier(let name, let value, let span):
            let (isEarliest, bound) = try TimeModifiers.bound(name, value, span)
            var times = SourceTimes()
            if isEarliest { times.earliest = bound } else { times.latest = bound }
            let isOfIndexing = !expression.setsTimeRange
            fields.insert("_time")
            if isOfIndexing { fields.insert("_indextime") }
            return .time(
                times.range(
                    nowMicroseconds: context.environment.nowMicroseconds, zone: context.environment.zone,
                    outer: TimeRange()), isOfIndexing: isOfIndexing)
        case .subsearch(_, let span), .comparisonWithSubsearch(_, _, _, let span):
            throw Diagnostic(
                "E324", "a subsearch cannot stand here", span: span,
                hint: "eventtypes, data model constraints and searchmatch() take plain terms only")
        }
    }

    private mutating func nodes(_ terms: [SearchExpression]) throws(Diagnostic) -> [CompiledPredicate.Node] {
        var nodes: [CompiledPredicate.Node] = []
        for term in terms { nodes.append(try compile(term)) }
        return nodes
    }

    private func test(_ op: ComparisonOperator, _ literal: SearchLiteral, _ span: Span) throws(Diagnostic) -> ValueTest
    {
        let bytes = Array(literal.text.utf8)
        switch op {
        case .equal:
            if literal.text == "*" { return .exists }
            let pattern = WildcardPattern(bytes, caseSensitive: context.valuesAreCaseSensitive)
            if let block = CIDRBlock(bytes) { return .insideOrEqual(block, pattern) }
            return .matches([pattern])
        case .notEqual:
            if literal.text == "*" { return .never }
            if let block = CIDRBlock(bytes) { return .outside(block) }
            return .differs(WildcardPattern(bytes, caseSensitive: context.valuesAreCaseSensitive))
        default:
            return .ordered(op, Text(bytes))
        }
    }
}
