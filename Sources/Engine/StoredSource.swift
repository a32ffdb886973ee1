import Columns
import Risk
import RiskIndex
import Search

/// Records of the risk index as rows of a search, newest first.
struct StoredSource {
    let index: RiskIndex
    /// What risk events are taken for.
    var edits = RiskEdits()

    /// - Parameter range: half-open, what the search itself asks for taken in.
    func rows(_ request: StoredRequest, needed: FieldSet, range: TimeRange) throws -> Batch {
        if request.indexes == ["risk"], let parts = RiskRows.parts(for: needed) {
            let query = RiskEventQuery(
                startMicroseconds: range.earliest, endMicroseconds: range.latest,
                normalizedRiskObjects: request.normalizedRiskObjects, riskObjects: request.riskObjects)
            var columns = try index.riskColumns(query, edits.parts(for: parts))
            let dimensions = try index.riskDimensions()
            edits.apply(to: &columns, dimensions)
            // The index gives the oldest first, and equal times by key either way.
            return RiskRows.batch(columns, dimensions, needed: needed).gathered(columns.newestFirst)
        }
        var records: [(time: Int64, key: String, fields: [(name: String, value: Value)])] = []
        if request.indexes.contains("risk") {
            let query = RiskEventQuery(
                startMicroseconds: range.earliest, endMicroseconds: range.latest,
                normalizedRiskObjects: request.normalizedRiskObjects, riskObjects: request.riskObjects)
            for var event in try index.riskEvents(query) where edits.apply(to: &event) {
                records.append((event.timeMicroseconds, event.key, event.splunkFields(of: needed)))
            }
        }
        if request.indexes.contains("notable") {
            let query = FindingQuery(
                startMicroseconds: range.earliest, endMicroseconds: range.latest,
                normalizedRiskObjects: request.normalizedRiskObjects)
            let reviews = try index.reviews()
            records += try index.findings(query).map { finding in
                let standing = FindingStanding(reviews[finding.key] ?? [])
                return (finding.timeMicroseconds, finding.key, finding.splunkFields(standing))
            }
        }
        records.sort { $0.time != $1.time ? $0.time > $1.time : $0.key < $1.key }
        var rows = RecordRows(needed: needed)
        for record in records { rows.append(record.fields) }
        return rows.finish()
    }
}

extension RiskColumns {
    /// Positions by time, the newest first; events of one time stay in the order of their keys.
    var newestFirst: [Int] {
        var order: [Int] = []
        order.reserveCapacity(count)
        var end = count
        while end > 0 {
            var start = end - 1
            while start > 0, timesMicroseconds[start - 1] == timesMicroseconds[end - 1] { start -= 1 }
            order.append(contentsOf: start..<end)
            end = start
        }
        return order
    }
}
