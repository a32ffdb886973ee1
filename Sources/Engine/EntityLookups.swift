import Columns
import Content
import Fields
import Search

extension AddonSet {
    /// Puts the identity and asset lists into the place of the empty tables that are shipped. A list without rows leaves
    /// the table as it is: another folder may bring Enterprise Security's own.
    mutating func addEntities(_ entities: EntityTables, rank: Int) {
        for (name, table, path) in [
            ("identity_lookup_expanded.csv", entities.identities, "entities/identities.csv"),
            ("asset_lookup_by_str.csv", entities.assetsByName, "entities/assets.csv"),
            ("asset_lookup_by_cidr.csv", entities.assetsByBlock, "entities/assets.csv"),
        ] where !table.rows.isEmpty {
            addTable(name, LookupFile(collection: table.batch), path: path, rank: rank)
        }
    }
}

extension EntityTable {
    fileprivate var batch: Batch {
        var builders = columns.map { _ in ColumnBuilder() }
        for row in rows {
            for (column, cell) in row.enumerated() { builders[column].append(.list(cell.map { .text($0) })) }
        }
        return Batch(
            rowCount: rows.count, columns: zip(columns, builders).map { (name: $0, column: $1.finish()) })
    }
}
