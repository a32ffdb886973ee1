import Columns
import Formats
import Matching
import SPL
import Synchronization

/// What one search compiled at run time: a pattern in an expression is nearly always a literal, but the language lets
/// it be any value, so it is compiled when first met. Bounded: patterns may come from hostile data.
final class PatternCache: Sendable {
    static let refusedCode = "W309"

    private static let capacity = 1_000

    /// Nil for what is no regular expression.
    private let regexes = Mutex<[Text: Regex?]>([:])
    private let refused = Mutex<(first: Text?, isTold: Bool)>((nil, false))
    private let formats = Mutex<[Text: TimeFormat]>([:])

    /// - Returns: nil for a pattern that PCRE does not accept. Literals were looked at when the search was compiled, so that
    ///   a row made it: a name in a log must not end the search (docs/decisions/0002, computed-pattern-no-regex-is-null).
    func regex(_ pattern: Text) -> Regex? {
        if let known = regexes.withLock({ $0[pattern] }) { return known }
        let regex = try? Regex(pattern.string)
        if regex == nil { refused.withLock { $0.first = $0.first ?? pattern } }
        regexes.withLock { cache in
            if cache.count >= Self.capacity { cache.removeAll() }
            cache[pattern] = .some(regex)
        }
        return regex
    }

    /// Takes note of what ``takeRefused()`` gave elsewhere, where the rows were other pieces of the input.
    func refuse(_ pattern: String) { refused.withLock { $0.first = $0.first ?? Text(pattern) } }

    /// The first pattern that was no regular expression, as it can be shown; told once.
    func takeRefused() -> String? {
        let first: Text? = refused.withLock { state in
            guard !state.isTold, let first = state.first else { return nil }
            state.isTold = true
            return first
        }
        guard let scalars = first?.string.unicodeScalars else { return nil }
        let shown = scalars.prefix(60).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(shown)) + (scalars.count > 60 ? "..." : "")
    }

    /// - Throws: E321 when the pattern needs more steps on this text than the limit allows.
    func matches(_ regex: Regex, _ text: Text) throws(SearchError) -> Bool {
        try guarded { try regex.matches(text.bytes) }
    }

    func replace(_ regex: Regex, in text: Text, with template: Text) throws(SearchError) -> Text {
        try guarded { Text(try regex.replaceAll(in: text.bytes, with: template.bytes)) }
    }

    private func guarded<T>(_ body: () throws -> T) throws(SearchError) -> T {
        do {
            return try body()
        } catch {
            throw Diagnostic(
                "E321", "regular expression gives up: \((error as? RegexError)?.message ?? "\(error)")",
                hint: "nested repetition such as (a+)+ explodes; make the pattern more exact")
        }
    }

    /// - Throws: E322 for a format with an unknown variable.
    func format(_ format: Text) throws(SearchError) -> TimeFormat {
        if let known = formats.withLock({ $0[format] }) { return known }
        let compiled: TimeFormat
        do {
            compiled = try TimeFormat(format.string)
        } catch {
            throw Diagnostic("E322", "'\(format.string)' is not a time format: \(error.message)")
        }
        formats.withLock { cache in
            if cache.count >= Self.capacity { cache.removeAll() }
            cache[format] = compiled
        }
        return compiled
    }
}
