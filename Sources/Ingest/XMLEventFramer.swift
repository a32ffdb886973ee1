/// Windows events: `<Event ...> ... </Event>`, inside `<Events>` or not, on one line or many.
///
/// Only the frame is looked at. An `<Event` before the end of another one says that the first was cut off.
struct XMLEventFramer: Framer {
    let maxRecordBytes: Int
    private var isSkipping = false

    init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var cut = FrameCut(consumed: 0)
        var at = 0
        if isSkipping {
            let close = window.firstRange(of: "</Event>", from: 0)
            let next = Self.eventStart(window, from: 0)
            switch (close, next) {
            case (let close?, let next) where next.map { close.lowerBound < $0 } ?? true: at = close.upperBound
            case (_, let next?): at = next
            default:
                // A mark may be cut in two by the end of the window.
                return FrameCut(consumed: end == .more ? max(0, window.count - 8) : window.count)
            }
            isSkipping = false
        }
        var next = Self.eventStart(window, from: at)
        while let start = next {
            addGap(at..<start, window, &cut)
            at = start
            // The next start bounds the search for this end: a file of starts alone stays cheap.
            next = Self.eventStart(window, from: start + 6)
            let body = UnsafeRawBufferPointer(rebasing: window[..<(next ?? window.count)])
            if let close = body.firstRange(of: "</Event>", from: start) {
                let range = start..<close.upperBound
                cut.records.append(FramedRecord(range: range, fault: range.count > maxRecordBytes ? .tooLarge : nil))
                at = close.upperBound
            } else if let next {
                cut.records.append(cutOff(start..<next, window))
                at = next
            }
        }
        let tail = at..<window.count
        cut.consumed = at
        if end != .more {
            if Self.eventStart(window, from: at) == at {
                cut.records.append(cutOff(tail, window))
            } else {
                addGap(tail, window, &cut)
            }
            cut.consumed = window.count
        } else if cut.records.isEmpty, tail.count > maxRecordBytes {
            cut.records.append(FramedRecord(range: tail.prefix(maxRecordBytes), fault: .tooLarge))
            isSkipping = true
            cut.consumed = max(0, window.count - 8)
        }
        return cut
    }

    /// Where the next `<Event` stands that is not the beginning of a longer name.
    static func eventStart(_ window: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var from = start
        while let found = window.firstRange(of: "<Event", from: from) {
            guard found.upperBound < window.count else { return nil }
            let following = window[found.upperBound]
            if following.isBlank || following == UInt8(ascii: ">") || following == UInt8(ascii: "/") {
                return found.lowerBound
            }
            from = found.upperBound
        }
        return nil
    }

    private func cutOff(_ range: Range<Int>, _ window: UnsafeRawBufferPointer) -> FramedRecord {
        FramedRecord(range: window.trimmed(range), fault: range.count > maxRecordBytes ? .tooLarge : .truncated)
    }

    /// Between events may stand blanks, declarations, comments, and the tags of a list around them.
    private func addGap(_ gap: Range<Int>, _ window: UnsafeRawBufferPointer, _ cut: inout FrameCut) {
        var rest = window.trimmed(gap)
        while !rest.isEmpty {
            let text = UnsafeRawBufferPointer(rebasing: window[rest])
            let skipped: Int
            if text.hasBytes("\u{FEFF}", at: 0) {
                skipped = 3
            } else if text.hasBytes("<!--", at: 0) {
                skipped = text.firstRange(of: "-->", from: 4)?.upperBound ?? 0
            } else if text.hasBytes("<?", at: 0) || text.hasBytes("<!", at: 0) || text.hasBytes("<Events", at: 0)
                || text.hasBytes("</Events", at: 0)
            {
                skipped = text.firstRange(of: ">", from: 0)?.upperBound ?? 0
            } else {
                skipped = 0
            }
            guard skipped > 0 else {
                cut.records.append(FramedRecord(range: rest, fault: .textOutsideOfEvent))
                return
            }
            rest = window.trimmed(rest.lowerBound + skipped..<rest.upperBound)
        }
    }
}
