// What an input is made of, decided once from its first bytes.

import Columns
import Formats

/// How an input is cut and decoded.
enum InputForm: Hashable, Sendable {
    /// One JSON object a line.
    case jsonLines
    /// JSON in any other arrangement.
    case jsonDocuments
    case csv(header: [String])
    /// Rows of a table as its sourcetype describes it.
    case table
    case windowsXML
    case text

    var unit: RejectedRecord.Unit {
        switch self {
        case .jsonLines, .text: .line
        case .jsonDocuments: .record
        case .csv, .table: .row
        case .windowsXML: .event
        }
    }

    /// The sourcetype where neither the user, nor an envelope, nor the content knows one.
    var defaultSourcetype: String {
        switch self {
        case .jsonLines, .jsonDocuments: "_json"
        case .csv, .table: "csv"
        case .windowsXML: "XmlWinEventLog"
        case .text: "text"
        }
    }
}

extension InputForm {
    /// Text and CSV may be a table of its sourcetype's own kind; one that Splunk exported is not.
    var mayBeTable: Bool {
        switch self {
        case .text: true
        case .csv(let header): !header.contains("_raw")
        default: false
        }
    }

    /// - Parameter isWhole: `sample` is all there is, so its last line is complete.
    init(sample: UnsafeRawBufferPointer, isWhole: Bool, path: String, sourcetype: String?) {
        let text = UnsafeRawBufferPointer(rebasing: sample[sample.trimmed(0..<sample.count)])
        if let json = Self.json(sample, text, isWhole) {
            self = json
        } else if Self.isWindowsXML(text) {
            self = .windowsXML
        } else if sourcetype == nil || sourcetype == "csv" || Self.isNamedCSV(path),
            let header = Self.csvHeader(sample, isWhole, path)
        {
            self = .csv(header: header)
        } else {
            self = .text
        }
    }

    private static func json(
        _ sample: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer, _ isWhole: Bool
    ) -> InputForm? {
        switch text.first {
        case UInt8(ascii: "["):
            if case .yes = DocumentStart.objectArray(text, 0) { return .jsonDocuments }
            return nil
        case UInt8(ascii: "{"):
            guard DocumentStart.isObject(text, 0) else { return nil }
            if case .yes = DocumentStart.recordsArray(text, 0) { return .jsonDocuments }
            return isOneObjectALine(sample, isWhole) ? .jsonLines : .jsonDocuments
        default:
            return beginsInTheMiddleOfJSONLines(sample, isWhole) ? .jsonLines : nil
        }
    }

    /// Whether more lines are sound objects than look like parts of one that goes over many lines. A broken line, the
    /// first too, is no such part: it must not make the rest look like one document.
    private static func isOneObjectALine(_ sample: UnsafeRawBufferPointer, _ isWhole: Bool) -> Bool {
        let count = countLines(sample, isWhole)
        return count.objects > 0 && count.objects >= count.parts
    }

    /// A file that was cut at its front: the rest of a record, then whole objects, but for one line in ten.
    private static func beginsInTheMiddleOfJSONLines(_ sample: UnsafeRawBufferPointer, _ isWhole: Bool) -> Bool {
        let count = countLines(sample, isWhole)
        return count.objects > 0 && count.objects * 10 >= (count.all - 1) * 9
    }

    /// Of the first lines that are not blank: how many are one sound object, and how many look like parts of one:
    /// indented, beginning with `"` `}` `]`, or ending with `{` `[` `,` `:`.
    private static func countLines(
        _ sample: UnsafeRawBufferPointer, _ isWhole: Bool
    ) -> (all: Int, objects: Int, parts: Int) {
        let parser = JSONParser()
        var count = (all: 0, objects: 0, parts: 0)
        for line in lines(sample, isWhole, limit: 64) {
            let trimmed = sample.trimmed(line)
            guard let first = sample[trimmed].first, let last = sample[trimmed].last else { continue }
            count.all += 1
            let text = UnsafeRawBufferPointer(rebasing: sample[trimmed])
            if first == UInt8(ascii: "{"), (try? parser.validate(text, mustBeObject: true)) != nil {
                count.objects += 1
            } else if sample[line.lowerBound].isBlank || "\"}]".utf8.contains(first) || "{[,:".utf8.contains(last) {
                count.parts += 1
            }
        }
        return count
    }

    private static func isWindowsXML(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.first == UInt8(ascii: "<"), let event = XMLEventFramer.eventStart(text, from: 0) else {
            return false
        }
        if event == 0 { return true }
        return text.hasBytes("<?xml", at: 0) || text.hasBytes("<Events", at: 0) || text.hasBytes("<!--", at: 0)
    }

    // MARK: CSV

    private static func csvHeader(_ sample: UnsafeRawBufferPointer, _ isWhole: Bool, _ path: String) -> [String]? {
        let rows = csvRows(sample, isWhole, limit: 32)
        guard let first = rows.first, let values = first else { return nil }
        let header = values.map(\.string)
        guard header.count > 1, Set(header).count == header.count, !header.contains("") else { return nil }
        if isNamedCSV(path) { return header }
        let looksLikeNames = header.allSatisfy { name in
            name.utf8.count <= 64 && name.utf8.allSatisfy { $0.isNameByte } && !(name.utf8.first?.isDigit ?? true)
        }
        let isRegular = rows.count >= 3 && rows.allSatisfy { $0?.count == header.count }
        return looksLikeNames && isRegular ? header : nil
    }

    /// The values of the first rows that are not blank; nil for a row that is no CSV.
    private static func csvRows(_ sample: UnsafeRawBufferPointer, _ isWhole: Bool, limit: Int) -> [[Text]?] {
        var rows: [[Text]?] = []
        var start = 0
        while start < sample.count, rows.count < limit {
            let newline = CSVRowFramer.rowEnd(sample, from: start)
            guard newline != nil || isWhole else { break }
            let end = newline ?? sample.count
            let row = UnsafeRawBufferPointer(rebasing: sample[sample.withoutLineEnd(start..<end)])
            if !row.isEmpty { rows.append(CSVRow.values(row)) }
            start = end + 1
        }
        return rows
    }

    private static func isNamedCSV(_ path: String) -> Bool {
        var name = path.lowercased()
        for suffix in [".gz", ".zst"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        return name.hasSuffix(".csv")
    }

    private static func lines(_ sample: UnsafeRawBufferPointer, _ isWhole: Bool, limit: Int) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while start < sample.count, lines.count < limit {
            guard let newline = sample.firstIndex(of: UInt8(ascii: "\n"), from: start) else {
                if isWhole { lines.append(start..<sample.count) }
                break
            }
            lines.append(start..<newline)
            start = newline + 1
        }
        return lines
    }
}

extension UnsafeRawBufferPointer {
    /// `line` without a line feed at its end, and a carriage return before that.
    func withoutLineEnd(_ line: Range<Int>) -> Range<Int> {
        var end = line.upperBound
        if end > line.lowerBound, self[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > line.lowerBound, self[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return line.lowerBound..<end
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- 0x30 < 10 }

    /// What a column name is made of: letters, digits, `_ - . : /`, blank, and all beyond ASCII.
    fileprivate var isNameByte: Bool {
        isDigit || (self | 0x20) &- 0x61 < 26 || self >= 0x80 || [0x5F, 0x2D, 0x2E, 0x3A, 0x2F, 0x20].contains(self)
    }
}
