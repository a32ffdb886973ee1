extension SearchExpression {
    /// The subsearches among the terms, in the order of the text.
    public var subsearches: [Pipeline] {
        switch self {
        case .subsearch(let pipeline, _), .comparisonWithSubsearch(_, let pipeline, _, _): [pipeline]
        case .and(let terms), .or(let terms): terms.flatMap(\.subsearches)
        case .not(let term, _): term.subsearches
        default: []
        }
    }

    /// What stands before and behind each of ``subsearches`` in its term: empty where it is a term of its own.
    public var textAroundSubsearches: [(before: String, after: String)] {
        switch self {
        case .subsearch: [("", "")]
        case .comparisonWithSubsearch(let before, _, let after, _): [(before, after)]
        case .and(let terms), .or(let terms): terms.flatMap(\.textAroundSubsearches)
        case .not(let term, _): term.textAroundSubsearches
        default: []
        }
    }

    /// The expression with each subsearch replaced, in the order of ``subsearches``.
    public func replacingSubsearches(with replacements: [SearchExpression]) -> SearchExpression {
        var rest = replacements[...]
        return replacing(from: &rest)
    }

    private func replacing(from rest: inout ArraySlice<SearchExpression>) -> SearchExpression {
        switch self {
        case .subsearch, .comparisonWithSubsearch: return rest.popFirst() ?? self
        case .and(let terms): return .and(terms.map { $0.replacing(from: &rest) })
        case .or(let terms): return .or(terms.map { $0.replacing(from: &rest) })
        case .not(let term, let span): return .not(term.replacing(from: &rest), span)
        default: return self
        }
    }

    /// The terms that must all hold; one for anything but a conjunction.
    public var conjuncts: [SearchExpression] {
        if case .and(let terms) = self { return terms.flatMap(\.conjuncts) }
        return [self]
    }
}

extension SearchLiteral {
    /// The text as a double-quoted string of the search language.
    public static func quoted(_ text: String) -> String { Quoting.quoted(text) }
}
