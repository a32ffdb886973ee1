import GRDB

/// What a whole import did.
public struct ImportReport: Sendable {
    public var count = ImportCount()
    public var lineCount = 0
    /// In the order of inputs and lines; the first 1,000.
    public var rejects: [(inputIndex: Int, reject: ImportReject)] = []
    public var rejectCount = 0

    public init() {}

    /// Lines that were rejected only when they were written come among those of their group by number.
    fileprivate mutating func add(_ group: ImportGroup, writing: [ImportReject]) {
        lineCount += group.lineCount
        rejectCount += group.rejectCount + writing.count
        let all = (group.rejects + writing).sorted { $0.lineNumber < $1.lineNumber }
        let room = max(0, ImportGroup.listedRejects - rejects.count)
        rejects += all.prefix(room).map { (group.inputIndex, $0) }
    }
}

extension RiskIndex {
    /// What a transaction of an import may hold in memory before SQLite writes pages to the log.
    private static let importCacheKiB = 256 << 10

    /// Writes groups, a transaction each: stopped at any point the index holds whole groups, and doing it again does the
    /// rest, for what is known stays as it is. Another process may write between two of them.
    ///
    /// - Parameters:
    ///   - next: gives the groups in order, nil at the end.
    ///   - report: of what is committed, also when this throws.
    /// - Throws: ``IndexError``, and what `next` throws, unchanged.
    public func importGroups(_ report: inout ImportReport, _ next: () throws -> ImportGroup?) throws {
        var nextError: (any Error)?
        do {
            try pool.writeWithoutTransaction { database in
                let cacheSize = try Int.fetchOne(database, sql: "PRAGMA cache_size") ?? -2_000
                try database.execute(sql: "PRAGMA cache_size = -\(Self.importCacheKiB)")
                defer { try? database.execute(sql: "PRAGMA cache_size = \(cacheSize)") }
                let writer = try GroupWriter(database, indexTimeMicroseconds: indexTimeMicroseconds, path: path)
                while true {
                    let group: ImportGroup
                    do {
                        guard let more = try next() else { return }
                        group = more
                    } catch {
                        nextError = error
                        return
                    }
                    var count = report.count
                    var rejects: [ImportReject] = []
                    try database.inTransaction(.immediate) {
                        rejects = try writer.write(group, &count)
                        // Its names may follow other lists than this home's.
                        if count.newRiskEvents > report.count.newRiskEvents {
                            try Self.forgetEntityVersion(database)
                        }
                        return .commit
                    }
                    report.count = count
                    report.add(group, writing: rejects)
                }
            }
        } catch {
            throw IndexError(error, path: path)
        }
        if let nextError { throw nextError }
    }
}
