public import RiskIndex

/// The risk events of one run by key and time: their bodies stay in the index, so that a run over many events needs
/// little memory.
public struct RiskEventSet: Sendable {
    private var timeOfKey: [String: Int64] = [:]

    public init() {}

    public var count: Int { timeOfKey.count }

    public func contains(_ key: String) -> Bool { timeOfKey[key] != nil }

    /// From the first event's time to the last one's; nil when there are none.
    public var times: ClosedRange<Int64>? {
        guard let first = timeOfKey.values.min(), let last = timeOfKey.values.max() else { return nil }
        return first...last
    }

    var sortedTimes: [Int64] { timeOfKey.values.sorted() }

    mutating func insert(_ event: RiskEvent) { timeOfKey[event.key] = event.timeMicroseconds }

    mutating func formUnion(_ other: RiskEventSet) { timeOfKey.merge(other.timeOfKey) { known, _ in known } }

    /// Reads the events from the index they were written to, by time then key.
    public func forEach(in index: RiskIndex, _ body: (RiskEvent) throws -> Void) throws {
        guard let times else { return }
        let query = RiskEventQuery(startMicroseconds: times.lowerBound, endMicroseconds: times.upperBound + 1)
        try index.forEachRiskEvent(query, batchSize: 1_000) { batch in
            for event in batch where contains(event.key) { try body(event) }
        }
    }
}
