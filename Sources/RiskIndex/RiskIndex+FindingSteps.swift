import GRDB

/// A step of a finding's life, with which finding it is of.
public struct FindingStep: Sendable, Hashable {
    public var findingKey: String
    public var searchName: String
    public var title: String
    public var normalizedRiskObject: String
    public var riskObjectType: String
    public var change: FindingChange

    public init(
        findingKey: String, searchName: String, title: String, normalizedRiskObject: String, riskObjectType: String,
        change: FindingChange
    ) {
        self.findingKey = findingKey
        self.searchName = searchName
        self.title = title
        self.normalizedRiskObject = normalizedRiskObject
        self.riskObjectType = riskObjectType
        self.change = change
    }

    /// The short name that people type (`finding_id`).
    public var findingID: String { String(findingKey.prefix(12)) }
}

extension RiskIndex {
    /// Steps that began or went on in `start <= time < end` (UTC microseconds of the incident runs), by their beginning,
    /// then finding, then place in its life.
    public func findingSteps(start: Int64, end: Int64) throws(IndexError) -> [FindingStep] {
        try reading { database in
            let rows = try Row.fetchCursor(database, sql: RiskIndex.findingStepSQL, arguments: [start, end])
            var steps: [FindingStep] = []
            while let row = try rows.next() {
                let key: String = row[16]
                steps.append(
                    FindingStep(
                        findingKey: key, searchName: StoredText.decode(row[17]), title: StoredText.decode(row[18]),
                        normalizedRiskObject: StoredText.decode(row[19]), riskObjectType: StoredText.decode(row[20]),
                        change: try FindingChangeRecord.decode(row, findingKey: key, path: path)))
            }
            return steps
        }
    }

    static let findingStepSQL = """
        SELECT \(FindingChangeRecord.columns(of: "step")), finding.key, search_name, title, normalized_risk_object,
            risk_object_type
        FROM finding_change AS step CROSS JOIN finding ON finding.id = step.finding_id
        WHERE step.last_time >= ? AND step.time < ?
        ORDER BY step.time, finding.key, step.position
        """
}

extension FindingChangeRecord {
    /// The columns, each with its table's name.
    fileprivate static func columns(of table: String) -> String {
        columns.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { "\(table).\($0)" }.joined(separator: ", ")
    }
}

extension RiskIndex {
    /// Findings with a review in `start <= time < end` (UTC microseconds), with all their reviews, by key.
    public func reviewedFindings(
        start: Int64, end: Int64
    ) throws(IndexError) -> [(finding: Finding, reviews: [FindingReview])] {
        let keys = try reading { database in
            try String.fetchAll(database, sql: RiskIndex.reviewedFindingSQL, arguments: [start, end])
        }
        var reviewed: [(finding: Finding, reviews: [FindingReview])] = []
        for key in keys {
            guard let finding = try finding(idPrefix: key) else { continue }
            reviewed.append((finding, try reviews(findingKey: key)[key] ?? []))
        }
        return reviewed
    }

    static let reviewedFindingSQL = """
        SELECT DISTINCT finding.key FROM finding_review CROSS JOIN finding ON finding.id = finding_id
        WHERE finding_review.time >= ? AND finding_review.time < ? ORDER BY finding.key
        """
}
