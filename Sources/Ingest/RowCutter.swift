import Columns

/// Cuts windows into the rows of a table: lines, but for line feeds inside quoted values. A row that is too long for a
/// window is told and skipped to the next line feed.
struct RowCutter {
    let maxRecordBytes: Int
    private var isSkipping = false

    /// What lies in a window.
    struct Rows {
        /// With their line feeds.
        var ranges: [Range<Int>] = []
        /// Bytes behind them that are no row.
        var fault: FramedRecord?
        var consumed = 0
    }

    init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

    /// - Parameter rowEnd: the line feed that ends the row at a place; nil where it is not in the window.
    mutating func rows(
        in window: UnsafeRawBufferPointer, _ end: WindowEnd, rowEnd: (_ start: Int) -> Int?
    ) -> Rows {
        var rows = Rows()
        var start = 0
        if isSkipping {
            guard let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: 0) else {
                return Rows(consumed: window.count)
            }
            isSkipping = false
            start = newline + 1
        }
        while start < window.count, let newline = rowEnd(start) {
            rows.ranges.append(start..<newline + 1)
            start = newline + 1
        }
        rows.consumed = start
        let tail = start..<window.count
        guard !tail.isEmpty else { return rows }
        switch end {
        case .end:
            rows.ranges.append(tail)
            rows.consumed = window.count
        case .broken:
            rows.fault = FramedRecord(range: tail, fault: .truncated)
            rows.consumed = window.count
        case .more:
            if rows.ranges.isEmpty, tail.count > maxRecordBytes {
                rows.fault = FramedRecord(range: tail.prefix(maxRecordBytes), fault: .tooLarge)
                rows.consumed = window.count
                isSkipping = true
            }
        }
        return rows
    }
}

extension UnsafeRawBufferPointer {
    /// The line feed that ends the row at `start`; nil where it is not in the window.
    ///
    /// A quote opens a value only at its start (RFC 4180); elsewhere it is a character like others.
    func rowEnd(from start: Int, quote: UInt8, isDelimiter: (UInt8) -> Bool) -> Int? {
        guard let newline = firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
        let line = UnsafeRawBufferPointer(rebasing: self[..<newline])
        guard line.firstIndex(of: quote, from: start) != nil else { return newline }
        var at = start
        while true {
            if at < count, self[at] == quote {
                at += 1
                while true {
                    guard let close = firstIndex(of: quote, from: at) else { return nil }
                    at = close + 1
                    guard at < count, self[at] == quote else { break }
                    at += 1
                }
            }
            while true {
                guard at < count else { return nil }
                at += 1
                if self[at - 1] == UInt8(ascii: "\n") { return at - 1 }
                if isDelimiter(self[at - 1]) { break }
            }
        }
    }
}
