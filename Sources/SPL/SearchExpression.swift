/// The boolean grammar of `search`, `tstats where`, eventtypes and data-model constraints: NOT binds tightest, then
/// OR, then AND (written or implied). It is another type than ``EvalExpression`` so that precedence cannot leak.
///
/// Source: Splunk Search Manual 9.3, "Boolean expressions", order of evaluation.
public indirect enum SearchExpression: Hashable, Sendable {
    /// No terms at all, or `*` alone: every row.
    case all
    case and([SearchExpression])
    case or([SearchExpression])
    case not(SearchExpression, Span)
    case comparison(field: String, operator: ComparisonOperator, value: SearchLiteral, Span)
    /// `host=CASE(LOCALHOST)`. Source: Splunk Search Manual 10.0, "Use CASE() and TERM() to match phrases".
    case caseSensitiveComparison(field: String, operator: ComparisonOperator, value: SearchLiteral, Span)
    /// `field IN (a, b*, "c d")`.
    case inList(field: String, values: [SearchLiteral], Span)
    /// A bare word or a quoted phrase, looked for in `_raw`.
    case keyword(SearchLiteral, Span)
    /// `TERM(x)` and `CASE(x)`.
    case directive(Directive, SearchLiteral, Span)
    /// `earliest=-24h`, `latest=now`, `starthoursago=168`, ...: sets the time range, is no filter.
    case timeModifier(name: String, value: String, Span)
    case subsearch(Pipeline, Span)
    /// `user=[search ...]`, `user IN (a, [search ...])`: the subsearch gives text that stands between the other two.
    case comparisonWithSubsearch(before: String, Pipeline, after: String, Span)

    public enum Directive: String, Sendable { case term = "TERM", caseSensitive = "CASE" }
}

/// The right side of a search term: always a literal, never a field.
public struct SearchLiteral: Hashable, Sendable {
    /// After escapes: `\"` is a quote, `\\` one backslash, any other backslash stays. `*` is a wildcard even when quoted.
    public var text: String
    public var isQuoted: Bool

    public init(_ text: String, isQuoted: Bool) {
        self.text = text
        self.isQuoted = isQuoted
    }
}
