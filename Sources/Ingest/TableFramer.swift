import Columns

/// Rows of a table as its sourcetype describes it; headers may stand in the middle of the file too.
struct TableFramer: Framer {
    let maxRecordBytes: Int
    let reading: any TableReading
    private var lineCount = 0
    private var header: Text?
    private var isSkipping = false

    /// A longer header names nothing.
    private static let maximumHeaderBytes = 1 << 20

    init(maxRecordBytes: Int, reading: any TableReading) {
        self.maxRecordBytes = maxRecordBytes
        self.reading = reading
    }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var cut = FrameCut(consumed: 0)
        if let header { cut.headers = [(0, header)] }
        var start = 0
        if isSkipping {
            guard let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: 0) else {
                return FrameCut(consumed: window.count)
            }
            isSkipping = false
            start = newline + 1
        }
        while start < window.count, let newline = rowEnd(window, from: start) {
            add(start..<newline + 1, window, to: &cut)
            start = newline + 1
        }
        cut.consumed = start
        let tail = start..<window.count
        guard !tail.isEmpty else { return cut }
        switch end {
        case .end:
            add(tail, window, to: &cut)
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

    private mutating func add(_ range: Range<Int>, _ window: UnsafeRawBufferPointer, to cut: inout FrameCut) {
        lineCount += 1
        guard range.count <= maxRecordBytes else {
            cut.records.append(FramedRecord(range: range, fault: .tooLarge))
            return
        }
        let line = window.withoutLineEnd(range)
        guard !window.trimmed(line).isEmpty else {
            cut.records.append(FramedRecord(range: range, fault: .header))
            return
        }
        let text = UnsafeRawBufferPointer(rebasing: window[line])
        switch reading.role(of: text, number: lineCount, hasHeader: header != nil) {
        case .row:
            cut.records.append(FramedRecord(range: range))
        case .passedOver:
            cut.records.append(FramedRecord(range: range, fault: .header))
        case .header(let start):
            cut.records.append(FramedRecord(range: range, fault: .header))
            let names = Text(
                UnsafeRawBufferPointer(rebasing: text[min(start, text.count)...].prefix(Self.maximumHeaderBytes)))
            guard header != names else { return }
            header = names
            cut.headers.append((cut.records.count, names))
        }
    }

    /// The line feed that ends the row at `start`; nil where it is not in the window.
    private func rowEnd(_ window: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
        guard let quote = reading.quote else { return newline }
        let line = UnsafeRawBufferPointer(rebasing: window[..<newline])
        guard line.firstIndex(of: quote, from: start) != nil else { return newline }
        // A comment is no row, and its quotes are none.
        if window[start] == UInt8(ascii: "#") { return newline }
        return quotedRowEnd(window, from: start, quote)
    }

    private func quotedRowEnd(_ window: UnsafeRawBufferPointer, from start: Int, _ quote: UInt8) -> Int? {
        var at = start
        while true {
            if at < window.count, window[at] == quote {
                at += 1
                while true {
                    guard let close = window.firstIndex(of: quote, from: at) else { return nil }
                    at = close + 1
                    guard at < window.count, window[at] == quote else { break }
                    at += 1
                }
            }
            while true {
                guard at < window.count else { return nil }
                at += 1
                if window[at - 1] == UInt8(ascii: "\n") { return at - 1 }
                if isDelimiter(window[at - 1]) { break }
            }
        }
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        reading.delimiter.map { $0 == byte } ?? (byte == 0x20 || byte == 0x09)
    }
}
