import Columns
import SPL

extension CommandSyntax {
    /// The command as written, for `--explain`: every argument is in it.
    var explanation: String {
        let arguments = description.dropFirst(name.count).drop { $0 == " " }
        return arguments.isEmpty ? name : "\(name): \(arguments)"
    }
}

extension ArgumentReader {
    /// Fields up to the next option or the end, commas between and before them. Empty only behind a stray comma.
    /// - Throws: for what is no field.
    mutating func furtherFields() throws(Diagnostic) -> [String] {
        while consumeComma() {}
        if peekOption() != nil, [.word, .quoted].contains(peek(2)?.kind) { return [] }
        let fields = try fieldList()
        if fields.isEmpty { try expectEnd() }
        return fields
    }
}

/// Option values that are numbers.
enum NumberOption {
    /// - Throws: E380 for anything but a whole number in the range.
    static func count(
        _ token: Token, for option: String, in range: ClosedRange<Int> = 0...Int.max
    ) throws(Diagnostic) -> Int {
        guard let count = Int(token.text), range.contains(count) else {
            let bound =
                range.upperBound == .max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw Diagnostic(
                "E380", "'\(token.text)' is no count for '\(option)'", span: token.span,
                hint: "write a whole number, \(bound)")
        }
        return count
    }

    /// - Throws: E380 for anything but a decimal number.
    static func number(_ token: Token, for option: String) throws(Diagnostic) -> Double {
        guard let number = NumberText.parse(Array(token.text.utf8)), number.isFinite else {
            throw Diagnostic(
                "E380", "'\(token.text)' is no number for '\(option)'", span: token.span, hint: "write a number")
        }
        return number
    }
}

extension Diagnostic {
    /// E386: the option has other values.
    static func unknownValue(_ value: Token, of option: String, values: [String]) -> Diagnostic {
        Diagnostic(
            "E386", "'\(value.text)' is no value of '\(option)'", span: value.span,
            hint: "values: \(values.joined(separator: ", "))")
    }

    /// E385: the command lacks a field, or has one too many.
    static func fieldsExpected(_ syntax: CommandSyntax, _ form: String) -> Diagnostic {
        Diagnostic(
            "E385", "\(syntax.name) does not have the fields that it needs", span: syntax.nameSpan,
            hint: "write \(form)")
    }
}
