import Columns
import Matching
import SPL

/// A regular expression that stands in a command's arguments: compiled with the search, run under the limits of
/// ``RegexLimits``. Errors: E320 where it is none, E321 where a text takes more steps than it may.
struct CommandPattern: Sendable {
    let text: String
    let regex: Regex

    init(_ text: String, span: Span?) throws(Diagnostic) {
        self.text = text
        do {
            regex = try Regex(text)
        } catch {
            throw Diagnostic(
                "E320", "'\(text)' is not a regular expression: \(error.message)", span: span,
                hint: "patterns are PCRE; a backslash in a quoted string may need to be doubled")
        }
    }

    /// The pattern that comes next: a string, or the words up to the next blank.
    static func read(_ reader: inout ArgumentReader, _ what: String) throws(Diagnostic) -> CommandPattern {
        let span = reader.peek()?.span
        return try CommandPattern(try readText(&reader, what), span: span)
    }

    /// The text of a pattern. `\"` and `\\` are a quote and a backslash as in every string, but `\|` stays: it is a literal
    /// pipe to the regular expression (docs/decisions/0002, pattern-keeps-escaped-pipe).
    static func readText(_ reader: inout ArgumentReader, _ what: String) throws(Diagnostic) -> String {
        guard let first = reader.next() else { throw reader.unexpected(nil, expected: what) }
        var raw = Array(first.raw.utf8)
        if first.kind == .quoted {
            raw = Array(raw.dropFirst().dropLast())
        } else {
            while let token = reader.peek(), token.isGlued {
                raw += token.raw.utf8
                _ = reader.next()
            }
        }
        var text: [UInt8] = []
        var index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "\\"), index + 1 < raw.count,
                raw[index + 1] == UInt8(ascii: "\\") || raw[index + 1] == UInt8(ascii: "\"")
            {
                index += 1
            }
            text.append(raw[index])
            index += 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    func matches(_ text: Text) throws(SearchError) -> Bool {
        do { return try regex.matches(text.bytes) } catch { throw Self.error(error) }
    }

    /// The first `limit` matches.
    /// - Throws: E321 for more than a million: each is a value to be held.
    func matches(in text: Text, limit: Int) throws(SearchError) -> [RegexMatch] {
        let matches: [RegexMatch]
        do {
            matches = try regex.allMatches(in: text.bytes, limit: min(limit, Self.largestCount + 1))
        } catch {
            throw Self.error(error)
        }
        guard matches.count <= Self.largestCount else {
            throw Diagnostic(
                "E321", "'\(self.text)' matches more than \(Self.largestCount) times in one value",
                hint: "make the pattern more exact, or limit the matches with max_match")
        }
        return matches
    }

    private static let largestCount = 1_000_000

    func replacing(
        in text: Text, with replacement: RegexReplacement, _ occurrences: Regex.Occurrences
    ) throws(SearchError) -> Text {
        do {
            return Text(try regex.replacing(in: text.bytes, with: replacement, occurrences))
        } catch {
            throw Self.error(error)
        }
    }

    private static func error(_ error: RegexError) -> SearchError {
        Diagnostic(
            "E321", "regular expression gives up: \(error.message)",
            hint: "nested repetition such as (a+)+ explodes; make the pattern more exact")
    }
}
