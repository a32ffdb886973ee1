import Columns

/// Rows of a table as its sourcetype describes it; headers may stand in the middle of the file too.
struct TableFramer: Framer {
    let maxRecordBytes: Int
    let reading: any TableReading
    private var lineCount = 0
    private var header: Text?
    private var cutter: RowCutter

    /// A longer header names nothing.
    private static let maximumHeaderBytes = 1 << 20

    init(maxRecordBytes: Int, reading: any TableReading) {
        self.maxRecordBytes = maxRecordBytes
        self.reading = reading
        cutter = RowCutter(maxRecordBytes: maxRecordBytes)
    }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        let reading = reading
        let rows = cutter.rows(in: window, end) { reading.rowEnd(window, from: $0) }
        var cut = FrameCut(consumed: rows.consumed)
        if let header { cut.headers = [(0, header)] }
        for range in rows.ranges { add(range, window, to: &cut) }
        if let fault = rows.fault { cut.records.append(fault) }
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
}

extension TableReading {
    /// The line feed that ends the row at `start`; nil where it is not in the window.
    fileprivate func rowEnd(_ window: UnsafeRawBufferPointer, from start: Int) -> Int? {
        // A comment is no row, and its quotes are none.
        guard let quote, window[start] != UInt8(ascii: "#") else {
            return window.firstIndex(of: UInt8(ascii: "\n"), from: start)
        }
        return window.rowEnd(from: start, quote: quote, isDelimiter: isDelimiter)
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        delimiter.map { $0 == byte } ?? (byte == 0x20 || byte == 0x09)
    }
}
