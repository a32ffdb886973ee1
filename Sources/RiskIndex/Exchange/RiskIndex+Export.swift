import GRDB

/// What of the index to write out.
public struct ExportOptions: Sendable, Hashable {
    /// Inclusive, UTC microseconds, of risk events, findings and runs; nil for all.
    public var startMicroseconds: Int64?
    /// Exclusive.
    public var endMicroseconds: Int64?
    /// The log events behind firings too.
    public var includesStoredEvents: Bool

    public init(startMicroseconds: Int64? = nil, endMicroseconds: Int64? = nil, includesStoredEvents: Bool = false) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.includesStoredEvents = includesStoredEvents
    }
}

extension RiskIndex {
    /// Writes the index as lines of JSON that ``importGroups(_:)`` reads back, out of one snapshot. With a range also
    /// those earlier or later risk events that a finding of the range names, or that an entry by hand of it answers.
    ///
    /// Of equal contents the bytes are equal, whatever the order in which they came in.
    ///
    /// - Parameter body: gets whole lines, about a MiB a call.
    /// - Returns: how many lines of each kind, in their order; kinds without any are left out.
    /// - Throws: ``IndexError``, and what `body` throws, unchanged.
    public func export(
        _ options: ExportOptions, _ body: ([UInt8]) throws -> Void
    ) throws -> [(kind: String, count: Int)] {
        var bodyError: (any Error)?
        var counts: [(kind: String, count: Int)] = []
        try withoutActuallyEscaping(body) { body in
            try reading { database in
                do {
                    counts = try IndexExport(database, options, path: path) { bytes in
                        do { try body(bytes) } catch {
                            bodyError = error
                            throw error
                        }
                    }.run()
                } catch  where bodyError != nil {}
            }
        }
        if let bodyError { throw bodyError }
        return counts
    }
}
