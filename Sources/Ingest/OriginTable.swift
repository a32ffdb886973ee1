import Columns

/// The origins of a batch's events: each distinct one once.
struct OriginTable {
    private(set) var origins: [EventOrigin] = []
    private(set) var originOfEvent: [UInt32] = []
    private var known: [EventOrigin: UInt32] = [:]

    mutating func append(_ origin: EventOrigin) {
        if let last = originOfEvent.last, origins[Int(last)] == origin {
            originOfEvent.append(last)
        } else if let index = known[origin] {
            originOfEvent.append(index)
        } else {
            let index = UInt32(origins.count)
            origins.append(origin)
            known[origin] = index
            originOfEvent.append(index)
        }
    }
}
