/// A search after its comments were removed and its macros expanded, and the way back to the text as written.
///
/// Both are textual and come before the pipeline is split: a macro's body may hold pipes, options or half an IN list, and
/// is not put in parentheses. Nothing is expanded inside double quotes. Three backticks open a comment and are tried
/// before one. Source: Splunk Knowledge Manager Manual 10.0, "Search macros"; Search Manual 10.0, "Add comments".
public struct ExpandedSearch: Sendable {
    public let source: String
    /// Each comment is one blank.
    public let text: String
    /// The names of all macros that were expanded, nested ones too, each once, in the order of their first use.
    public let expandedMacros: [String]
    /// The pieces of `text` in order, without gaps.
    private let segments: [Segment]

    struct Segment: Sendable {
        var text: Range<Int>
        var source: Range<Int>
        /// nil where the text was copied, or is a comment's blank.
        var macro: String?
    }

    init(source: String, text: String, expandedMacros: [String], segments: [Segment]) {
        self.source = source
        self.text = text
        self.expandedMacros = expandedMacros
        self.segments = segments
    }

    /// - Throws: what is wrong with a macro call, with its place in `source`.
    public static func expand(_ source: String, macros: MacroTable) throws(Diagnostic) -> ExpandedSearch {
        var expansion = MacroExpansion(macros: macros)
        return try expansion.expand(source)
    }

    /// The place in `source` of a span of `text`. Inside an expansion that is the whole macro call, and its name; a span
    /// that reaches beyond one expansion has no macro name.
    public func sourceSpan(of span: Span) -> (span: Span, macro: String?) {
        let sourceCount = source.utf8.count
        guard let first = segment(at: span.lowerBound) else { return (Span(sourceCount, sourceCount), nil) }
        let last = segment(at: max(span.upperBound - 1, span.lowerBound)) ?? segments.count - 1
        let (start, end) = (segments[first], segments[last])
        let lower =
            start.isCopy ? start.source.lowerBound + span.lowerBound - start.text.lowerBound : start.source.lowerBound
        let upper = end.isCopy ? end.source.lowerBound + span.upperBound - end.text.lowerBound : end.source.upperBound
        return (Span(lower, min(max(lower, upper), sourceCount)), first == last ? start.macro : nil)
    }

    /// The diagnostic of a parser of `text`, moved to its place in `source`.
    public func atSource(_ diagnostic: Diagnostic) -> Diagnostic {
        guard let span = diagnostic.span else { return diagnostic }
        let place = sourceSpan(of: span)
        var moved = diagnostic
        moved.span = place.span
        if let macro = place.macro { moved.message += ", in the expansion of macro '\(macro)'" }
        return moved
    }

    private func segment(at offset: Int) -> Int? {
        var (lower, upper) = (0, segments.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if segments[middle].text.upperBound <= offset { lower = middle + 1 } else { upper = middle }
        }
        return lower < segments.count ? lower : nil
    }
}

extension ExpandedSearch.Segment {
    fileprivate var isCopy: Bool { macro == nil && text.count == source.count }
}
