import Columns
import Formats

/// Rows of CSV: lines, but for line feeds inside quoted values.
struct CSVRowFramer: Framer {
    let maxRecordBytes: Int
    private var headerIsPending = true
    private var isSkipping = false

    init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var cut = FrameCut(consumed: 0)
        var start = 0
        if isSkipping {
            guard let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: 0) else {
                return FrameCut(consumed: window.count)
            }
            isSkipping = false
            start = newline + 1
        }
        while start < window.count, let newline = Self.rowEnd(window, from: start) {
            add(start..<newline + 1, to: &cut)
            start = newline + 1
        }
        cut.consumed = start
        let tail = start..<window.count
        guard !tail.isEmpty else { return cut }
        switch end {
        case .end:
            add(tail, to: &cut)
            cut.consumed = window.count
        case .broken:
            cut.records.append(FramedRecord(range: tail, fault: .truncated))
            cut.consumed = window.count
        case .more:
            if cut.records.isEmpty, tail.count > maxRecordBytes {
                cut.records.append(FramedRecord(range: tail.prefix(maxRecordBytes), fault: .tooLarge))
                cut.consumed = window.count
                isSkipping = true
            }
        }
        return cut
    }

    private mutating func add(_ range: Range<Int>, to cut: inout FrameCut) {
        var fault: FramedRecord.Fault? = range.count > maxRecordBytes ? .tooLarge : nil
        if headerIsPending {
            headerIsPending = false
            fault = .header
        }
        cut.records.append(FramedRecord(range: range, fault: fault))
    }

    /// The line feed that ends the row at `start`; nil where it is not in the window.
    ///
    /// A quote opens a value only at its start (RFC 4180); elsewhere it is a character like others.
    static func rowEnd(_ window: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
        let line = UnsafeRawBufferPointer(rebasing: window[..<newline])
        guard line.firstIndex(of: UInt8(ascii: "\""), from: start) != nil else { return newline }
        var at = start
        while true {
            if at < window.count, window[at] == UInt8(ascii: "\"") {
                at += 1
                while true {
                    guard let quote = window.firstIndex(of: UInt8(ascii: "\""), from: at) else { return nil }
                    at = quote + 1
                    guard at < window.count, window[at] == UInt8(ascii: "\"") else { break }
                    at += 1
                }
            }
            while true {
                guard at < window.count else { return nil }
                at += 1
                if window[at - 1] == UInt8(ascii: "\n") { return at - 1 }
                if window[at - 1] == UInt8(ascii: ",") { break }
            }
        }
    }
}

/// One row of CSV as values.
enum CSVRow {
    /// The values of `row`, quotes taken away; nil where the row is malformed or beyond ``CSVLimits``.
    static func values(_ row: UnsafeRawBufferPointer) -> [Text]? {
        (try? CSVReader(Array(row)))?.header
    }
}
