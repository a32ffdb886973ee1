import Columns

extension ChunkDecoder {
    /// The events of a table that Splunk exported: `_raw` is the event's text; `sourcetype`, `source`, `host` and `index`
    /// say where it came from, `_time` when it is epoch seconds. Other columns are what Splunk extracted and are made
    /// anew from the text. A row without a text is rejected.
    func exportedEvents(_ records: inout RecordList, _ header: [String]) -> EventBatch {
        let input = records.chunk.input
        let columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        var table = OriginTable()
        var times: [Int64?] = []
        records.keep { record, list in
            let row = UnsafeRawBufferPointer(rebasing: list.text[list.ranges[record]])
            guard let values = CSVRow.values(row) else {
                list.reject(record, .badQuoting, "row that is no CSV, or has a value of over 1 MiB")
                return false
            }
            func value(_ name: String) -> Text? {
                guard let column = columns[name], column < values.count, !values[column].isEmpty else { return nil }
                return values[column]
            }
            guard let raw = value("_raw") else {
                list.reject(record, .noEvent, "row without a value in '_raw'")
                return false
            }
            var origin = input.origin
            if input.forced.sourcetype == nil, let named = value("sourcetype") { origin.sourcetype = named.string }
            if input.forced.source == nil, let named = value("source") { origin.source = named.string }
            if input.forced.host == nil, let named = value("host") { origin.host = named.string }
            if let named = value("index") { origin.index = named.string }
            table.append(origin)
            times.append(value("_time").flatMap { $0.bytes.withUnsafeBytes { EnvelopeTime.microseconds($0) } })
            ranges.append(bytes.count..<bytes.count + raw.count)
            bytes += raw.bytes
            bytes.append(UInt8(ascii: "\n"))
            return true
        }
        return EventBatch(
            buffer: ByteBuffer(bytes), ranges: ranges, origins: table.origins.isEmpty ? [input.origin] : table.origins,
            originOfEvent: table.origins.count > 1 ? table.originOfEvent : [],
            envelopeTimes: times.contains { $0 != nil } ? times : [])
    }
}
