import Columns
import SPL

/// The rows of a subsearch as search terms: what `format` writes, and what stands behind every bracket in a search.
///
/// `( ( a="1" AND b="2" ) OR ( a="3" ) )`: fields of a row joined by AND in alphabetical order, rows by OR, the values
/// of a multivalue field by OR. Fields that begin with `_` and null fields are left out; `search` and `query` give their
/// bare value. No rows give `NOT ( )`, which holds for nothing. A `search` field that is all there is of a single row
/// stands without parentheses, so that `return` and `format` can hand on finished text.
/// Source: Splunk Search Reference 9.4, "format"; Search Manual 9.2, "Change the format of subsearch results".
struct SubsearchText {
    var rowPrefix = "("
    var columnPrefix = "("
    var columnSeparator = "AND"
    var columnEnd = ")"
    var rowSeparator = "OR"
    var rowEnd = ")"
    var multivalueSeparator = "OR"
    var emptyText = "NOT ( )"

    func text(_ rows: Batch) -> String {
        if rows.rowCount == 1, rows.names.filter({ !$0.hasPrefix("_") }) == ["search"],
            rows["search", 0].elements.count == 1, let text = rows["search", 0].printed
        {
            return text.string
        }
        return formatted(rows)
    }

    /// What `format` writes of the rows, whatever they hold.
    func formatted(_ rows: Batch) -> String {
        let names = rows.names.filter { !$0.hasPrefix("_") }.sorted()
        var groups: [String] = []
        for row in 0..<rows.rowCount {
            let terms = names.compactMap { name in Self.term(name, rows[name, row], multivalueSeparator) }
            if terms.isEmpty { continue }
            groups.append("\(columnPrefix) \(terms.joined(separator: " \(columnSeparator) ")) \(columnEnd)")
        }
        if groups.isEmpty { return emptyText }
        return "\(rowPrefix) \(groups.joined(separator: " \(rowSeparator) ")) \(rowEnd)"
    }

    static func term(_ name: String, _ value: Value, _ separator: String) -> String? {
        let texts = value.elements.compactMap { $0.printed?.string }
        guard let first = texts.first else { return nil }
        if name == "search" || name == "query" {
            return texts.count == 1 ? first : "( " + texts.joined(separator: " \(separator) ") + " )"
        }
        let terms = texts.map { "\(fieldName(name))=\(SearchLiteral.quoted($0))" }
        return terms.count == 1 ? terms[0] : "( " + terms.joined(separator: " \(separator) ") + " )"
    }

    private static func fieldName(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && !"=<>!,()[]\"|`".utf8.contains($0) }
        return isPlain && !name.isEmpty ? name : SearchLiteral.quoted(name)
    }
}
