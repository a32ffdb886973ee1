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
            let patterns = literals.map { WildcardPattern(Array($0.text.utf8), caseSensitive: false) }
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
            let range = try TimeModifiers.range(name, value, span, context.environment)
            if context.environment.leavesTimeToScheduler { return .all }
            fields.insert("_time")
            return .time(range)
        case .subsearch(_, let span):
            throw Diagnostic(
                "E324", "subsearches in search terms are not supported yet", span: span,
                hint: "write the terms out, or put them into a macro")
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
            let pattern = WildcardPattern(bytes, caseSensitive: false)
            if let block = CIDRBlock(bytes) { return .insideOrEqual(block, pattern) }
            return .matches([pattern])
        case .notEqual:
            if literal.text == "*" { return .never }
            if let block = CIDRBlock(bytes) { return .outside(block) }
            return .differs(WildcardPattern(bytes, caseSensitive: false))
        default:
            return .ordered(op, Text(bytes))
        }
    }
}

/// `earliest=`, `latest=` and their older kin as ranges of event time.
///
/// Source: Splunk Search Reference 9.4, "Time modifiers": earliest is inclusive, latest exclusive.
enum TimeModifiers {
    static func range(
        _ name: String, _ value: String, _ span: Span, _ environment: SearchEnvironment
    ) throws(Diagnostic) -> TimeRange {
        switch name.lowercased() {
        case "earliest", "starttime": return TimeRange(earliest: try instant(value, span, environment))
        case "latest", "endtime": return TimeRange(latest: try instant(value, span, environment))
        case let name where name.hasSuffix("ago"):
            return try ago(name, value, span, environment)
        default:
            throw Diagnostic(
                "E325", "time modifier '\(name)' is not supported", span: span,
                hint: "supported: earliest, latest, starttime, endtime, starthoursago, endhoursago and their kin")
        }
    }

    private static func instant(
        _ value: String, _ span: Span, _ environment: SearchEnvironment
    ) throws(Diagnostic) -> Int64? {
        if value == "0" || value == "1" { return nil }
        do {
            return try RelativeTime.parse(value).resolve(now: environment.nowMicroseconds, zone: environment.zone)
        } catch {
            throw Diagnostic(
                "E326", "'\(value)' is no time: \(error.message)", span: span,
                hint: "write -24h@h, now, epoch seconds or an ISO 8601 time")
        }
    }

    /// The modifier as one that counts from the search's start: `starthoursago=168` is `-168h`.
    static func relative(_ name: String, _ value: String) -> (isEarliest: Bool, text: String)? {
        let name = name.lowercased()
        switch name {
        case "earliest", "starttime": return (true, value)
        case "latest", "endtime": return (false, value)
        default:
            guard let (suffix, unit) = units.first(where: { name.hasSuffix($0.suffix) }) else { return nil }
            return (name.dropLast(suffix.count) != "end", "-\(value)\(unit)")
        }
    }

    private static let units: [(suffix: String, unit: String)] = [
        ("minutesago", "m"), ("hoursago", "h"), ("daysago", "d"), ("monthsago", "mon"),
    ]

    /// `starthoursago=168`, `endhoursago=1`, `hoursago=24`, ... with minutes, hours, days and months.
    private static func ago(
        _ name: String, _ value: String, _ span: Span, _ environment: SearchEnvironment
    ) throws(Diagnostic) -> TimeRange {
        for (suffix, unit) in units where name.hasSuffix(suffix) {
            guard let count = Int(value), count >= 0 else {
                throw Diagnostic(
                    "E326", "'\(value)' is no count for '\(name)'", span: span, hint: "write a whole number")
            }
            let time = try instant("-\(count)\(unit)", span, environment)
            switch name.dropLast(suffix.count) {
            case "end": return TimeRange(latest: time)
            case "start", "": return TimeRange(earliest: time)
            default: break
            }
        }
        throw Diagnostic("E325", "time modifier '\(name)' is not supported", span: span)
    }
}
