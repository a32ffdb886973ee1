import Formats
public import RiskIndex

extension IndexStatistics {
    /// For people. - Parameter path: of the index.
    public func text(path: String) -> String {
        var head = TextTable([TextTable.Column("index"), TextTable.Column(path)])
        head.append(["schema", schemaVersion])
        head.append(["bytes", "\(fileBytes), of them \(freeBytes) free; \(logBytes) in the log"])
        if let first = firstMicroseconds, let last = lastMicroseconds {
            head.append(["risk events", "\(TimeText.iso8601(first)) to \(TimeText.iso8601(last))"])
        }
        head.append(["entities", String(entityCount)])
        head.append(["rules", String(ruleCount)])
        for setting in settings { head.append([setting.name, setting.value]) }
        var body = TextTable([
            TextTable.Column("table"), TextTable.Column("rows", .right), TextTable.Column("bytes", .right),
            TextTable.Column("bytes of indexes", .right),
        ])
        for table in tables {
            let indexBytes = table.indexes.compactMap(\.bytes)
            let known = indexBytes.count == table.indexes.count
            body.append([
                table.name, String(table.rowCount), table.bytes.map(String.init) ?? "?",
                known ? String(indexBytes.reduce(0, +)) : "?",
            ])
        }
        return head.text() + "\n" + body.text()
    }

    /// One object and a newline. Times are seconds since the epoch.
    public func json(path: String) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("path")
        writer.string(path)
        writer.key("schema_version")
        writer.string(schemaVersion)
        for (name, number) in [("file_bytes", fileBytes), ("free_bytes", freeBytes), ("log_bytes", logBytes)] {
            writer.key(name)
            writer.number(number)
        }
        for (name, time) in [("first_time", firstMicroseconds), ("last_time", lastMicroseconds)] {
            guard let time else { continue }
            writer.key(name)
            writer.raw(Array(TimeText.epochSeconds(time).utf8))
        }
        writer.key("entity_count")
        writer.number(entityCount)
        writer.key("rule_count")
        writer.number(ruleCount)
        writer.key("settings")
        writer.beginObject()
        for setting in settings {
            writer.key(setting.name)
            writer.string(setting.value)
        }
        writer.endObject()
        writer.key("tables")
        writer.beginArray()
        for table in tables { Self.append(table, to: &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func append(_ table: Table, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(table.name)
        writer.key("rows")
        writer.number(table.rowCount)
        append(bytes: table.bytes, to: &writer)
        writer.key("indexes")
        writer.beginArray()
        for index in table.indexes {
            writer.beginObject()
            writer.key("name")
            writer.string(index.name)
            append(bytes: index.bytes, to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private static func append(bytes: Int?, to writer: inout JSONWriter) {
        guard let bytes else { return }
        writer.key("bytes")
        writer.number(bytes)
    }
}
