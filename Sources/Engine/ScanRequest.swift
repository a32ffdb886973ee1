import Columns
import Search

/// What one search wants of the inputs. All requests of a job are served by one pass over the bytes.
struct ScanRequest: Sendable {
    let event: EventRequest
    /// Fields of the result rows; `_time` comes always.
    private(set) var needed: FieldSet
    /// Event time that the caller wants, already joined with the search's own.
    private(set) var range: TimeRange
    /// The exact text of matched events is kept, as far as the budget goes.
    private(set) var keepsText: Bool
}

extension ScanRequest {
    /// - Returns: nil for a search that reads no events.
    init?(_ search: CompiledSearch, range: TimeRange, keepsText: Bool = false) {
        guard case .events(let request) = search.source else { return nil }
        self.init(event: request, needed: search.needed, range: range, keepsText: keepsText)
    }

    /// Takes in what another search wants of the same events.
    mutating func formUnion(_ other: ScanRequest) {
        needed.formUnion(other.needed)
        range = range.union(other.range)
        keepsText = keepsText || other.keepsText
    }
}

/// The events that satisfied one request, newest first.
///
/// The order is total and does not depend on the order of the inputs: time, then the digest of the text.
struct MatchedEvents: Sendable {
    var batch: Batch
    /// UTC microseconds, descending; events without a time come last, as `noTime`.
    var times: [Int64]
    var texts: [KeptText]
    /// Events whose text did not fit into the budget.
    var droppedTextCount: Int
    /// Which rows of their source these are: equal numbers, equal rows.
    var revision = 0
    /// What finding them took, for all searches that share them.
    var effort = ScanEffort()

    static let noTime = Int64.min

    static let empty = MatchedEvents(batch: Batch(), times: [], texts: [], droppedTextCount: 0)

    /// UTC microseconds; nil for an event without a time.
    func time(of row: Int) -> Int64? { times[row] == Self.noTime ? nil : times[row] }

    /// The rows of a half-open window, newest first, as a range of rows.
    func rows(from start: Int64, to end: Int64) -> Range<Int> {
        // Descending: first row below `end`, first row below `start`.
        let first = times.partitionPoint { $0 < end }
        let last = times.partitionPoint { $0 < start }
        return first..<max(first, last)
    }
}

/// What one request cost in a scan, beyond what all requests share.
struct ScanEffort: Sendable {
    /// Events that were parsed for it: those that hold its words.
    var candidateCount = 0
    var candidateBytes = 0
    /// Of its filter, on all threads together; 0 where nobody takes the time.
    var nanoseconds: UInt64 = 0

    static func += (left: inout ScanEffort, right: ScanEffort) {
        left.candidateCount += right.candidateCount
        left.candidateBytes += right.candidateBytes
        left.nanoseconds += right.nanoseconds
    }
}

/// An event's text as the scan kept it; nil bytes when the budget was spent.
struct KeptText: Sendable {
    var digest: TextDigest
    var bytes: [UInt8]?
    var origin: EventOrigin
}

extension Array {
    /// Index of the first element for which `isBehind` holds; the array is partitioned by it.
    func partitionPoint(_ isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
