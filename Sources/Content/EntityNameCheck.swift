import Matching
import SPL

/// What keeps a record from merging risk. Its lookups have the names as they are written.
enum EntityNameCheck {
    static func problems(of tables: EntityTables) -> [ContentProblem] {
        var problems = EntityProblems()
        check(tables.identities, "identity", tables.stopValues, &problems)
        check(tables.assetsByName, "asset", tables.stopValues, &problems)
        checkBlocks(tables, &problems)
        return problems.all
    }

    private static func check(
        _ table: EntityTable, _ column: String, _ stopValues: StopValueList, _ problems: inout EntityProblems
    ) {
        guard let key = table.columns.firstIndex(of: column) else { return }
        table.forEachRecord { origin, row in
            let place = origin.place
            for name in row[key].prefix(origin.writtenNameCount) {
                let reason: String
                if stopValues.contains(name) {
                    reason = "is a stop value"
                } else if EntityName.isCompound(name) {
                    reason = "ends as names with a host or zone do"
                } else {
                    continue
                }
                problems.add(
                    place.file, place.line, "'\(shortened(name))' \(reason): no risk goes to this record by it",
                    hint: "remove it from the record", code: ContentCode.unusableName)
            }
            if row[key].count > EntityTables.maximumMergedNames {
                problems.add(
                    place.file, place.line,
                    "record has \(row[key].count) names, more than \(EntityTables.maximumMergedNames): no risk goes to it",
                    hint: "give each person or machine a row of its own", code: ContentCode.tooManyNames)
            }
        }
    }

    /// A row without names is a network; one with names and a large block says that all of it is one machine.
    private static func checkBlocks(_ tables: EntityTables, _ problems: inout EntityProblems) {
        guard let key = tables.assetsByBlock.columns.firstIndex(of: "asset") else { return }
        var machines: Set<EntityPlace> = []
        if !tables.assetsByBlock.rows.isEmpty {
            tables.assetsByName.forEachRecord { origin, _ in machines.insert(origin.place) }
        }
        let limit = EntityTables.maximumMergedNames
        var counts: [EntityPlace: Int] = [:]
        tables.assetsByBlock.forEachRecord { origin, row in
            guard machines.contains(origin.place), let range = row[key].first.flatMap(AddressRange.init) else { return }
            let before = counts[origin.place, default: 0]
            let count = min(limit + 1, before + range.addressCount(upTo: limit + 1))
            counts[origin.place] = count
            if before <= limit, count > limit {
                problems.add(
                    origin.place.file, origin.place.line,
                    "blocks of a record with names hold more than \(limit) addresses: no risk goes to it by them",
                    hint: "give the network a row without names", code: ContentCode.tooManyNames)
            }
        }
    }
}
