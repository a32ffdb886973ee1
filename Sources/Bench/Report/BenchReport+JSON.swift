import Formats

extension BenchReport {
    /// One JSON object and a newline: seconds, bytes, ratios as numbers; what does not apply is null.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        write("machine", in: &writer) {
            $0.field("cores", machine.coreCount)
            $0.field("processor", machine.processor)
            $0.field("system", machine.system)
        }
        write("versions", in: &writer) { for version in versions { $0.field(version.name, version.version) } }
        write("data", in: &writer) {
            $0.field("path", data.path)
            $0.key("seed")
            $0.raw(Array(String(seed).utf8))
            $0.field("events", data.eventCount)
            $0.field("bytes", data.byteCount)
            $0.field("matched_events", data.matchedEventCount)
            $0.field("groups", data.groupCount)
        }
        writer.key("same_answers")
        writer.boolean(true)
        writer.field("rounds", roundCount)
        writer.field("own_peak_bytes", ownPeakBytes)
        writer.key("cases")
        writer.beginArray()
        for item in cases { write(item, in: &writer) }
        writer.endArray()
        writer.field("failures", failures)
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func write(_ item: Case, in writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("case", item.name)
        writer.key("sides")
        writer.beginArray()
        for side in item.sides {
            writer.beginObject()
            writer.field("side", side.title)
            writer.field("events", side.eventCount)
            writer.field("bytes", side.byteCount)
            writer.field("seconds", side.bestSeconds)
            writer.field("processor_seconds", side.processorSeconds)
            writer.field("peak_bytes", side.peakBytes)
            writer.key("rounds")
            writer.beginArray()
            for sample in side.samples { writer.number(sample.seconds) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.key("ratios")
        writer.beginArray()
        for ratio in item.ratios {
            writer.beginObject()
            writer.field("of", ratio.of)
            writer.field("to", ratio.to)
            writer.field("ratio", ratio.value)
            writer.field("aim", ratio.aim)
            writer.field("limit", limits[item.name])
            writer.endObject()
        }
        writer.endArray()
        writer.field("notes", item.notes)
        writer.endObject()
    }

    private func write(_ key: String, in writer: inout JSONWriter, _ members: (inout JSONWriter) -> Void) {
        writer.key(key)
        writer.beginObject()
        members(&writer)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ key: String, _ value: String) {
        self.key(key)
        string(value)
    }

    fileprivate mutating func field(_ key: String, _ value: Int) {
        self.key(key)
        number(value)
    }

    fileprivate mutating func field(_ key: String, _ value: Double?) {
        self.key(key)
        if let value { number(value) } else { null() }
    }

    fileprivate mutating func field(_ key: String, _ values: [String]) {
        self.key(key)
        beginArray()
        for value in values { string(value) }
        endArray()
    }
}
