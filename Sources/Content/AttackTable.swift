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
        let lines = table.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            let line = Substring(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
            if line.isEmpty { continue }
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
        let quote = UInt8(ascii: "\"")
        let comma = UInt8(ascii: ",")
        let bytes = line.utf8
        if !bytes.contains(quote) {
            return bytes.split(separator: comma, omittingEmptySubsequences: false).map { String(Substring($0)) }
        }
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            if byte == quote, isQuoted, index < bytes.endIndex, bytes[index] == quote {
                field.append(quote)
                index = bytes.index(after: index)
            } else if byte == quote {
                isQuoted.toggle()
            } else if byte == comma, !isQuoted {
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            } else {
                field.append(byte)
            }
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return isQuoted ? nil : fields
    }
}
