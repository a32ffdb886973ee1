import Foundation

/// A sorted registration table (`static let all = [...]`) and the files whose declarations it must list.
///
/// An entry is a type that conforms to `Command` (listed as `HeadCommand.self`), or a static constant in an extension of
/// `EvalFunction` or `AggregateFunction` (listed as `.len`). Swift cannot register by itself, so a forgotten line would be a
/// command that silently does not exist.
enum TableScan {
    /// The entries of the table in its own order, or nil where the text has no `static let all = [`.
    static func entries(of table: String) -> [String]? {
        let pattern = /static\s+let\s+all\b[^=\n]*=\s*\[/
        guard let start = table.firstMatch(of: pattern) else { return nil }
        let lines = bracketed(table[start.range.upperBound...], open: "[", close: "]").split(
            whereSeparator: \.isNewline)
        return lines.map { $0.prefix(upTo: $0.firstRange(of: "//")?.lowerBound ?? $0.endIndex) }
            .joined(separator: " ")
            .split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
            .map { entry in
                let bare = entry.hasSuffix(".self") ? String(entry.dropLast(5)) : entry.replacing("()", with: "")
                return (bare.split(separator: ".").last.map(String.init) ?? bare).replacing("`", with: "")
            }
    }

    /// What a file declares for a table, in order.
    static func declarations(in text: String) -> [String] {
        var isInRegisteredType = false
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            if line.hasPrefix("extension EvalFunction ") || line.hasPrefix("extension AggregateFunction ") {
                isInRegisteredType = true
            } else if line.hasPrefix("}") {
                isInRegisteredType = false
            } else if isInRegisteredType, let constant = line.firstMatch(of: /^ {4}static let `?(\w+)`?/) {
                return String(constant.1)
            } else if let command = line.firstMatch(of: /\b(?:struct|enum|class)\s+(\w+)\s*:[^{]*\b\w*Command\b/) {
                return String(command.1)
            }
            return nil
        }
    }
}
