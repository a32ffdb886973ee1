import Columns
import Formats

/// One run of one detection that returned rows: the window it looked at and when it ran.
public struct DetectionRun: Sendable {
    /// Window, inclusive; nil for "since ever".
    public var windowStartMicroseconds: Int64?
    /// Window, exclusive; nil for "for ever".
    public var windowEndMicroseconds: Int64?
    /// When the search ran, or would have run: the schedule's tick. Nil for a run over everything (`--once`), whose
    /// events then carry the time of the newest event behind each row.
    public var tickMicroseconds: Int64?
    /// The clock of the run.
    public var nowMicroseconds: Int64

    public init(
        windowStartMicroseconds: Int64?, windowEndMicroseconds: Int64?, tickMicroseconds: Int64?,
        nowMicroseconds: Int64
    ) {
        self.windowStartMicroseconds = windowStartMicroseconds
        self.windowEndMicroseconds = windowEndMicroseconds
        self.tickMicroseconds = tickMicroseconds
        self.nowMicroseconds = nowMicroseconds
    }
}

/// Identity of a firing: rule, window, and the fields that tell the window's rows apart. The same log read twice, in
/// any order or in pieces, makes the same firings; counts inside a row may differ between pieces, the identity not.
enum FiringKey {
    /// - Parameter rowKey: names of the identifying fields; nil takes the whole row.
    static func make(ruleID: String, run: DetectionRun, row: Int, of batch: Batch, rowKey: [String]?) -> String {
        var bytes: [UInt8] = []
        func add(_ part: [UInt8]) {
            // Length first: no two different lists of parts may give the same bytes.
            var count = UInt64(part.count).littleEndian
            withUnsafeBytes(of: &count) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: part)
        }
        func add(_ value: Value) {
            let elements = value.elements
            add(Array(String(elements.count).utf8))
            for element in elements { add((element.printed ?? "").bytes) }
        }
        add(Array(ruleID.utf8))
        add(Array((run.windowStartMicroseconds.map(String.init) ?? "-").utf8))
        add(Array((run.windowEndMicroseconds.map(String.init) ?? "-").utf8))
        for name in rowKey ?? batch.names.sorted() {
            add(Array(name.utf8))
            add(batch[name, row])
        }
        return SHA256.hexDigest(bytes)
    }
}
