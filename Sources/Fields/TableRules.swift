import Columns
import Formats
import Matching

// INDEXED_EXTRACTIONS = csv, tsv, psv, w3c: lines whose values are named by a header line.
// Source: Admin Manual 9.3, props.conf, "Structured Data Header Extraction and configuration".

struct TableRules: Sendable {
    private let row: DelimitedRow
    private let header: DelimitedRow
    /// FIELD_NAMES: the names where the file has none.
    private let givenNames: [String]?
    private let headerLine: Int
    private let headerPrefix: Regex?
    private let preamble: Regex?
    private let isW3C: Bool
    private let missing: Regex?
    private let acceptable: Set<UInt8>
    let timestampFields: [String]

    /// A table of more columns is not read beyond them.
    static let maximumColumns = 4_096

    /// The columns of a row by name; nil where the header has nothing to call it by.
    typealias Names = [String?]

    /// - Parameter form: the value of INDEXED_EXTRACTIONS in lower case.
    init?(_ form: String, _ settings: OriginSettings, _ problems: inout ProblemList) {
        let delimiter: DelimitedRow.Delimiter
        switch form {
        case "csv": delimiter = .byte(UInt8(ascii: ","))
        case "tsv": delimiter = .byte(0x09)
        case "psv": delimiter = .byte(UInt8(ascii: "|"))
        case "w3c": delimiter = .blanks
        default: return nil
        }
        isW3C = form == "w3c"
        let quote = settings.quote("FIELD_QUOTE", &problems) ?? .some(UInt8(ascii: "\""))
        row = DelimitedRow(delimiter: settings.delimiter("FIELD_DELIMITER", &problems) ?? delimiter, quote: quote)
        header = DelimitedRow(
            delimiter: settings.delimiter("HEADER_FIELD_DELIMITER", &problems) ?? row.delimiter,
            quote: settings.quote("HEADER_FIELD_QUOTE", &problems) ?? quote)
        acceptable = Set((settings["HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS"]?.text ?? "").utf8.filter { $0 < 0x80 })
        givenNames = settings.list("FIELD_NAMES").flatMap { $0.isEmpty ? nil : $0 }
        timestampFields = settings.list("TIMESTAMP_FIELDS") ?? (isW3C ? ["date", "time"] : [])
        headerLine = settings.count("HEADER_FIELD_LINE_NUMBER", &problems) ?? 0
        preamble = settings.regex("PREAMBLE_REGEX", &problems)
        headerPrefix = settings.regex("FIELD_HEADER_REGEX", &problems) ?? (isW3C ? try? Regex("^#Fields:\\s*") : nil)
        missing = settings.regex("MISSING_VALUE_REGEX", &problems)
    }

    /// W3C lines are single: a stray quote in one must not take in those below it.
    var spanningQuote: UInt8? { isW3C ? nil : row.quote }
    var delimiterByte: UInt8? { if case .byte(let byte) = row.delimiter { byte } else { nil } }

    /// The names that FIELD_NAMES gives, cleaned.
    var fixedNames: Names? { givenNames.map { cleaned($0.map { Text($0) }) } }

    // MARK: Lines of a file

    /// What a line of a file is, going by the lines before it.
    ///
    /// - Parameter number: of the line, from 1.
    /// - Parameter hasHeader: some line before it was the header.
    func role(of line: UnsafeRawBufferPointer, number: Int, hasHeader: Bool) -> TableLineRole {
        if let headerPrefix, let match = try? headerPrefix.firstMatch(in: line), match.range.lowerBound == 0 {
            return .header(start: match.range.upperBound)
        }
        // `#Software:`, `#Date:` and their kin stand wherever the server started anew.
        if isW3C, line.first == UInt8(ascii: "#") { return .passedOver }
        if hasHeader { return .row }
        if headerLine > 0, number <= headerLine {
            return number < headerLine || givenNames != nil ? .passedOver : .header(start: 0)
        }
        if let preamble, (try? preamble.matches(line)) == true { return .passedOver }
        if givenNames != nil || headerPrefix != nil || headerLine > 0 { return .row }
        return line.first == UInt8(ascii: "#") ? .passedOver : .header(start: 0)
    }

    // MARK: Rows

    /// The names of the columns under a header line; without one, those of FIELD_NAMES.
    func names(header line: Text?) -> Names {
        if let fixedNames { return fixedNames }
        return line.map { cleaned($0.bytes.withUnsafeBytes { header.values(of: $0) }) } ?? []
    }

    /// Letters, digits and what the settings accept; `_` for everything else, blanks too, which Splunk's page would keep:
    /// no field name of an index can hold one. An empty name names nothing.
    private func cleaned(_ names: [Text]) -> Names {
        names.prefix(Self.maximumColumns).map { name in
            let bytes = XMLText.trimmed(name.bytes[...]).map { byte in
                isAlphanumeric(byte) || byte >= 0x80 || acceptable.contains(byte) ? byte : UInt8(ascii: "_")
            }
            return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Hands `body` the values of a row that are neither empty nor missing, with the numbers of their columns, from 0,
    /// until it returns false.
    func forEachValue(
        of line: UnsafeRawBufferPointer, _ body: (_ column: Int, UnsafeRawBufferPointer) -> Bool
    ) {
        row.forEachValue(in: line) { column, value in
            guard column < Self.maximumColumns else { return false }
            let raw = UnsafeRawBufferPointer(rebasing: line[value.range])
            if raw.isEmpty { return true }
            if let missing, (try? missing.matches(raw)) == true { return true }
            guard value.hasDoubledQuotes else { return body(column, raw) }
            return row.bytes(of: value, in: line).withUnsafeBytes { body(column, $0) }
        }
    }
}

/// What a line of a table file is.
public enum TableLineRole: Hashable, Sendable {
    case row
    /// A comment, or text before the table.
    case passedOver
    /// The names of the columns stand in the line, from this byte on.
    case header(start: Int)
}

/// How files of a sourcetype with INDEXED_EXTRACTIONS are cut into rows.
public struct TableReadingRules: Sendable {
    let rules: TableRules

    /// A line feed inside these does not end a row.
    public var quote: UInt8? { rules.spanningQuote }
    /// The byte that a value in quotes may stand behind; nil for any blank.
    public var delimiter: UInt8? { rules.delimiterByte }

    public func role(of line: UnsafeRawBufferPointer, number: Int, hasHeader: Bool) -> TableLineRole {
        rules.role(of: line, number: number, hasHeader: hasHeader)
    }
}
