import Columns
import Risk
import RiskIndex
import Search

/// Records of the risk index as rows of a search, newest first.
struct StoredSource {
    let index: RiskIndex

    /// - Parameter range: half-open; joined with what the search itself asks for.
    func rows(_ request: StoredRequest, needed: FieldSet, range: TimeRange) throws -> Batch {
        let range = range.intersection(request.range)
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
        return Self.batch(records.map(\.fields), needed: needed)
    }

    /// Rows that may lack fields of each other; only needed columns are made, in order of first appearance.
    static func batch(_ rows: [[(name: String, value: Value)]], needed: FieldSet) -> Batch {
        var names: [String] = []
        var builders: [ColumnBuilder] = []
        var position: [String: Int] = [:]
        var isNeeded: [String: Bool] = [:]
        for (row, fields) in rows.enumerated() {
            for (name, value) in fields {
                let wanted: Bool
                if let known = isNeeded[name] {
                    wanted = known
                } else {
                    wanted = needed.contains(name)
                    isNeeded[name] = wanted
                }
                guard wanted else { continue }
                let index: Int
                if let known = position[name] {
                    index = known
                } else {
                    index = names.count
                    position[name] = index
                    names.append(name)
                    builders.append(ColumnBuilder())
                }
                // A name that comes twice in one record keeps its first value.
                guard builders[index].rowCount <= row else { continue }
                builders[index].padNulls(to: row)
                builders[index].append(value)
            }
        }
        var batch = Batch(rowCount: rows.count)
        for index in names.indices {
            builders[index].padNulls(to: rows.count)
            batch.set(names[index], builders[index].finish())
        }
        return batch
    }
}
