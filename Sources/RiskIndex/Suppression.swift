import Formats
import GRDB

/// What an analyst has silenced: risk events that it names do not count for findings while it lasts. They stay in the
/// index and in every ledger.
public struct Suppression: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A normalized risk object.
        case entity
        /// A `search_name`.
        case rule
        case threatObject = "threat_object"
    }

    public var kind: Kind
    /// Compared by ``FoldedName``.
    public var value: String
    /// Inclusive, UTC microseconds of the incident run.
    public var startMicroseconds: Int64
    /// Exclusive; nil for "until it is ended".
    public var untilMicroseconds: Int64?
    public var author: String
    public var reason: String

    public init(
        kind: Kind, value: String, startMicroseconds: Int64, untilMicroseconds: Int64?, author: String, reason: String
    ) {
        self.kind = kind
        self.value = value
        self.startMicroseconds = startMicroseconds
        self.untilMicroseconds = untilMicroseconds
        self.author = author
        self.reason = reason
    }

    /// Identity: what is silenced, and since when. 64 hex digits.
    public var key: String {
        let parts = [kind.rawValue, FoldedName.fold(value), String(startMicroseconds)]
        return SHA256.hexDigest(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }

    /// The short name that people type.
    public var id: String { String(key.prefix(12)) }

    public func isActive(at timeMicroseconds: Int64) -> Bool {
        startMicroseconds <= timeMicroseconds && timeMicroseconds < untilMicroseconds ?? .max
    }
}

extension RiskIndex {
    /// Adds a suppression, or gives a known one another end, author and reason.
    public func add(_ suppression: Suppression) throws(IndexError) {
        try writing { database in
            try database.execute(
                sql: """
                    INSERT INTO suppression (key, kind, value, value_folded, start, until, author, reason)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (key) DO UPDATE
                    SET until = excluded.until, author = excluded.author, reason = excluded.reason
                    """,
                arguments: [
                    suppression.key, suppression.kind.rawValue, StoredText.encode(suppression.value),
                    StoredText.encode(FoldedName.fold(suppression.value)), suppression.startMicroseconds,
                    suppression.untilMicroseconds, StoredText.encode(suppression.author),
                    StoredText.encode(suppression.reason),
                ])
        }
    }

    /// Ends the suppression whose key begins with `idPrefix` at a time, or at its start if that is later. One that has
    /// ended before stays as it is.
    ///
    /// - Returns: nil when there is none.
    public func endSuppression(idPrefix: String, at timeMicroseconds: Int64) throws(IndexError) -> Suppression? {
        guard let key = try uniqueKey(of: "suppression", idPrefix: idPrefix, idLength: 12) else { return nil }
        try writing { database in
            try database.execute(
                sql: "UPDATE suppression SET until = min(coalesce(until, ?1), max(start, ?1)) WHERE key = ?2",
                arguments: [timeMicroseconds, key])
        }
        return try suppressions().first { $0.key == key }
    }

    /// By start, then key.
    public func suppressions() throws(IndexError) -> [Suppression] {
        try reading { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT kind, value, start, until, author, reason FROM suppression ORDER BY start, key")
            return try rows.map { row in
                guard let kind = Suppression.Kind(rawValue: row[0]) else {
                    throw IndexError.damagedRecord(path: path, table: "suppression", key: row[0])
                }
                return Suppression(
                    kind: kind, value: StoredText.decode(row[1]), startMicroseconds: row[2],
                    untilMicroseconds: row[3], author: StoredText.decode(row[4]), reason: StoredText.decode(row[5]))
            }
        }
    }
}
