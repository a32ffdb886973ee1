import Content
import Formats

/// The digest of identity and asset lists, in bounded memory.
struct EntityDigest {
    /// Goes up when the same lists give other names than before.
    private static let revision = 1
    private static let bufferBytes = 1 << 20

    private var state = ""
    private var buffer: [UInt8] = []

    static func version(of tables: EntityTables, _ stopValues: StopValueList) -> String {
        var digest = EntityDigest()
        digest.add("\(revision) \(EntityTables.maximumMergedNames)")
        for table in [tables.identities, tables.assetsByName, tables.assetsByBlock] {
            digest.add(table.columns)
            table.forEachRecord { origin, row in
                digest.addCount(origin.writtenNameCount)
                for (column, values) in row.enumerated() where !values.isEmpty {
                    digest.addCount(column)
                    digest.add(values)
                }
            }
            digest.add("end")
        }
        for value in stopValues.all {
            digest.add(value.values)
            digest.add([value.type ?? "", value.kind.rawValue])
        }
        return digest.finish()
    }

    private mutating func add(_ texts: [String]) {
        addCount(texts.count)
        for text in texts { add(text) }
    }

    /// Length first: no two different sequences of texts give the same bytes.
    private mutating func add(_ text: String) {
        addCount(text.utf8.count)
        buffer += text.utf8
        if buffer.count >= Self.bufferBytes { flush() }
    }

    private mutating func addCount(_ count: Int) {
        withUnsafeBytes(of: UInt64(count).littleEndian) { buffer += $0 }
    }

    private mutating func flush() {
        state = SHA256.hexDigest(Array(state.utf8) + buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func finish() -> String {
        flush()
        return state
    }
}
