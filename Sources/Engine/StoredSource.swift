import Columns
import Risk
import RiskIndex
import Search

/// Records of the risk index as rows of a search, newest first.
struct StoredSource {
    let index: RiskIndex

    /// - Parameter range: half-open, what the search itself asks for taken in.
    func rows(_ request: StoredRequest, needed: FieldSet, range: TimeRange) throws -> Batch {
        var records: [(time: Int64, key: String, fields: [(name: String, value: Value)])] = []
        if request.indexes.contains("risk") {
            let query = RiskEventQuery(
                startMicroseconds: range.earliest, endMicroseconds: range.latest,
                normalizedRiskObjects: request.normalizedRiskObjects, riskObjects: request.riskObjects)
            records += try index.riskEvents(query).map { ($0.timeMicroseconds, $0.key, $0.splunkFields) }
        }
        if request.indexes.contains("notable") {
            let query = FindingQuery(
                startMicroseconds: range.earliest, endMicroseconds: range.latest,
                normalizedRiskObjects: request.normalizedRiskObjects)
            records += try index.findings(query).map { ($0.timeMicroseconds, $0.key, $0.splunkFields) }
        }
        records.sort { $0.time != $1.time ? $0.time > $1.time : $0.key < $1.key }
        var rows = RecordRows(needed: needed)
        for record in records { rows.append(record.fields) }
        return rows.finish()
    }
}
