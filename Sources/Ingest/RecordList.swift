import Columns

/// The records of a chunk on their way to events.
struct RecordList {
    let chunk: RawChunk
    private(set) var ranges: [Range<Int>] = []
    /// The number within the chunk of each range, from 1.
    private var numbers: [Int32] = []
    private(set) var recordCount = 0
    private(set) var rejects: [RejectedRecord] = []
    private(set) var rejectCount = 0

    var text: UnsafeRawBufferPointer { chunk.buffer.bytes }

    init(_ chunk: RawChunk) {
        self.chunk = chunk
        splitLines(chunk.cut.lines)
        for record in chunk.cut.records {
            recordCount += 1
            if let fault = record.fault {
                reject(record.range, recordCount, fault)
            } else {
                add(record.range)
            }
        }
    }

    private mutating func splitLines(_ lines: Range<Int>) {
        guard !lines.isEmpty else { return }
        let text = UnsafeRawBufferPointer(rebasing: self.text[..<lines.upperBound])
        // Splunk's own LINE_BREAKER is ([\r\n]+); in JSON a carriage return may stand between any two tokens.
        let breaksAtReturns = chunk.input.form == .text
        ranges.reserveCapacity(lines.count / 512)
        numbers.reserveCapacity(lines.count / 512)
        var start = lines.lowerBound
        while start < lines.upperBound {
            var end = text.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? lines.upperBound
            if breaksAtReturns, let lineEnd = text.firstReturn(in: start..<end) { end = lineEnd }
            recordCount += 1
            if end - start > chunk.input.maxRecordBytes {
                reject(start..<end, recordCount, .tooLarge)
            } else {
                add(start..<end)
            }
            start = end + 1
        }
    }

    /// Takes a record in but for what is no part of its event: line ends, and around JSON all blanks. Blank ones are
    /// passed over.
    private mutating func add(_ range: Range<Int>) {
        let event: Range<Int>
        switch chunk.input.form {
        case .jsonLines, .jsonDocuments, .windowsXML:
            event = text.trimmed(range)
            if event.isEmpty { return }
        case .text, .csv, .table:
            event = text.withoutLineEnd(range)
            if text.trimmed(event).isEmpty { return }
        }
        ranges.append(event)
        numbers.append(Int32(recordCount))
    }

    /// Keeps the records for which `isKept` says so; it may reject others.
    mutating func keep(_ isKept: (_ record: Int, inout RecordList) -> Bool) {
        var kept: [Int] = []
        kept.reserveCapacity(ranges.count)
        for record in ranges.indices where isKept(record, &self) { kept.append(record) }
        guard kept.count < ranges.count else { return }
        ranges = kept.map { ranges[$0] }
        numbers = kept.map { numbers[$0] }
    }

    /// Puts `pieces` in the place of some records, which keep their numbers.
    mutating func replace(_ pieces: [Int: [Range<Int>]]) {
        guard !pieces.isEmpty else { return }
        var newRanges: [Range<Int>] = []
        var newNumbers: [Int32] = []
        for record in ranges.indices {
            for range in pieces[record] ?? [ranges[record]] {
                newRanges.append(range)
                newNumbers.append(numbers[record])
            }
        }
        ranges = newRanges
        numbers = newNumbers
    }

    mutating func reject(_ record: Int, _ code: RejectedRecord.Code, _ cause: String) {
        reject(ranges[record], Int(numbers[record]), code, cause)
    }

    private mutating func reject(_ range: Range<Int>, _ number: Int, _ fault: FramedRecord.Fault) {
        switch fault {
        case .header: return
        case .tooLarge:
            let range = range.prefix(chunk.input.maxRecordBytes)
            reject(range, number, .tooLarge, "record of more than \(chunk.input.maxRecordBytes) bytes")
        case .truncated: reject(range, number, .truncated, "input ends or goes on before the record does")
        case .unclosedDocument: reject(range, number, .truncated, "input ends inside the list of records")
        case .textOutsideOfEvent: reject(range, number, .outsideOfRecords, "text outside of <Event> elements")
        }
    }

    private mutating func reject(_ range: Range<Int>, _ number: Int, _ code: RejectedRecord.Code, _ cause: String) {
        rejectCount += 1
        guard rejectCount <= ChunkEvents.describedRejects else { return }
        rejects.append(
            RejectedRecord(
                path: chunk.input.path, chunkSequence: chunk.sequence, recordNumber: number,
                unit: chunk.input.form.unit, byteOffset: chunk.byteOffset + range.lowerBound, code: code, cause: cause,
                excerpt: RejectedRecord.excerpt(of: UnsafeRawBufferPointer(rebasing: text[range]))))
    }

    /// The records as events, texts where they lie; rows of a table with its header.
    func batch() -> EventBatch {
        var batch = EventBatch(buffer: chunk.buffer, ranges: ranges, origins: [chunk.input.origin])
        guard !chunk.cut.headers.isEmpty else { return batch }
        batch.headers = chunk.cut.headers.map(\.text)
        var header = 0
        batch.headerOfEvent = numbers.map { number in
            while header < chunk.cut.headers.count, chunk.cut.headers[header].record < Int(number) { header += 1 }
            return UInt32(header)
        }
        return batch
    }
}
