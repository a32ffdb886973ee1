import Risk
public import RiskIndex

/// Risk events as the text that Splunk ES 7 keeps of them in `index=risk`, one a line.
public struct StashExport: Sendable {
    /// Inclusive, UTC microseconds.
    public var start: Int64?
    /// Exclusive.
    public var end: Int64?

    public init(start: Int64?, end: Int64?) {
        self.start = start
        self.end = end
    }

    /// - Parameter body: gets whole lines, about a MiB a call.
    public func run(
        _ index: RiskIndex, _ body: ([UInt8]) throws -> Void
    ) throws -> [(kind: String, count: Int)] {
        var bytes: [UInt8] = []
        var count = 0
        try index.forEachRiskEvent(RiskEventQuery(startMicroseconds: start, endMicroseconds: end)) { events in
            for event in events {
                event.appendStash(to: &bytes)
                bytes.append(UInt8(ascii: "\n"))
                count += 1
                if bytes.count >= 1 << 20 {
                    try body(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
        }
        if !bytes.isEmpty { try body(bytes) }
        return count == 0 ? [] : [("risk_event", count)]
    }
}
