import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Conversion functions". What cannot be converted gives null; of a
// multivalue each value is converted.

extension EvalFunction {
    static let ipmask = EvalFunction(
        "ipmask", arity: 2...2, group: .conversion, summary: "The bits of an IPv4 address that a mask has.",
        examples: [
            #"ipmask("255.255.255.0", "10.20.30.120")"#: "10.20.30.0",
            #"ipmask("0.255.0.224", "10.20.30.120")"#: "0.20.0.96",
            #"ipmask("255.0.0.0", "host")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let mask = try arguments.text(0).flatMap(octets) else { return .null }
        return try arguments.mapText(1) { text throws(SearchError) in
            guard let address = octets(text) else { return .null }
            return .text(zip(mask, address).map { String($0 & $1) }.joined(separator: "."))
        }
    }

    static let tobool = EvalFunction(
        "tobool", arity: 1...1, group: .conversion,
        summary: "The boolean that a text names or a number means: true, True, false, False, zero or any other number.",
        examples: [
            #"if(tobool(12), "In Stock", "Not in Stock")"#: "In Stock", "tostring(tobool(0))": "False",
            #"tostring(tobool("True"))"#: "True", #"tostring(tobool("yes"))"#: "null",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        switch value {
        case .boolean: return value
        case .text("true"), .text("True"): return .boolean(true)
        case .text("false"), .text("False"): return .boolean(false)
        default: return value.numeric.map { .boolean($0 != 0) } ?? .null
        }
    }

    static let todouble = EvalFunction(
        "todouble", arity: 1...2, group: .conversion, summary: "The number that a value is; as tonumber.",
        examples: [#"todouble("16.00")"#: "16", "todouble(5)": "5", #"todouble("number")"#: "null"]
    ) { arguments throws(SearchError) in try number(&arguments) { $0 } }

    static let toint = EvalFunction(
        "toint", arity: 1...2, group: .conversion, summary: "The number that a value is, rounded down.",
        examples: [
            #"toint("24")"#: "24", "toint(3.14)": "3", "toint(-3.14)": "-4", #"toint("ff", 16)"#: "255",
            #"toint(" 24 ")"#: "null",
        ]
    ) { arguments throws(SearchError) in try number(&arguments) { $0.rounded(.down) } }

    static let tonumber = EvalFunction(
        "tonumber", arity: 1...2, group: .conversion,
        summary: "The number that a text is, in base 10 or another base from 2 to 36; null for anything else.",
        examples: [
            #"tonumber("0A4", 16)"#: "164", #"tonumber("0101", 2)"#: "5", #"tonumber("12.50")"#: "12.5",
            #"tonumber("0xFF", 16)"#: "255", #"tonumber(" 12 ")"#: "null", #"tonumber("seven")"#: "null",
            #"tonumber("")"#: "null", #"tonumber("8", 99)"#: "null",
        ]
    ) { arguments throws(SearchError) in try number(&arguments) { $0 } }

    static let tostring = EvalFunction(
        "tostring", arity: 1...2, group: .conversion,
        summary: """
            The printed form of a value. Formats of numbers: "hex", "binary" (both of whole numbers up to 2^53-1, null \
            for others), "commas" (two decimals where there is a fraction), "duration" ([D+]HH:MM:SS).
            """,
        examples: [
            #"tostring(1==1) + " " + tostring(15, "hex") + " " + tostring(12345.6789, "commas")"#: "True 0xF 12,345.68",
            #"tostring(9, "binary")"#: "1001", #"tostring(615, "duration")"#: "00:10:15",
            #"tostring(93784, "duration")"#: "1+02:03:04", #"tostring(1234567, "commas")"#: "1,234,567",
            #"tostring(-1234.5, "commas")"#: "-1,234.50", #"tostring("abc", "commas")"#: "abc",
            "tostring(nosuch)": "null",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        guard arguments.count > 1 else {
            return try arguments.mapText(0) { text throws(SearchError) in .text(text) }
        }
        guard let name = try arguments.text(1) else { return .null }
        guard let format = NumberFormat(rawValue: name.string.lowercased()) else {
            throw Diagnostic(
                "E323", "tostring has no format '\(name.string)'",
                hint: "formats: \(NumberFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return try arguments.map(0) { value throws(SearchError) in
            guard let number = value.numeric else { return value.printed.map { .text($0) } ?? .null }
            return format.text(number).map { .text($0) } ?? .null
        }
    }

    private static func number(
        _ arguments: inout Arguments, _ finish: (Double) -> Double
    ) throws(SearchError) -> Value {
        let base = arguments.count > 1 ? try arguments.number(1) : 10
        guard let base, base >= 2, base <= 36 else { return .null }
        return try arguments.map(0) { value throws(SearchError) in
            switch value {
            case .number(let number): return .number(finish(number))
            case .text(let text):
                let number = base == 10 ? NumberText.parse(text.bytes) : wholeNumber(text, base: Int(base))
                return number.map { .number(finish($0)) } ?? .null
            default: return .null
            }
        }
    }

    private static func wholeNumber(_ text: Text, base: Int) -> Double? {
        var digits = text.string[...]
        if base == 16, digits.lowercased().hasPrefix("0x") { digits = digits.dropFirst(2) }
        return Int64(digits, radix: base).map { Double($0) }
    }

    private static func octets(_ text: Text) -> [UInt8]? {
        let parts = text.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let octets = parts.compactMap { part in
            part.allSatisfy { $0 &- 48 < 10 } && part.count <= 3 ? UInt8(String(decoding: part, as: UTF8.self)) : nil
        }
        return parts.count == 4 && octets.count == 4 ? octets : nil
    }
}

/// The second argument of `tostring`.
private enum NumberFormat: String, CaseIterable {
    case binary, commas, duration, hex

    /// Nil for a number that the format does not take.
    func text(_ number: Double) -> String? {
        switch self {
        case .binary: Self.bits(number).map { String($0, radix: 2) }
        case .hex: Self.bits(number).map { "0x" + String($0, radix: 16, uppercase: true) }
        case .commas: Self.withCommas(number)
        case .duration: Self.duration(number)
        }
    }

    private static func bits(_ number: Double) -> UInt64? {
        number >= 0 && number < 9_007_199_254_740_992 ? UInt64(number) : nil
    }

    private static func withCommas(_ number: Double) -> String {
        guard number.isFinite else { return NumberText.print(number) }
        let printed = NumberText.print(DecimalRounding.round(number.magnitude, decimals: 2))
        let parts = printed.split(separator: ".")
        var fraction = parts.count > 1 ? String(parts[1]) : ""
        if number != number.rounded() { fraction += String(repeating: "0", count: 2 - fraction.count) }
        return (number < 0 ? "-" : "") + Grouping.thousands(String(parts[0])) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Seconds are cut to whole ones.
    private static func duration(_ number: Double) -> String? {
        func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
        guard number.magnitude < 9_007_199_254_740_992 else { return nil }
        let magnitude = Int64(number.magnitude)
        let days = magnitude / 86_400
        let clock = "\(two(magnitude / 3_600 % 24)):\(two(magnitude / 60 % 60)):\(two(magnitude % 60))"
        return (number <= -1 ? "-" : "") + (days > 0 ? "\(days)+" : "") + clock
    }
}

enum Grouping {
    /// A comma before every third digit from the end.
    static func thousands(_ digits: String) -> String {
        let bytes = Array(digits.utf8)
        var grouped: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if index > 0, (bytes.count - index) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
            grouped.append(byte)
        }
        return String(decoding: grouped, as: UTF8.self)
    }
}
