extension SearchExpression {
    /// Parses the expression of `search`, of `tstats where`, of an eventtype or a data model's constraint.
    ///
    /// Lists of one kind are flat where no parentheses were written. Empty text, `()` and a lone `*` are ``all``.
    /// - Parameter offset: where the text starts in the search, for the spans.
    public static func parse(
        _ text: String, at offset: Int = 0, commandNames: Set<String> = SplunkCommandNames.all
    ) throws(Diagnostic) -> SearchExpression {
        var parser = SearchParser(Array(text.utf8), base: offset, commandNames: commandNames)
        return try parser.parse()
    }

    /// Names which set the time range when they stand before `=`, and are no fields then.
    ///
    /// Source: Splunk Search Reference 9.4, "Time modifiers", the list of deprecated ones included.
    public static let timeModifierNames: Set<String> = [
        "_index_earliest", "_index_latest", "daysago", "earliest", "enddaysago", "endhoursago", "endminutesago",
        "endmonthsago", "endtime", "endtimeu", "hoursago", "latest", "minutesago", "monthsago", "searchtimespandays",
        "searchtimespanhours", "searchtimespanminutes", "searchtimespanmonths", "startdaysago", "starthoursago",
        "startminutesago", "startmonthsago", "starttime", "starttimeu", "timeformat",
    ]
}

extension SearchExpression {
    /// What stands in the parentheses of `field=(a OR b)`, each word of it as a value of the field.
    func withValues(ofField field: String, _ span: Span) -> SearchExpression {
        switch self {
        case .all:
            .comparison(field: field, operator: .equal, value: SearchLiteral("*", isQuoted: false), span)
        case .keyword(let literal, let span):
            .comparison(field: field, operator: .equal, value: literal, span)
        case .directive(.caseSensitive, let literal, let span):
            .caseSensitiveComparison(field: field, operator: .equal, value: literal, span)
        case .and(let terms): .and(terms.map { $0.withValues(ofField: field, span) })
        case .or(let terms): .or(terms.map { $0.withValues(ofField: field, span) })
        case .not(let term, let notSpan): .not(term.withValues(ofField: field, span), notSpan)
        default: self
        }
    }
}
