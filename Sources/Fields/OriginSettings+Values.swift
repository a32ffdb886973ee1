import Formats
import Matching

// Values of settings that several readers share; what is malformed is reported and counts as not set.

extension OriginSettings {
    /// True or false; nil where it is not there or empty.
    func flag(_ name: String, _ problems: inout ProblemList) -> Bool? {
        guard let value = set(name) else { return nil }
        if let flag = ConfFile.boolean(value.text) { return flag }
        problems.add("E452", value, "\(name) '\(shortened(value.text))' is neither true nor false")
        return nil
    }

    /// A whole number from 0.
    func count(_ name: String, _ problems: inout ProblemList) -> Int? {
        guard let value = set(name) else { return nil }
        if let count = Int(value.text), count >= 0 { return count }
        problems.add("E452", value, "\(name) '\(shortened(value.text))' is no whole number")
        return nil
    }

    func regex(_ name: String, _ problems: inout ProblemList) -> Regex? {
        set(name).flatMap { compiledRegex($0.text, $0, &problems) }
    }

    /// `a, "b c"`, in brackets or not.
    func list(_ name: String) -> [String]? {
        guard let value = set(name) else { return nil }
        var text = Substring(value.text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return TransformRule.quotedList(String(text))
    }

    /// FIELD_QUOTE: nil where it is not set, `.some(nil)` for no quote at all.
    func quote(_ name: String, _ problems: inout ProblemList) -> UInt8?? {
        guard let value = set(name) else { return nil }
        if value.text.lowercased() == "none" { return .some(nil) }
        guard case .byte(let byte)? = delimiter(name, &problems) else { return nil }
        return .some(byte)
    }

    /// FIELD_DELIMITER. Source: Admin Manual 9.3, props.conf, "special string delimiters".
    func delimiter(_ name: String, _ problems: inout ProblemList) -> DelimitedRow.Delimiter? {
        guard let value = set(name) else { return nil }
        let bytes = Array(value.text.utf8)
        switch value.text.lowercased() {
        case "space": return .byte(0x20)
        case "tab", "\\t": return .byte(0x09)
        case "fs": return .byte(0x1C)
        case "gs": return .byte(0x1D)
        case "rs": return .byte(0x1E)
        case "us": return .byte(0x1F)
        case "whitespace", "ws": return .blanks
        case let text where text.hasPrefix("\\x") && bytes.count == 4:
            if let byte = UInt8(text.dropFirst(2), radix: 16) { return .byte(byte) }
        default:
            if bytes.count == 1 { return .byte(bytes[0]) }
        }
        problems.add(
            "E452", value, "\(name) '\(shortened(value.text))' is no delimiter",
            hint: "one character, \\xHH, or one of space, tab, fs, gs, rs, us, whitespace")
        return nil
    }

    /// An empty setting takes back what another layer says.
    private func set(_ name: String) -> ConfValue? { self[name].flatMap { $0.text.isEmpty ? nil : $0 } }
}
