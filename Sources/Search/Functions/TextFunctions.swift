import Columns
import Matching
import SPL

// Source of this file: Splunk Search Reference 9.4, "Text functions". A null argument gives null; a multivalue
// argument is worked on value by value where the page says so, and by practice in the others.

extension EvalFunction {
    static let len = EvalFunction(
        "len", arity: 1...1, group: .text,
        summary: "Length of the text in characters, not bytes; length is the same. Null for a multivalue.",
        examples: [
            #"len("buttercup")"#: "9", #"len("café")"#: "4", #"length("")"#: "0", "len(12.50)": "4",
            "len(nosuch)": "null",
            "len(names)": "null",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard value.elements.count == 1, let text = value.printed else { return .null }
        return .number(Double(text.bytes.count { $0 & 0xC0 != 0x80 }))
    }

    static let lower = EvalFunction(
        "lower", arity: 1...1, group: .text, summary: "The text in lower case.",
        examples: [
            #"lower("ABc")"#: "abc", #"lower("ÀÉ")"#: "àé", #"mvjoin(lower(mvappend("A", "B")), ",")"#: "a,b",
            "lower(nosuch)": "null",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        try arguments.mapText(0) { text throws(SearchError) in
            text.bytes.allSatisfy({ $0 < 0x80 })
                ? .text(Text(text.bytes.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }))
                : .text(Text(text.string.lowercased()))
        }
    }

    static let ltrim = trimming(
        "ltrim", "start", start: true, end: false,
        [#"ltrim("  a ")"#: "a ", #"ltrim("   ZZZZabcZZ ", " Z")"#: "abcZZ ", #"ltrim("$12", "$")"#: "12"])
    static let rtrim = trimming(
        "rtrim", "end", start: false, end: true,
        [#"rtrim("abcc", "c")"#: "ab", #"rtrim(" ZZZZabcZZ ", " Z")"#: " ZZZZabc", "rtrim(nosuch)": "null"])
    static let trim = trimming(
        "trim", "both ends", start: true, end: true,
        [
            #"trim("  a ")"#: "a", #"trim("   ZZZZabcZZ ", " Z")"#: "abc",
            #"mvjoin(trim(split("a, b", ",")), "|")"#: "a|b",
            "trim(nosuch)": "null",
        ])

    static let replace = EvalFunction(
        "replace", arity: 3...3, group: .text,
        summary: #"Replaces every match of a regular expression; \1 to \9 in the replacement are its groups."#,
        examples: [
            #"replace("1/14/2023", "^(\d{1,2})/(\d{1,2})/", "\2/\1/")"#: "14/1/2023",
            #"replace("54.81.233.206:443:X1", ":.*", "")"#: "54.81.233.206", #"replace("aaa", "a", "b")"#: "bbb",
            #"mvjoin(replace(ports, "^", "p"), ",")"#: "p22,p80,p443", #"replace(nosuch, "a", "b")"#: "null",
        ],
        patternArgument: 1
    ) { arguments throws(SearchError) in
        guard let pattern = try arguments.text(1), let template = try arguments.text(2) else { return .null }
        let patterns = arguments.context.patterns
        guard let regex = patterns.regex(pattern) else { return .null }
        return try arguments.mapText(0) { text throws(SearchError) in
            .text(try patterns.replace(regex, in: text, with: template))
        }
    }

    static let substr = EvalFunction(
        "substr", arity: 2...3, group: .text,
        summary: "Characters from a place that counts from 1, or from the end when negative.",
        examples: [
            #"substr("string", 1, 3) + substr("string", -3)"#: "string", #"substr("splunk", 4)"#: "unk",
            #"substr("string", 2, 0)"#: "", #"substr("string", 0, 3)"#: "st", #"substr("string", -9, 5)"#: "st",
            #"substr("string", 4, -2)"#: "tr", #"substr("string", 9)"#: "", "substr(nosuch, 1)": "null",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        guard let start = try arguments.integer(1) else { return .null }
        let count = arguments.count > 2 ? try arguments.integer(2) : Int.max / 4
        guard let count else { return .null }
        return try arguments.mapText(0) { text throws(SearchError) in
            let characters = text.string.unicodeScalars
            var (first, length) = (start, Swift.abs(count))
            // The steps of SQLite's substr(), which is the documented rule.
            if first < 0 {
                first += characters.count
                if first < 0 {
                    length = Swift.max(0, length + first)
                    first = 0
                }
            } else if first > 0 {
                first -= 1
            } else if length > 0 {
                length -= 1
            }
            if count < 0 {
                first -= length
                if first < 0 {
                    length += first
                    first = 0
                }
            }
            let part = characters.dropFirst(first).prefix(Swift.max(0, length))
            return .text(String(String.UnicodeScalarView(part)))
        }
    }

    static let upper = EvalFunction(
        "upper", arity: 1...1, group: .text, summary: "The text in upper case.",
        examples: [
            #"upper("username")"#: "USERNAME", #"mvjoin(upper(names), ",")"#: "ALEX,CELESTINO,CLAUDIA,DAVID",
            "upper(nosuch)": "null",
        ],
        printsArguments: true
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
        examples: [
            #"urldecode("http%3A%2F%2Fwww.splunk.com%2Fdownload%3Fr%3Dheader")"#:
                "http://www.splunk.com/download?r=header",
            #"urldecode("a%20b%zz+%")"#: "a b%zz+%", #"urldecode("caf%C3%A9")"#: "café", "urldecode(nosuch)": "null",
        ]
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
