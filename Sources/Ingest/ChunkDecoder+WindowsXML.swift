import Columns

extension ChunkDecoder {
    /// Windows events with the source and host that Splunk's own Windows input gives them: `XmlWinEventLog:` and the
    /// channel, and the computer. Searches name Windows logs by this source.
    /// Source: Splunk "Monitor Windows event log data", renderXml; sources in the attack_data logs.
    func windowsEvents(_ records: inout RecordList) -> EventBatch {
        let input = records.chunk.input
        var table = OriginTable()
        for range in records.ranges {
            let event = UnsafeRawBufferPointer(rebasing: records.text[range])
            var origin = input.origin
            if input.forced.source == nil, let channel = element("<Channel>", "</Channel>", event) {
                origin.source = "XmlWinEventLog:" + channel
            }
            if input.forced.host == nil, let computer = element("<Computer>", "</Computer>", event) {
                origin.host = computer
            }
            table.append(origin)
        }
        var batch = records.batch()
        batch.origins = table.origins.isEmpty ? [input.origin] : table.origins
        batch.originOfEvent = table.origins.count > 1 ? table.originOfEvent : []
        return batch
    }

    private func element(_ open: StaticString, _ close: StaticString, _ event: UnsafeRawBufferPointer) -> String? {
        guard let start = event.firstRange(of: open, from: 0)?.upperBound,
            let end = event.firstRange(of: close, from: start)?.lowerBound
        else { return nil }
        let text = event.trimmed(start..<end)
        return text.isEmpty || text.count > 1_024 ? nil : String(decoding: event[text], as: UTF8.self)
    }
}
