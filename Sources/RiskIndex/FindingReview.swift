import Formats
import GRDB

/// What an analyst said about a finding at one time. A nil part leaves that of earlier reviews as it is.
public struct FindingReview: Sendable, Hashable {
    public var timeMicroseconds: Int64
    public var author: String
    /// Splunk's: `new`, `in_progress`, `pending`, `resolved`, `closed`; the caller checks.
    public var status: String?
    public var owner: String?
    public var disposition: String?
    public var note: String?

    public init(
        timeMicroseconds: Int64, author: String, status: String? = nil, owner: String? = nil,
        disposition: String? = nil, note: String? = nil
    ) {
        self.timeMicroseconds = timeMicroseconds
        self.author = author
        self.status = status
        self.owner = owner
        self.disposition = disposition
        self.note = note
    }

    fileprivate func key(findingKey: String) -> String {
        let parts = [findingKey, String(timeMicroseconds), author, status, owner, disposition, note]
        let text = parts.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
        return SHA256.hexDigest(Array(text.utf8))
    }
}

extension RiskIndex {
    /// Adds a review; the same one again changes nothing.
    ///
    /// - Throws: `invalidRecord` for a finding that the index does not hold.
    public func add(_ review: FindingReview, findingKey: String) throws(IndexError) {
        try writing { database in
            guard
                let id = try Int64.fetchOne(
                    database, sql: "SELECT id FROM finding WHERE key = ?", arguments: [findingKey])
            else { throw IndexError.invalidRecord("a review names no finding", path: path) }
            try database.execute(
                sql: """
                    INSERT INTO finding_review (key, finding_id, time, author, status, owner, disposition, note)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
                    """,
                arguments: [
                    review.key(findingKey: findingKey), id, review.timeMicroseconds,
                    StoredText.encode(review.author), review.status.map(StoredText.encode),
                    review.owner.map(StoredText.encode), review.disposition.map(StoredText.encode),
                    review.note.map(StoredText.encode),
                ])
        }
    }

    /// All reviews by finding key, each list by time, then in the order in which they were written.
    ///
    /// - Parameter findingKey: only those of this finding.
    public func reviews(findingKey: String? = nil) throws(IndexError) -> [String: [FindingReview]] {
        try reading { database in
            var reviews: [String: [FindingReview]] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT finding.key, finding_review.time, author, status, owner, disposition, note
                    FROM finding_review JOIN finding ON finding.id = finding_id
                    \(findingKey == nil ? "" : "WHERE finding.key = ?")
                    ORDER BY finding_review.time, finding_review.id
                    """, arguments: findingKey.map { [$0] } ?? [])
            while let row = try rows.next() {
                func text(_ column: Int) -> String? { (row[column] as String?).map(StoredText.decode) }
                let review = FindingReview(
                    timeMicroseconds: row[1], author: text(2) ?? "", status: text(3), owner: text(4),
                    disposition: text(5), note: text(6))
                reviews[row[0], default: []].append(review)
            }
            return reviews
        }
    }
}
