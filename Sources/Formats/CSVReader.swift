// CSV as RFC 4180 has it, for lookups. Beyond the RFC: a byte order mark is dropped, lines end in LF or CRLF, empty lines
// are passed over, blanks behind a closing quote are dropped, and a quote inside an unquoted field is an ordinary byte.
// Blanks inside fields stay: trimming them is the lookup's rule, not the format's.

public import Columns

/// How large a CSV file's parts may be.
public struct CSVLimits: Hashable, Sendable {
    public var columnCount: Int
    public var fieldBytes: Int

    public init(columnCount: Int = 4096, fieldBytes: Int = 1 << 20) {
        self.columnCount = columnCount
        self.fieldBytes = fieldBytes
    }
}

/// A record of a CSV file, with as many fields as the header.
public struct CSVRecord: Hashable, Sendable {
    public let fields: [Text]
    /// The line on which the record begins, counted from 1.
    public let line: Int
}

/// A record that cannot be read. The reader then stands at the next record.
public struct CSVError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        case noHeader, unterminatedQuote, textAfterQuote, tooManyColumns, fieldTooLong, moreFieldsThanHeader
    }

    public let code: Code
    public let message: String
    public let line: Int
    public let hint: String?
}

/// Reads the records of a CSV file one by one.
public struct CSVReader: Sendable {
    /// The fields of the first line, as written.
    public private(set) var header: [Text] = []
    private let bytes: [UInt8]
    private let limits: CSVLimits
    private var position = 0
    private var line = 1

    /// - Throws: when there is no header, or it cannot be read.
    public init(_ bytes: [UInt8], limits: CSVLimits = CSVLimits()) throws(CSVError) {
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        guard let header = try nextFields() else {
            throw CSVError(code: .noHeader, message: "csv has no header", line: 1, hint: "name the columns in line 1")
        }
        self.header = header.fields
    }

    /// The next record, nil at the end. Fields that are missing at its end are empty.
    ///
    /// - Throws: for a record that is malformed, too large or has more fields than the header (empty ones aside). The
    ///   next call goes on behind it.
    public mutating func next() throws(CSVError) -> CSVRecord? {
        guard let record = try nextFields() else { return nil }
        var fields = record.fields
        if fields.count > header.count {
            guard fields[header.count...].allSatisfy(\.isEmpty) else {
                throw CSVError(
                    code: .moreFieldsThanHeader,
                    message: "csv line \(record.line) has \(fields.count) fields, the header \(header.count)",
                    line: record.line, hint: "put fields that contain commas in double quotes")
            }
            fields.removeLast(fields.count - header.count)
        }
        while fields.count < header.count { fields.append(Text([])) }
        return CSVRecord(fields: fields, line: record.line)
    }

    private mutating func nextFields() throws(CSVError) -> CSVRecord? {
        while position < bytes.count {
            if lineBreakLength(at: position) == 0 { break }
            skipLineBreak()
        }
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [Text] = []
        fields.reserveCapacity(header.count)
        while true {
            fields.append(try bytes[position...].first == UInt8(ascii: "\"") ? quotedField() : plainField())
            if fields.count > limits.columnCount {
                skipRecord()
                throw CSVError(
                    code: .tooManyColumns, message: "csv line \(start) has over \(limits.columnCount) columns",
                    line: start, hint: nil)
            }
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        skipLineBreak()
        return CSVRecord(fields: fields, line: start)
    }

    private mutating func plainField() throws(CSVError) -> Text {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ","), lineBreakLength(at: position) == 0 {
            position += 1
        }
        try checkLength(position - start, line: line)
        return Text(bytes[start..<position])
    }

    private mutating func quotedField() throws(CSVError) -> Text {
        let startLine = line
        var field: [UInt8] = []
        position += 1
        var copied = position
        while true {
            guard position < bytes.count else {
                throw CSVError(
                    code: .unterminatedQuote, message: "csv line \(startLine) opens a quote that never closes",
                    line: startLine, hint: "double a quote that belongs to the text")
            }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
            guard byte == UInt8(ascii: "\"") else { continue }
            field += bytes[copied..<position - 1]
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { break }
            // The second quote of a pair begins the next stretch.
            copied = position
            position += 1
        }
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        if position < bytes.count, bytes[position] != UInt8(ascii: ","), lineBreakLength(at: position) == 0 {
            let errorLine = line
            skipRecord()
            throw CSVError(
                code: .textAfterQuote, message: "csv line \(errorLine) has text behind a closing quote",
                line: errorLine, hint: "double a quote that belongs to the text")
        }
        try checkLength(field.count, line: startLine)
        return Text(field)
    }

    private mutating func checkLength(_ count: Int, line: Int) throws(CSVError) {
        guard count > limits.fieldBytes else { return }
        skipRecord()
        throw CSVError(
            code: .fieldTooLong, message: "csv line \(line) has a field of over \(limits.fieldBytes) bytes",
            line: line, hint: nil)
    }

    /// 1 for LF, 2 for CRLF, 0 for anything else.
    private func lineBreakLength(at offset: Int) -> Int {
        if bytes[offset] == UInt8(ascii: "\n") { return 1 }
        guard bytes[offset] == UInt8(ascii: "\r"), offset + 1 < bytes.count else { return 0 }
        return bytes[offset + 1] == UInt8(ascii: "\n") ? 2 : 0
    }

    private mutating func skipLineBreak() {
        guard position < bytes.count else { return }
        let length = lineBreakLength(at: position)
        position += length
        if length > 0 { line += 1 }
    }

    /// After an error: to the end of the line, which is the best guess at the end of the record.
    private mutating func skipRecord() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        skipLineBreak()
    }
}
