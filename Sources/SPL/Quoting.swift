// One rule for the text of double-quoted strings and of unquoted search values: `\"` is a quote, `\\` one backslash,
// `\|` a pipe, and any other backslash stays. Source: Splunk Search Manual 9.4, "Backslashes".

enum Quoting {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let pipe = UInt8(ascii: "|")

    /// True where a backslash at `index` takes the byte behind it along.
    static func isEscape(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard bytes[index] == backslash, index + 1 < bytes.count else { return false }
        let next = bytes[index + 1]
        return next == quote || next == backslash || next == pipe
    }

    /// The index behind the closing quote of the string that opens at `index`, nil where it is not closed.
    static func endOfString(_ bytes: [UInt8], from index: Int) -> Int? {
        var end = index + 1
        while end < bytes.count {
            if isEscape(bytes, end) {
                end += 2
            } else if bytes[end] == quote {
                return end + 1
            } else {
                end += 1
            }
        }
        return nil
    }

    static func unescaped(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        guard bytes[range].contains(backslash) else { return bytes.string(range) }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if index + 1 < range.upperBound, isEscape(bytes, index) { index += 1 }
            text.append(bytes[index])
            index += 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text as a double-quoted string.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [quote]
        for byte in text.utf8 {
            if byte == quote || byte == backslash { bytes.append(backslash) }
            bytes.append(byte)
        }
        bytes.append(quote)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with its quotes, backslashes and pipes escaped, as an unquoted search value needs them.
    static func escapedWord(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == quote || byte == backslash || byte == pipe { bytes.append(backslash) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func unterminated(at index: Int, end: Int, base: Int) -> Diagnostic {
        Diagnostic(
            .unterminatedString, "the string that starts here is not closed", span: Span(base + index, base + end),
            hint:
                "close it with a double quote; a quote inside it is written \\\", a backslash before the last quote \\\\"
        )
    }
}
