import Columns
import Risk
import RiskIndex

/// The values that `$field$` stands for in a drilldown: the fields of the risk event.
///
/// In a search a value is always put into double quotes, with quotes and backslashes escaped: the name of a user must
/// not be able to add commands to the analyst's search.
struct DrilldownTokens {
    private let values: [String: String]

    init(_ event: RiskEvent) {
        var values: [String: String] = [:]
        for (name, value) in event.splunkFields {
            values[name] = value.elements.compactMap { $0.printed?.string }.joined(separator: ", ")
        }
        // The row's own fields win: `$source$` in a drilldown means the field of the result.
        for field in event.fields { values[field.name] = field.values.joined(separator: ", ") }
        self.values = values
    }

    func fillText(_ template: String) -> String {
        fill(template) { value, _ in value }
    }

    func fillSearch(_ template: String) -> String {
        fill(template) { value, isQuoted in
            let escaped = value.reduce(into: "") { text, character in
                if character == "\"" || character == "\\" { text += "\\" }
                text.append(character)
            }
            return isQuoted ? escaped : "\"\(escaped)\""
        }
    }

    private func fill(_ template: String, _ insert: (String, Bool) -> String) -> String {
        var result = ""
        var isQuoted = false
        var rest = Substring(template)
        while let character = rest.first {
            if character == "\\", rest.count > 1 {
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
                continue
            }
            if character == "$", let close = rest.dropFirst().firstIndex(of: "$"),
                let value = values[String(rest[rest.index(after: rest.startIndex)..<close])]
            {
                result += insert(value, isQuoted)
                rest = rest[rest.index(after: close)...]
                continue
            }
            if character == "\"" { isQuoted.toggle() }
            result.append(character)
            rest = rest.dropFirst()
        }
        return result
    }
}
