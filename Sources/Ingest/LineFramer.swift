/// Whole lines; where each one ends is left to the worker.
struct LineFramer: Framer {
    let maxRecordBytes: Int
    /// A carriage return alone ends a line too.
    let breaksAtReturns: Bool
    private var isSkipping = false

    init(maxRecordBytes: Int, breaksAtReturns: Bool = false) {
        self.maxRecordBytes = maxRecordBytes
        self.breaksAtReturns = breaksAtReturns
    }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var start = 0
        if isSkipping {
            let newline = window.firstIndex(of: UInt8(ascii: "\n"), from: 0)
            let lineEnd = breaksAtReturns ? window.firstReturn(in: 0..<(newline ?? window.count)) ?? newline : newline
            guard let lineEnd else {
                // What follows a last return is not known yet.
                let waits = breaksAtReturns && end == .more && window.last == UInt8(ascii: "\r")
                return FrameCut(consumed: window.count - (waits ? 1 : 0))
            }
            start = lineEnd + 1
            isSkipping = false
        }
        var linesEnd = window.lastIndex(of: UInt8(ascii: "\n"), from: start).map { $0 + 1 } ?? start
        if breaksAtReturns, linesEnd == start, window.count - start > 1 {
            // Of the last byte it is not known yet what follows.
            let known = UnsafeRawBufferPointer(rebasing: window.dropLast())
            linesEnd = known.lastIndex(of: UInt8(ascii: "\r"), from: start).map { $0 + 1 } ?? start
        }
        let tail = linesEnd..<window.count
        switch end {
        case .end:
            return FrameCut(consumed: window.count, lines: start..<window.count)
        case .broken:
            let records = tail.isEmpty ? [] : [FramedRecord(range: tail, fault: .truncated)]
            return FrameCut(consumed: window.count, lines: start..<linesEnd, records: records)
        case .more where linesEnd == start && tail.count > maxRecordBytes:
            isSkipping = true
            let record = FramedRecord(range: tail.prefix(maxRecordBytes), fault: .tooLarge)
            return FrameCut(consumed: window.count, records: [record])
        case .more:
            return FrameCut(consumed: linesEnd, lines: start..<linesEnd)
        }
    }
}

/// Text cut where a sourcetype's LINE_BREAKER says.
struct LineBreakerFramer: Framer {
    /// How far a pattern may look beyond its match: breaks nearer to the end of a window wait for the next one.
    static let lookaheadBytes = 256

    let maxRecordBytes: Int
    let breaking: any LineBreaking
    private var isSkipping = false

    init(maxRecordBytes: Int, breaking: any LineBreaking) {
        self.maxRecordBytes = maxRecordBytes
        self.breaking = breaking
    }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var breaks = breaking.breaks(in: window)[...]
        if end == .more {
            // The last match may yet grow: `[\r\n]+` at the end of a window.
            breaks.removeLast(min(1, breaks.count))
            while let last = breaks.last, last.upperBound + Self.lookaheadBytes > window.count { breaks.removeLast() }
        }
        if isSkipping {
            guard let first = breaks.popFirst() else {
                return FrameCut(consumed: end == .more ? max(0, window.count - Self.lookaheadBytes) : window.count)
            }
            isSkipping = false
            return records(window, first.upperBound, breaks, end)
        }
        return records(window, 0, breaks, end)
    }

    private mutating func records(
        _ window: UnsafeRawBufferPointer, _ first: Int, _ breaks: ArraySlice<Range<Int>>, _ end: WindowEnd
    ) -> FrameCut {
        var start = first
        var cut = FrameCut(consumed: 0)
        for separator in breaks where separator.lowerBound >= start {
            if separator.lowerBound > start { cut.records.append(record(start..<separator.lowerBound)) }
            start = separator.upperBound
        }
        let tail = start..<window.count
        switch end {
        case .end: if !tail.isEmpty { cut.records.append(record(tail)) }
        case .broken: if !tail.isEmpty { cut.records.append(FramedRecord(range: tail, fault: .truncated)) }
        case .more:
            guard cut.records.isEmpty, tail.count > maxRecordBytes + Self.lookaheadBytes else {
                cut.consumed = start
                return cut
            }
            cut.records.append(FramedRecord(range: tail.prefix(maxRecordBytes), fault: .tooLarge))
            isSkipping = true
            cut.consumed = window.count - Self.lookaheadBytes
            return cut
        }
        cut.consumed = window.count
        return cut
    }

    private func record(_ range: Range<Int>) -> FramedRecord {
        FramedRecord(range: range, fault: range.count > maxRecordBytes ? .tooLarge : nil)
    }
}
