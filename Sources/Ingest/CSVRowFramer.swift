import Columns
import Formats

/// Rows of CSV: lines, but for line feeds inside quoted values.
struct CSVRowFramer: Framer {
    let maxRecordBytes: Int
    private var cutter: RowCutter
    private var headerIsPending = true

    init(maxRecordBytes: Int) {
        self.maxRecordBytes = maxRecordBytes
        cutter = RowCutter(maxRecordBytes: maxRecordBytes)
    }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        let rows = cutter.rows(in: window, end) { Self.rowEnd(window, from: $0) }
        var cut = FrameCut(consumed: rows.consumed)
        for range in rows.ranges { add(range, to: &cut) }
        if let fault = rows.fault { cut.records.append(fault) }
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
    static func rowEnd(_ window: UnsafeRawBufferPointer, from start: Int) -> Int? {
        window.rowEnd(from: start, quote: UInt8(ascii: "\"")) { $0 == UInt8(ascii: ",") }
    }
}

/// One row of CSV as values.
enum CSVRow {
    /// The values of `row`, quotes taken away; nil where the row is malformed or beyond ``CSVLimits``.
    static func values(_ row: UnsafeRawBufferPointer) -> [Text]? {
        (try? CSVReader(Array(row)))?.header
    }
}
