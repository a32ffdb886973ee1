import Columns
import SPL

extension Column {
    /// What `body` makes of each dictionary entry that some row uses, at the entry's place; nil for the others. A filtered
    /// batch may share a large dictionary, of which it uses little.
    func usedEntries<Result>(
        _ body: (Value) throws(SearchError) -> Result
    ) throws(SearchError) -> [Result?] {
        var results = [Result?](repeating: nil, count: values.count)
        for id in ids where results[Int(id)] == nil { results[Int(id)] = try body(values[Int(id)]) }
        return results
    }

    /// `body` for each value of each row: once per dictionary entry that some row uses, multivalue staying multivalue.
    func mappingElements(_ body: (Value) throws(SearchError) -> Value) throws(SearchError) -> Column {
        let results = try usedEntries { value throws(SearchError) -> Value in
            var elements: [Value] = []
            for element in value.elements { elements.append(try body(element)) }
            return .list(elements)
        }
        return Column(source: self, results)
    }

    /// A column that holds `results[entry]` where `source` holds the entry; nil is null there.
    init(source: Column, _ results: [Value?]) {
        var values = results.map { $0 ?? .null }
        guard !values.isEmpty else {
            self = source
            return
        }
        var ids = source.ids
        // Entry 0 stays null, so what null became gets a place of its own.
        let first = values[0]
        values[0] = .null
        let nullID = first.isNull ? 0 : UInt32(values.count)
        if !first.isNull { values.append(first) }
        for row in ids.indices {
            let id = ids[row]
            if id == 0 { ids[row] = nullID } else if values[Int(id)].isNull { ids[row] = 0 }
        }
        self.init(ids: ids, values: values)
    }
}

extension Batch {
    /// Writes `results[entry]` into column `name` of the rows where `source` holds the entry; rows whose result is nil keep
    /// what they have.
    mutating func overlay(_ name: String, by source: Column, _ results: [Value?]) {
        guard let existing = column(name), existing.hasValues else {
            set(name, Column(source: source, results))
            return
        }
        var builder = ColumnBuilder()
        for row in 0..<rowCount { builder.append(results[Int(source.ids[row])] ?? existing[row]) }
        set(name, builder.finish())
    }

    /// All events that the rows were made from, as those of one row.
    var unitedOrigins: [[UInt32]]? { origins.map { [$0.flatMap { $0 }] } }
}
