public import Columns
import Matching
public import SPL

/// The script of `rex mode=sed` and of SEDCMD-: one or more of `s/<pattern>/<replacement>/<flags>` and `y/<characters>/<characters>/`,
/// separated by blanks or semicolons.
///
/// Flags: `g` for every match, a number for that match alone, `i` to ignore case. `\1` to `\9` stand for groups; the
/// delimiter is any mark behind the `s` or `y`, and stands for itself behind a backslash. Errors: E392 for a script that
/// cannot be read, E320 for a bad pattern. Source: Splunk Search Reference 9.4, "rex".
public struct SedScript: Sendable {
    private enum Step: Sendable {
        case substitute(CommandPattern, RegexReplacement, Regex.Occurrences)
        case transliterate([Unicode.Scalar: Unicode.Scalar])
    }

    public let text: String
    private let steps: [Step]

    public init(_ text: String, span: Span) throws(Diagnostic) {
        self.text = text
        var scanner = Scanner(bytes: Array(text.utf8), span: span)
        var steps: [Step] = []
        while let command = scanner.nextCommand() {
            switch command {
            case UInt8(ascii: "s"): steps.append(try Self.substitution(&scanner))
            case UInt8(ascii: "y"): steps.append(try Self.transliteration(&scanner))
            default: throw scanner.error("'\(Character(UnicodeScalar(command)))' is no sed command")
            }
        }
        if steps.isEmpty { throw scanner.error("the sed script is empty") }
        self.steps = steps
    }

    /// - Throws: where a pattern gives up on the text.
    public func edit(_ text: Text) throws(SearchError) -> Text {
        var text = text
        for step in steps {
            switch step {
            case .substitute(let pattern, let replacement, let occurrences):
                text = try pattern.replacing(in: text, with: replacement, occurrences)
            case .transliterate(let map):
                var scalars = String.UnicodeScalarView()
                var isChanged = false
                for scalar in text.string.unicodeScalars {
                    let mapped = map[scalar]
                    if mapped != nil { isChanged = true }
                    scalars.append(mapped ?? scalar)
                }
                if isChanged { text = Text(String(scalars)) }
            }
        }
        return text
    }

    private static func substitution(_ scanner: inout Scanner) throws(Diagnostic) -> Step {
        let delimiter = try scanner.delimiter()
        let source = try scanner.part(until: delimiter)
        let template = try scanner.part(until: delimiter)
        var occurrences: Regex.Occurrences = .only(1)
        var ignoresCase = false
        var number = 0
        while let flag = scanner.nextFlag() {
            switch flag {
            case UInt8(ascii: "g") where number == 0: occurrences = .all
            case UInt8(ascii: "i"), UInt8(ascii: "I"): ignoresCase = true
            case UInt8(ascii: "0")...UInt8(ascii: "9") where occurrences != .all && number < 100_000:
                number = number * 10 + Int(flag - 48)
                occurrences = .only(number)
            default: throw scanner.error("the flags of s are g or a number, and i")
            }
        }
        if occurrences == .only(0) { throw scanner.error("matches count from 1") }
        let pattern = try CommandPattern((ignoresCase ? "(?i)" : "") + source.string, span: scanner.span)
        do {
            return .substitute(pattern, try RegexReplacement(template.replacement, for: pattern.regex), occurrences)
        } catch {
            throw scanner.error(error.message)
        }
    }

    private static func transliteration(_ scanner: inout Scanner) throws(Diagnostic) -> Step {
        let delimiter = try scanner.delimiter()
        let from = Array(try scanner.part(until: delimiter).characters)
        let to = Array(try scanner.part(until: delimiter).characters)
        if scanner.nextFlag() != nil { throw scanner.error("y takes no flags") }
        guard from.count == to.count else {
            throw scanner.error("y has \(from.count) characters on the left and \(to.count) on the right")
        }
        return .transliterate(Dictionary(zip(from, to)) { first, _ in first })
    }

    /// The text between two delimiters; a backslash before the delimiter is gone.
    private struct Part {
        var bytes: [UInt8] = []

        var string: String { String(decoding: bytes, as: UTF8.self) }

        /// `\n` and `\t` are a line feed and a tab (docs/decisions/0002, sed-replacement-escapes).
        var replacement: [UInt8] { unescaped { $0 == UInt8(ascii: "n") ? 0x0A : $0 == UInt8(ascii: "t") ? 0x09 : nil } }

        var characters: String.UnicodeScalarView {
            let plain = unescaped {
                $0 == UInt8(ascii: "n") ? 0x0A : $0 == UInt8(ascii: "t") ? 0x09 : $0 == UInt8(ascii: "\\") ? $0 : nil
            }
            return String(decoding: plain, as: UTF8.self).unicodeScalars
        }

        private func unescaped(_ meaning: (UInt8) -> UInt8?) -> [UInt8] {
            var result: [UInt8] = []
            var index = 0
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
                    if let byte = meaning(bytes[index + 1]) {
                        result.append(byte)
                    } else {
                        result += bytes[index...index + 1]
                    }
                    index += 2
                } else {
                    result.append(bytes[index])
                    index += 1
                }
            }
            return result
        }
    }

    private struct Scanner {
        let bytes: [UInt8]
        let span: Span
        var index = 0

        mutating func nextCommand() -> UInt8? {
            while index < bytes.count, isSeparator(bytes[index]) { index += 1 }
            return next()
        }

        mutating func nextFlag() -> UInt8? {
            guard index < bytes.count, !isSeparator(bytes[index]) else { return nil }
            return next()
        }

        mutating func delimiter() throws(Diagnostic) -> UInt8 {
            guard let byte = next(), (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\\"),
                !(0x30...0x39).contains(byte), !(0x41...0x5A).contains(byte & 0xDF)
            else { throw error("a delimiter such as / must follow the command") }
            return byte
        }

        mutating func part(until delimiter: UInt8) throws(Diagnostic) -> Part {
            var part = Part()
            while let byte = next() {
                if byte == delimiter { return part }
                if byte == UInt8(ascii: "\\"), let escaped = next() {
                    if escaped != delimiter { part.bytes.append(byte) }
                    part.bytes.append(escaped)
                } else {
                    part.bytes.append(byte)
                }
            }
            throw error("a '\(Character(UnicodeScalar(delimiter)))' is missing")
        }

        func error(_ message: String) -> Diagnostic {
            Diagnostic(
                "E392", "'\(String(decoding: bytes, as: UTF8.self))' is no sed script: \(message)", span: span,
                hint: "write s/<pattern>/<replacement>/g, or y/<characters>/<characters>/")
        }

        private mutating func next() -> UInt8? {
            guard index < bytes.count else { return nil }
            index += 1
            return bytes[index - 1]
        }

        private func isSeparator(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == UInt8(ascii: ";") || (0x09...0x0D).contains(byte)
        }
    }
}
