// JSON that is not one record a line: `{"Records":[...]}`, arrays, objects pretty-printed or back to back, in any
// sequence. Elements are found by brackets and quotes alone and checked later; a broken one is given up at the next
// line that can only be a new beginning, so that its neighbours live.

struct DocumentFramer: Framer {
    private enum Place {
        /// Between documents.
        case top
        /// Between the elements of an array or of `Records`.
        case elements(ofRecords: Bool)
        /// Behind the array of `{"Records":[...]`, before the closing brace.
        case recordsTail
    }

    let maxRecordBytes: Int
    private var place = Place.top
    /// Bytes at the start of the next window that were looked at already.
    private var scannedCount = 0
    private var element: ElementScan?
    private var elementStart = 0
    private var isSkipping = false
    /// Blanks since the last line feed; nil where something else stands on the line.
    private var indent: Int? = 0
    private var followsBrokenElement = false

    init(maxRecordBytes: Int) { self.maxRecordBytes = maxRecordBytes }

    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut {
        var cut = FrameCut(consumed: 0)
        var at = scannedCount
        scan: while at < window.count {
            if element != nil {
                at = advanceElement(window, at, &cut)
                continue
            }
            let byte = window[at]
            if byte.isBlank {
                indent = byte == UInt8(ascii: "\n") ? 0 : indent.map { $0 + 1 }
                at += 1
                continue
            }
            guard let next = between(window, at, end) else { break scan }
            at = next
        }
        finish(window, at, end, &cut)
        return cut
    }

    private mutating func advanceElement(
        _ window: UnsafeRawBufferPointer, _ from: Int, _ cut: inout FrameCut
    ) -> Int {
        guard var scan = element else { return from }
        element = nil
        let (at, outcome) = scan.advance(window, from: from)
        switch outcome {
        case .open: element = scan
        case .complete: close(window, elementStart..<at, &cut)
        case .brokenBefore(let newIndent):
            close(window, elementStart..<at, &cut)
            followsBrokenElement = true
            indent = newIndent
            return at
        }
        indent = nil
        return at
    }

    private mutating func close(_ window: UnsafeRawBufferPointer, _ range: Range<Int>, _ cut: inout FrameCut) {
        if case .recordsTail = place {
            place = .top
            return
        }
        defer { isSkipping = false }
        guard !isSkipping else { return }
        let fault: FramedRecord.Fault? = range.count > maxRecordBytes ? .tooLarge : nil
        cut.records.append(FramedRecord(range: window.trimmed(range), fault: fault))
    }

    /// Takes the byte at `at`, which belongs to no element; nil where more of the input must be seen first.
    private mutating func between(_ window: UnsafeRawBufferPointer, _ at: Int, _ end: WindowEnd) -> Int? {
        let lineIndent = indent
        let opensDocument: Bool
        if case .top = place { opensDocument = true } else { opensDocument = followsBrokenElement }
        switch (window[at], place) {
        case (UInt8(ascii: "{"), _):
            if opensDocument {
                switch DocumentStart.recordsArray(window, at) {
                case .yes(let elementsStart):
                    place = .elements(ofRecords: true)
                    indent = nil
                    followsBrokenElement = false
                    return elementsStart
                case .unknown where end == .more: return nil
                case .no, .unknown: break
                }
            }
            followsBrokenElement = false
            element = ElementScan(.object(indent: lineIndent ?? .max))
            elementStart = at
            return at
        case (UInt8(ascii: "["), .top):
            switch DocumentStart.objectArray(window, at) {
            case .yes:
                place = .elements(ofRecords: false)
                indent = nil
                return at + 1
            case .unknown where end == .more: return nil
            case .no, .unknown: break
            }
        case (UInt8(ascii: ","), .elements):
            indent = nil
            return at + 1
        case (UInt8(ascii: "]"), .elements(let ofRecords)):
            indent = nil
            guard ofRecords else {
                place = .top
                return at + 1
            }
            place = .recordsTail
            element = ElementScan(.tail)
            return at + 1
        default: break
        }
        var isInArray = false
        if case .elements = place { isInArray = true }
        element = ElementScan(.stray(isInArray: isInArray))
        elementStart = at
        return at
    }

    private mutating func finish(
        _ window: UnsafeRawBufferPointer, _ at: Int, _ end: WindowEnd, _ cut: inout FrameCut
    ) {
        guard end != .more else {
            var isHeld = element != nil && !isSkipping
            if case .recordsTail = place { isHeld = false }
            cut.consumed = isHeld ? elementStart : at
            if isHeld, window.count - elementStart > maxRecordBytes {
                let range = elementStart..<elementStart + maxRecordBytes
                cut.records.append(FramedRecord(range: range, fault: .tooLarge))
                isSkipping = true
                cut.consumed = at
            }
            scannedCount = at - cut.consumed
            elementStart = 0
            return
        }
        cut.consumed = window.count
        if case .recordsTail = place {
            cut.records.append(FramedRecord(range: window.count..<window.count, fault: .unclosedDocument))
        } else if let element {
            guard !isSkipping else { return }
            let range = elementStart..<window.count
            let fault: FramedRecord.Fault? = element.isObject ? .truncated : nil
            cut.records.append(
                FramedRecord(range: window.trimmed(range), fault: range.count > maxRecordBytes ? .tooLarge : fault))
        } else if case .elements = place {
            cut.records.append(FramedRecord(range: window.count..<window.count, fault: .unclosedDocument))
        }
    }
}
