import Columns
import Matching
import SPL

// Source of this file: Splunk Search Reference 9.4, "Text functions". A null argument gives null; a multivalue
// argument is worked on value by value where the page says so, and by practice in the others.

extension EvalFunction {
    static let len = EvalFunction(
        "len", arity: 1...1, group: .text, summary: "Length of the text in characters, not bytes.",
        examples: [#"len("café")"#: "4", "len(null())": "null"]
    ) { arguments throws(SearchError) in
        try arguments.mapText(0) { text throws(SearchError) in
            .number(Double(text.bytes.count { $0 & 0xC0 != 0x80 }))
        }
    }

    static let lower = EvalFunction(
        "lower", arity: 1...1, group: .text, summary: "The text in lower case.", examples: [#"lower("ABc")"#: "abc"]
    ) { arguments throws(SearchError) in
        try arguments.mapText(0) { text throws(SearchError) in
            text.bytes.allSatisfy({ $0 < 0x80 })
                ? .text(Text(text.bytes.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }))
                : .text(Text(text.string.lowercased()))
        }
    }

    static let ltrim = trimming("ltrim", "start", start: true, end: false, [#"ltrim("  a ")"#: "a "])
    static let rtrim = trimming("rtrim", "end", start: false, end: true, [#"rtrim("abcc", "c")"#: "ab"])
    static let trim = trimming("trim", "both ends", start: true, end: true, [#"trim("  a ")"#: "a"])

    static let replace = EvalFunction(
        "replace", arity: 3...3, group: .text,
        summary: #"Replaces every match of a regular expression; \1 to \9 in the replacement are its groups."#,
        examples: [#"replace("1/14/2023", "^(\d{1,2})/(\d{1,2})/", "\2/\1/")"#: "14/1/2023"]
    ) { arguments throws(SearchError) in
        guard let pattern = try arguments.text(1), let template = try arguments.text(2) else { return .null }
        let patterns = arguments.context.patterns
        let regex = try patterns.regex(pattern)
        return try arguments.mapText(0) { text throws(SearchError) in
            .text(try patterns.replace(regex, in: text, with: template))
        }
    }

    static let substr = EvalFunction(
        "substr", arity: 2...3, group: .text,
        summary: "Characters from a place that counts from 1, or from the end when negative.",
        examples: [#"substr("string", 1, 3)"#: "str", #"substr("string", -3)"#: "ing"]
    ) { arguments throws(SearchError) in
        guard let text = try arguments.text(0), let start = try arguments.number(1) else { return .null }
        let characters = Array(text.string.unicodeScalars)
        var first = Int(clamping: Int64(start.rounded(.towardZero).clamped(to: -1e15...1e15)))
        var length = Int.max / 2
        if arguments.count > 2 {
            guard let count = try arguments.number(2) else { return .null }
            length = Swift.max(0, Int(count.clamped(to: 0...1e15)))
        }
        if first < 0 {
            first = characters.count + first
            if first < 0 {
                length += first
                first = 0
            }
        } else if first == 0 {
            length -= 1
        } else {
            first -= 1
        }
        guard first < characters.count, length > 0 else { return .text("") }
        let end = Swift.min(characters.count, first + Swift.min(length, characters.count))
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: characters[first..<end])
        return .text(String(scalars))
    }

    static let upper = EvalFunction(
        "upper", arity: 1...1, group: .text, summary: "The text in upper case.", examples: [#"upper("abC")"#: "ABC"]
    ) { arguments throws(SearchError) in
        try arguments.mapText(0) { text throws(SearchError) in
            text.bytes.allSatisfy({ $0 < 0x80 })
                ? .text(Text(text.bytes.map { $0 >= 97 && $0 <= 122 ? $0 & 0xDF : $0 }))
                : .text(Text(text.string.uppercased()))
        }
    }

    static let urldecode = EvalFunction(
        "urldecode", arity: 1...1, group: .text,
        summary: "Percent-decoding; a malformed escape stays as it is, and so does +.",
        examples: [#"urldecode("a%20b%zz")"#: "a b%zz"]
    ) { arguments throws(SearchError) in
        try arguments.mapText(0) { text throws(SearchError) in .text(Text(percentDecoded(text.bytes))) }
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Character(UnicodeScalar(bytes[index + 1])).hexDigitValue,
                let low = Character(UnicodeScalar(bytes[index + 2])).hexDigitValue
            {
                decoded.append(UInt8(high * 16 + low))
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    /// Strips a set of characters, blank and tab by default.
    private static func trimming(
        _ name: String, _ place: String, start: Bool, end: Bool, _ examples: KeyValuePairs<String, String>
    ) -> EvalFunction {
        EvalFunction(
            name, arity: 1...2, group: .text,
            summary: "Strips characters (default blank and tab) from \(place) of the text.", examples: examples
        ) { arguments throws(SearchError) in
            var stripped: Set<Unicode.Scalar> = [" ", "\t"]
            if arguments.count > 1 {
                guard let characters = try arguments.text(1) else { return .null }
                stripped = Set(characters.string.unicodeScalars)
            }
            return try arguments.mapText(0) { text throws(SearchError) in
                var scalars = Substring(text.string).unicodeScalars
                if start { while let first = scalars.first, stripped.contains(first) { scalars.removeFirst() } }
                if end { while let last = scalars.last, stripped.contains(last) { scalars.removeLast() } }
                return .text(String(scalars))
            }
        }
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        isNaN ? 0 : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
