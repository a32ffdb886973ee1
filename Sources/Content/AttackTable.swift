import SPL

/// A small CSV table with a fixed header: quotes around a field that holds a comma, doubled quotes inside.
enum AttackTable {
    struct Row {
        var values: [String]
        var line: Int
    }

    static func rows(_ table: (file: String, text: String), header: [String]) throws(ContentProblem) -> [Row] {
        guard table.text.utf8.count <= YAMLReader.maximumBytes else {
            throw problem(table.file, 1, "table is larger than \(YAMLReader.maximumBytes) bytes")
        }
        var rows: [Row] = []
        var isHeader = true
        let lines = table.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            guard let values = fields(line), values.count == header.count else {
                throw problem(table.file, index + 1, "line has not the columns \(header.joined(separator: ","))")
            }
            if isHeader {
                guard values == header else {
                    throw problem(table.file, index + 1, "table has not the header \(header.joined(separator: ","))")
                }
                isHeader = false
            } else {
                guard values.allSatisfy({ !$0.isEmpty }) else {
                    throw problem(table.file, index + 1, "line has an empty column")
                }
                rows.append(Row(values: values, line: index + 1))
            }
        }
        guard !rows.isEmpty else { throw problem(table.file, 1, "table is empty") }
        return rows
    }

    static func problem(_ file: String, _ line: Int, _ message: String) -> ContentProblem {
        let diagnostic = Diagnostic(
            ContentCode.malformedMatrix, message, hint: "risk/attack/ has the form that is read")
        return ContentProblem(file: file, position: TextPosition(line: line, column: 1), diagnostic: diagnostic)
    }

    /// Nil when a quote is not closed.
    private static func fields(_ line: Substring) -> [String]? {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var rest = line
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"": field.append(rest.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            default: field.append(character)
            }
        }
        fields.append(field)
        return isQuoted ? nil : fields
    }
}
