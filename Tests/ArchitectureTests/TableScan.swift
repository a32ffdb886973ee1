import Foundation

/// A sorted registration table (`static let all = [...]`) and the files whose declarations it must list.
///
/// An entry is a type that states its `name` (commands: `struct HeadCommand { static let name = "head" … }`, listed as
/// `HeadCommand.self`) or a value of the registered type (functions: `static let len = EvalFunction("len", …)`, listed as
/// `.len`). Swift cannot register by itself, so a forgotten line would be a command that silently does not exist.
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

    /// What a file declares for the table, in order.
    static func declarations(in text: String) -> [String] {
        let pattern =
            #/
            \b(?:struct|enum|class|actor)\s+(\w+)
            | \b(?:static\s+)?(?:let|var)\s+name\b[^=\n{]*[={]\s*"
            | \bstatic\s+let\s+`?(\w+)`?\s*(?::[^=\n]+)?=\s*(?:EvalFunction|Aggregate\w*)\(
            /#
        var enclosing: String?
        var found: [String] = []
        for match in text.matches(of: pattern) {
            if let type = match.1 {
                enclosing = String(type)
            } else if let value = match.2 {
                found.append(String(value))
            } else if let type = enclosing, found.last != type {
                found.append(type)
            }
        }
        return found
    }
}
