import Content
import Foundation
import SPL
import Testing

@Suite struct EntityTests {
    private func tables(_ files: [(String, String)]) -> EntityTables {
        var loader = EntityLoader()
        for (file, text) in files { loader.add(file: file, csv: Array(text.utf8)) }
        return loader.tables()
    }

    private func cell(_ table: EntityTable, _ row: Int, _ column: String) -> [String] {
        table.columns.firstIndex(of: column).map { table.rows[row][$0] } ?? []
    }

    @Test func theShippedListsAreEmptyAndHaveNoProblem() throws {
        let folder = Repository.root.appending(path: "risk/entities")
        let files = try ["identities.csv", "assets.csv"].map { name in
            ("entities/" + name, try Repository.text(folder.appending(path: name)))
        }
        let tables = tables(files)
        #expect(tables.isEmpty)
        #expect(tables.problems == [])
    }

    /// The tables that are shipped empty have the columns that lists would give them.
    @Test func theShippedTablesHaveTheColumns() throws {
        let tables = tables([])
        for (name, table) in [
            ("identity_lookup_expanded", tables.identities), ("asset_lookup_by_str", tables.assetsByName),
            ("asset_lookup_by_cidr", tables.assetsByBlock),
        ] {
            let text = try Repository.text(Repository.root.appending(path: "rules/addons/entities/lookups/\(name).csv"))
            #expect(text == table.columns.joined(separator: ",") + "\n", "\(name)")
        }
    }

    @Test func aNameIsOneIdentitys() {
        let tables = tables([
            ("entities/identities.csv", "identity,email\nsmith,\nann,smith@b.example\nbob,ann@c.example\nann|tom,\n")
        ])
        // `smith` and `ann` are written out, so the short forms of the addresses do not take them.
        #expect(
            (0..<4).map { cell(tables.identities, $0, "identity") } == [
                ["smith"], ["ann", "smith@b.example"], ["bob", "ann@c.example"], ["tom"],
            ])
        #expect(tables.problems.map(\.line) == [5])
        #expect(tables.problems.map(\.diagnostic.code) == ["E422"])
    }

    @Test func aKeyDependsOnTheNamesAlone() {
        let one = tables([("entities/identities.csv", "identity,first,priority\na|b,Ann,low\n")])
        let other = tables([("x/entities/identities.csv", "priority,first,identity\nhigh,Ann,a | b\n")])
        #expect(cell(one.identities, 0, "_key") == cell(other.identities, 0, "_key"))
        let third = tables([("entities/identities.csv", "identity,first,priority\na|b,Anna,low\n")])
        #expect(cell(one.identities, 0, "_key") != cell(third.identities, 0, "_key"))
    }

    @Test func columnsOfOnesOwnStay() {
        let tables = tables([
            ("entities/assets.csv", "dns,rack\nweb,7\n"), ("b/entities/assets.csv", "dns,floor\ndb,2\n"),
        ])
        #expect(cell(tables.assetsByName, 0, "floor") == ["2"])
        #expect(cell(tables.assetsByName, 0, "rack") == [])
        #expect(cell(tables.assetsByName, 1, "rack") == ["7"])
    }

    @Test func manyBadRowsAreCountedNotListed() {
        let rows = (0..<5_000).map { _ in ",x\n" }.joined()
        let tables = tables([("entities/identities.csv", "identity,first\n" + rows + "ann,Ann\n")])
        #expect(tables.identities.rows.count == 1)
        #expect(tables.problems.count == 101)
        #expect(tables.problems.contains { $0.diagnostic.message.hasPrefix("4900 more") })
    }

    @Test func smallBlocksComeFirst() {
        let tables = tables([
            ("entities/assets.csv", "ip,owner\n10.0.0.0/8,a\n10.1.0.0-10.1.1.255|2001:db8::/120,b\n10.1.1.0/24,c\n")
        ])
        #expect(
            (0..<tables.assetsByBlock.rows.count).map { cell(tables.assetsByBlock, $0, "asset")[0] } == [
                "2001:db8:0:0:0:0:0:0/120", "10.1.1.0/24", "10.1.0.0/23", "10.0.0.0/8",
            ])
        #expect(tables.assetsByName.rows.isEmpty)
    }
}
