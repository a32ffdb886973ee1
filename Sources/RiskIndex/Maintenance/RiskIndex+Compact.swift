import GRDB

/// What compacting took away.
public struct CompactReport: Sendable, Hashable {
    public struct Removed: Sendable, Hashable {
        public var table: String
        public var rowCount: Int
    }

    /// Tables that lost rows, in a fixed order.
    public var removed: [Removed]
    /// The file and its log.
    public var bytesBefore: Int
    public var bytesAfter: Int
    /// Another process still reads the index as it was: the file shrinks when that ends.
    public var isHeldByReader: Bool
}

extension RiskIndex {
    /// Removes shared rows that nothing refers to, then writes the file anew without holes. Needs as much free space as
    /// the index has, for its time.
    ///
    /// No `ANALYZE`: every query is written for the plan that SQLite chooses without statistics
    /// (`fixtures/index/query-plans.txt`).
    ///
    /// - Throws: ``IndexError``; `locked` when another process writes. What was removed stays removed.
    public func compact() throws(IndexError) -> CompactReport {
        let before = bytesOnDisk
        var removed: [CompactReport.Removed] = []
        for table in SharedTable.all {
            let count = try removeOrphans(of: table)
            if count > 0 { removed.append(CompactReport.Removed(table: table.name, rowCount: count)) }
        }
        do {
            try pool.vacuum()
            // A reader of the old state keeps the log from being emptied; GRDB throws `SQLITE_BUSY` then.
            var isHeld = false
            do {
                _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                isHeld = true
            }
            return CompactReport(removed: removed, bytesBefore: before, bytesAfter: bytesOnDisk, isHeldByReader: isHeld)
        } catch {
            throw IndexError(error, path: path)
        }
    }

    /// Looks for orphans while others may write, and removes each only if it is one still.
    private func removeOrphans(of table: SharedTable) throws(IndexError) -> Int {
        let batch = 5_000
        var removed = 0
        var last = Int64.min
        while true {
            let ids = try reading { database in
                try Int64.fetchAll(
                    database,
                    sql: "SELECT id FROM \(table.name) WHERE id > ? AND \(table.isOrphan) ORDER BY id LIMIT \(batch)",
                    arguments: [last])
            }
            guard let end = ids.last else { return removed }
            removed += try writing { database in
                let links = try RawStatement(database, "DELETE FROM firing_stored_event WHERE firing_id = ?")
                let delete = try RawStatement(
                    database, "DELETE FROM \(table.name) WHERE id = ? AND \(table.isOrphan)")
                let isOrphan = try RawStatement(
                    database, "SELECT count(*) FROM \(table.name) WHERE id = ? AND \(table.isOrphan)")
                var count = 0
                for id in ids {
                    if table.name == "firing" {
                        isOrphan.bind(id, at: 1)
                        guard try isOrphan.integer() == 1 else { continue }
                        links.bind(id, at: 1)
                        try links.execute()
                    }
                    delete.bind(id, at: 1)
                    count += try delete.execute()
                }
                return count
            }
            last = end
        }
    }
}
