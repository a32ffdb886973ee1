import Columns
import Formats
import Search

// What an event has without any rule: its time, its origin, the fields of its envelope, counts over its text.

extension EventDecoder {
    var needsParsedTimes: Bool {
        plan.base.isAll || !plan.base.patterns.isEmpty
            || !plan.base.names.isDisjoint(with: DefaultFields.date.union(DefaultFields.position))
    }

    func parsedTime(_ events: EventBatch, _ row: Int) -> ParsedTime? {
        let text = events.text(of: row)
        let reference = events.envelopeTime(of: row) ?? context.nowMicroseconds
        switch timestampText(text, header: events.header(of: row)) {
        case .missing: return nil
        case .text(let bytes):
            return bytes.withUnsafeBytes {
                indexing.timestamps.parse($0, zone: zone, referenceMicroseconds: reference)
            }
        case .anywhere: break
        }
        if let found = indexing.timestamps.parse(text, zone: zone, referenceMicroseconds: reference) { return found }
        // A row of a table has the sourcetype's values, but not the text that its TIME_PREFIX looks for.
        guard events.envelopeFields[row] != nil else { return nil }
        return TimestampScanner().firstTimestamp(in: text, zone: zone, referenceMicroseconds: reference)
    }

    /// TIMESTAMP_FIELDS.
    private func timestampText(_ text: UnsafeRawBufferPointer, header: Text?) -> TableFields.Timestamp {
        if let table { return table.timestamp(text, header: header) }
        guard let timestampJSON, case .json(_, let names) = indexing.indexed else { return .anywhere }
        var leaves = JSONLeaves()
        guard (try? timestampJSON.flatten(text, into: &leaves)) != nil else { return .missing }
        var parts: [[UInt8]] = []
        for name in names {
            let leaf = (0..<leaves.count).first { timestampJSON.name(of: leaves.nameID($0)) == Text(name) }
            guard let leaf else { return .missing }
            parts.append(leaves.value(leaf).bytes)
        }
        return .text(Array(parts.joined(separator: [0x20])))
    }

    /// UTC microseconds: the envelope's, else the text's, which is only read for it; nil when neither has one.
    func time(of row: Int, _ events: EventBatch, parsed: () -> ParsedTime?) -> Int64? {
        if let time = events.envelopeTime(of: row) { return time }
        return indexing.timestamps.isTimeOfReading ? context.nowMicroseconds : parsed()?.microseconds
    }

    func timeColumn(_ events: EventBatch, _ rows: [Int], _ parsed: [ParsedTime?]) -> Column {
        var builder = ColumnBuilder()
        for (index, row) in rows.enumerated() {
            let time = time(of: row, events) { parsed.isEmpty ? parsedTime(events, row) : parsed[index] }
            builder.append(time.map { .number(Double($0) / 1_000_000) } ?? .null)
        }
        return builder.finish()
    }

    /// A field of that name that came with the event stays.
    func setDateFields(_ batch: inout Batch, _ parsed: [ParsedTime?]) {
        guard !parsed.isEmpty else { return }
        for name in DefaultFields.date.union(DefaultFields.position).sorted() where plan.base.contains(name) {
            let existing = batch.column(name)
            var builder = ColumnBuilder()
            for (row, time) in parsed.enumerated() {
                if let value = existing?[row], !value.isNull {
                    builder.append(value)
                } else {
                    builder.append(DefaultFields.timeValue(name, time))
                }
            }
            batch.set(name, builder.finish())
        }
    }

    func setOrigin(_ batch: inout Batch) {
        let values = [
            ("host", origin.host), ("index", origin.index), ("source", origin.source),
            ("sourcetype", origin.sourcetype),
        ]
        for (name, value) in values where plan.base.contains(name) {
            batch.set(name, Column(constant: .text(value), rowCount: batch.rowCount))
        }
        if plan.base.names.contains("_sourcetype") {
            batch.set("_sourcetype", Column(constant: .text(indexedSourcetype), rowCount: batch.rowCount))
        }
        // An event is indexed when it is read, which is now.
        if plan.base.names.contains("_indextime") {
            let seconds = Double(context.nowMicroseconds / 1_000_000)
            batch.set("_indextime", Column(constant: .number(seconds), rowCount: batch.rowCount))
        }
    }

    func setEnvelopeFields(_ batch: inout Batch, _ events: EventBatch, _ rows: [Int]) {
        guard !events.envelopeFields.isEmpty else { return }
        var given: [String: [Int: Value]] = [:]
        for (index, row) in rows.enumerated() {
            for (name, value) in events.envelopeFields[row] ?? [] where plan.base.contains(name) {
                guard !DefaultFields.reserved.contains(name) else { continue }
                let before = given[name]?[index] ?? .null
                given[name, default: [:]][index] = .list([before, value])
            }
        }
        for name in given.keys.sorted() {
            batch.set(name, Column((0..<rows.count).map { given[name]?[$0] ?? .null }))
        }
    }

    func setTextFields(_ batch: inout Batch, _ events: EventBatch, _ rows: [Int]) {
        if indexing.annotatesPunct, plan.base.contains("punct") {
            var builder = ColumnBuilder()
            for row in rows { builder.append(.text(Text(DefaultFields.punct(events.text(of: row))))) }
            batch.set("punct", builder.finish())
        }
        if plan.base.contains("linecount") {
            var builder = ColumnBuilder()
            for row in rows { builder.append(DefaultFields.number(DefaultFields.lineCount(events.text(of: row)))) }
            batch.set("linecount", builder.finish())
        }
    }
}
