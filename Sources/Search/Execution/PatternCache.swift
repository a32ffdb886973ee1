import Columns
import Formats
import Matching
import SPL
import Synchronization

/// What one search compiled at run time: a pattern in an expression is nearly always a literal, but the language lets
/// it be any value, so it is compiled when first met. Bounded: patterns may come from hostile data.
final class PatternCache: Sendable {
    private static let capacity = 1_000

    private let regexes = Mutex<[Text: Regex]>([:])
    private let formats = Mutex<[Text: TimeFormat]>([:])

    /// - Throws: E320 for a pattern that PCRE does not accept.
    func regex(_ pattern: Text) throws(SearchError) -> Regex {
        if let known = regexes.withLock({ $0[pattern] }) { return known }
        let regex = try CommandPattern(pattern.string, span: nil).regex
        regexes.withLock { cache in
            if cache.count >= Self.capacity { cache.removeAll() }
            cache[pattern] = regex
        }
        return regex
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
