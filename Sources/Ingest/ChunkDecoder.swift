import Columns
import Formats

/// Turns chunks into events: checks every record, opens envelopes, names origins.
///
/// What comes out depends on the chunk alone. Not Sendable: one per worker thread, for the memory it keeps.
public final class ChunkDecoder {
    let parser = JSONParser()

    public init() {}

    public func events(of chunk: RawChunk) -> ChunkEvents {
        var records = RecordList(chunk)
        let batch: EventBatch
        switch chunk.input.form {
        case .jsonLines, .jsonDocuments:
            rejectInvalidJSON(&records)
            batch = chunk.input.isEnveloped ? envelopedEvents(&records) : records.batch()
        case .text, .table:
            rejectUnreadableText(&records)
            batch = records.batch()
        case .windowsXML:
            rejectUnreadableText(&records)
            batch = windowsEvents(&records)
        case .csv(let header):
            rejectUnreadableText(&records)
            batch = header.contains("_raw") ? exportedEvents(&records, header) : csvEvents(&records, header)
        }
        return ChunkEvents(
            sequence: chunk.sequence, inputIndex: chunk.input.index, path: chunk.input.path, batch: batch,
            rejects: records.rejects.sorted { $0.recordNumber < $1.recordNumber }, rejectCount: records.rejectCount,
            recordCount: records.recordCount)
    }

    private func rejectInvalidJSON(_ records: inout RecordList) {
        let invalid = parser.invalidRecords(records.ranges, in: records.text)
        guard !invalid.isEmpty else { return }
        // An empty list of pieces drops the record.
        var pieces: [Int: [Range<Int>]] = [:]
        for (record, error) in invalid {
            let objects = error.code == .trailing ? objects(in: records.ranges[record], records.text) : nil
            pieces[record] = objects ?? []
            if objects == nil {
                let cause = "\(error.message), at byte \(error.byteOffset)"
                records.reject(record, RejectedRecord.Code(error.code), cause)
            }
        }
        records.replace(pieces)
    }

    /// The objects of a record that is several, back to back; nil unless each is sound and nothing else is there.
    private func objects(in range: Range<Int>, _ text: UnsafeRawBufferPointer) -> [Range<Int>]? {
        var framer = DocumentFramer(maxRecordBytes: range.count)
        let records = framer.frame(UnsafeRawBufferPointer(rebasing: text[range]), .end).records
        guard records.allSatisfy({ $0.fault == nil }) else { return nil }
        let objects = records.map { $0.range.lowerBound + range.lowerBound..<$0.range.upperBound + range.lowerBound }
        return parser.invalidRecords(objects, in: text).isEmpty ? objects : nil
    }

    private func rejectUnreadableText(_ records: inout RecordList) {
        let text = records.text
        guard let first = records.ranges.first, let last = records.ranges.last else { return }
        let span = UnsafeRawBufferPointer(rebasing: text[first.lowerBound..<last.upperBound])
        if JSONText.isUTF8(span), span.firstIndex(of: 0, from: 0) == nil { return }
        records.keep { record, list in
            let text = UnsafeRawBufferPointer(rebasing: text[list.ranges[record]])
            if !JSONText.isUTF8(text) {
                list.reject(record, .wrongEncoding, "bytes that are not UTF-8")
                return false
            }
            if let nul = text.firstIndex(of: 0, from: 0) {
                list.reject(record, .nulByte, "NUL in text, at byte \(nul)")
                return false
            }
            return true
        }
    }

    private func csvEvents(_ records: inout RecordList, _ header: [String]) -> EventBatch {
        var fields: [[(name: String, value: Value)]] = []
        records.keep { record, list in
            let row = UnsafeRawBufferPointer(rebasing: list.text[list.ranges[record]])
            guard let values = CSVRow.values(row) else {
                list.reject(record, .badQuoting, "row that is no CSV, or has a value of over 1 MiB")
                return false
            }
            guard values.dropFirst(header.count).allSatisfy(\.isEmpty) else {
                list.reject(record, .columnCount, "\(values.count) values for the header's \(header.count) columns")
                return false
            }
            fields.append(zip(header, values).map { ($0, .text($1)) })
            return true
        }
        var batch = records.batch()
        for (event, fields) in fields.enumerated() { batch.envelopeFields[event] = fields }
        return batch
    }
}

extension RejectedRecord.Code {
    init(_ code: JSONError.Code) {
        switch code {
        case .truncated, .unclosedString: self = .truncated
        case .tooDeep: self = .tooDeep
        case .badUTF8: self = .wrongEncoding
        case .notObject: self = .notAnObject
        case .tooLarge: self = .tooLarge
        default: self = .invalidJSON
        }
    }
}
