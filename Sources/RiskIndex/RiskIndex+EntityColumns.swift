import GRDB

extension RiskIndex {
    /// A query's events with what they share, out of one snapshot. Unlike ``riskDimensions()`` this reads only the rules,
    /// names and threat objects that occur: the index may hold a hundred thousand of others.
    ///
    /// - Parameter parts: threat objects are read only with ``RiskColumnParts/threatObjects``.
    public func riskColumnsAndDimensions(
        _ query: RiskEventQuery, _ parts: RiskColumnParts
    ) throws(IndexError) -> (columns: RiskColumns, dimensions: RiskDimensions) {
        let select = try RiskColumnReader.select(query, parts, path: path)
        return try reading { database in
            var reader = try RiskColumnReader(database, select, parts, path: path)
            let columns = try reader.next(.max) ?? RiskColumns()
            return (columns, try RiskDimensions.read(of: columns, database, path: path))
        }
    }
}

extension RiskDimensions {
    fileprivate static func read(of columns: RiskColumns, _ database: Database, path: String) throws -> RiskDimensions {
        let reader = DimensionReader(database, path: path)
        func elements<Element>(_ numbers: Set<UInt32>, _ read: (Int64) throws -> Element) rethrows -> [Element?] {
            var elements = [Element?](repeating: nil, count: numbers.max().map { Int($0) + 1 } ?? 0)
            for number in numbers { elements[Int(number)] = try read(Int64(number)) }
            return elements
        }
        return RiskDimensions(
            rules: try elements(Set(columns.rules), reader.rule),
            riskObjects: try elements(Set(columns.riskObjects), reader.riskObject),
            threatObjects: try elements(Set(columns.threatLists.joined()), reader.threatObject))
    }
}
