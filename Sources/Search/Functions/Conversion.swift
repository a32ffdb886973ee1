import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Conversion functions".

extension EvalFunction {
    static let tonumber = EvalFunction(
        "tonumber", arity: 1...2, group: .conversion,
        summary: "The number that a text is, in base 10 or another base from 2 to 36; null for anything else.",
        examples: [#"tonumber("0A4", 16)"#: "164", #"tonumber("x")"#: "null"]
    ) { arguments throws(SearchError) in
        guard let text = try arguments.text(0) else { return .null }
        guard arguments.count > 1 else { return NumberText.parse(text.bytes).map { .number($0) } ?? .null }
        guard let base = try arguments.number(1), base >= 2, base <= 36 else { return .null }
        let digits =
            base == 16 && text.string.lowercased().hasPrefix("0x") ? String(text.string.dropFirst(2)) : text.string
        return Int64(digits, radix: Int(base)).map { .number(Double($0)) } ?? .null
    }

    static let tostring = EvalFunction(
        "tostring", arity: 1...2, group: .conversion,
        summary: #"The printed form; formats: "hex", "binary", "commas" (two decimals), "duration" (HH:MM:SS)."#,
        examples: [
            "tostring(1==1)": "True", #"tostring(15, "hex")"#: "0xF", #"tostring(615, "duration")"#: "00:10:15",
            #"tostring(12345.6789, "commas")"#: "12,345.68",
        ]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard arguments.count > 1, let format = try arguments.text(1) else {
            return value.isNull ? .null : .text(value.printed ?? "")
        }
        guard let number = value.numeric, Swift.abs(number) < 1e18 else {
            return value.isNull ? .null : .text(value.printed ?? "")
        }
        switch format.string.lowercased() {
        case "hex": return .text("0x" + String(Int64(number), radix: 16, uppercase: true))
        case "binary": return .text(String(Int64(number), radix: 2))
        case "commas": return .text(withCommas(number))
        case "duration": return .text(duration(Int64(number)))
        default:
            throw Diagnostic(
                "E323", "tostring has no format '\(format.string)'", hint: "formats: hex, binary, commas, duration")
        }
    }

    private static func withCommas(_ number: Double) -> String {
        let isWhole = number == number.rounded()
        let hundredths = Int64((Swift.abs(number) * 100).rounded(.toNearestOrAwayFromZero))
        var whole = String(hundredths / 100)
        var grouped = ""
        while whole.count > 3 {
            grouped = "," + whole.suffix(3) + grouped
            whole = String(whole.dropLast(3))
        }
        let cents = hundredths % 100
        let fraction = isWhole ? "" : "." + (cents < 10 ? "0" : "") + String(cents)
        return (number < 0 ? "-" : "") + whole + grouped + fraction
    }

    private static func duration(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
        let magnitude = Swift.abs(seconds)
        let days = magnitude / 86_400
        let clock = "\(two(magnitude / 3_600 % 24)):\(two(magnitude / 60 % 60)):\(two(magnitude % 60))"
        return (seconds < 0 ? "-" : "") + (days > 0 ? "\(days)+" : "") + clock
    }
}
