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

    @Test func theShippedStopValuesHaveNoProblem() throws {
        let folder = Repository.root.appending(path: "risk/entities")
        let tables = tables([
            ("entities/stop_values.csv", try Repository.text(folder.appending(path: "stop_values.csv")))
        ])
        #expect(tables.problems == [])
        #expect(tables.stopValues.all.allSatisfy { !$0.why.isEmpty })
        let expected: [(String, String, StopValue.Kind?)] = [
            ("-", "user", .placeholder), ("-", "other", .placeholder), ("\"\"", "user", .placeholder),
            ("Unknown", "system", .placeholder), ("n/a", "user", .placeholder), ("NULL", "user", .placeholder),
            ("None", "user", .placeholder), ("0.0.0.0", "system", .placeholder), ("::", "system", .placeholder),
            ("system", "user", .perHost), ("NT AUTHORITY\\SYSTEM", "user", .perHost),
            ("nt-autorit\u{E4}t\\system", "user", .perHost), ("Local Service", "user", .perHost),
            ("NT AUTHORITY\\Network Service", "user", .perHost), ("ANONYMOUS LOGON", "user", .perHost),
            ("root", "user", .perHost), ("localhost", "system", .perHost), ("127.5.6.7", "system", .perHost),
            ("::1", "system", .perHost), ("0:0:0:0:0:0:0:1", "system", .perHost),
            ("::ffff:127.0.0.1", "system", .perHost), ("169.254.9.9", "system", .perHost),
            ("fe80::1%eth0", "system", .perHost), ("root", "system", nil), ("rob", "user", nil),
            ("8.8.8.8", "system", nil), ("", "user", nil), ("10.0.0.1", "system", nil), ("unknown1", "user", nil),
        ]
        for (name, type, kind) in expected {
            #expect(tables.stopValues.value(name, type: type)?.kind == kind, "\(name)")
        }
    }

    @Test func aLaterFolderAddsStopValuesAndChangesThem() {
        let tables = tables([
            ("a/stop_values.csv", "value,type,kind,why\nroot,user,per_host,x\nx|y,,placeholder,x\n"),
            ("b/stop_values.csv", "kind,value,type\nplaceholder,ROOT,user\nshared,192.0.2.0/24,system\n"),
        ])
        #expect(tables.problems == [])
        #expect(tables.stopValues.value("root", type: "user")?.kind == .placeholder)
        #expect(tables.stopValues.value("root", type: "user")?.place == EntityPlace(file: "b/stop_values.csv", line: 2))
        #expect(tables.stopValues.value("Y", type: "user")?.values == ["x", "y"])
        #expect(tables.stopValues.value("192.0.2.9", type: "SYSTEM")?.kind == .shared)
        #expect(tables.stopValues.value("192.0.2.9", type: "user") == nil)
        #expect(tables.stopValues.contains("192.0.2.9"))
        #expect(!tables.stopValues.contains("192.0.3.9"))
    }

    @Test func badStopValuesCostOnlyThemselves() {
        let tables = tables([
            (
                "stop_values.csv",
                "value,type,kind,why\n,user,shared,x\na,user,often,x\nb,,,x\nc,,SHARED,x\nd|C,,placeholder,x\n"
            )
        ])
        #expect(tables.problems.map(\.line) == [2, 3, 4, 6])
        #expect(tables.problems.map(\.diagnostic.code) == ["E421", "E421", "E421", "E422"])
        #expect(tables.stopValues.value("c", type: "user")?.kind == .shared)
        #expect(tables.stopValues.value("d", type: "user")?.kind == .placeholder)
    }

    @Test func aRowKnowsItsPlace() {
        let tables = tables([
            ("entities/assets.csv", "ip,dns\n10.0.0.0/8,\n\n10.1.0.0/16,web\n"),
            ("entities/identities.csv", "identity,email\n\"a\nb\",\n,c@x.example\n"),
        ])
        #expect(tables.assetsByBlock.origins.map(\.place.line) == [4, 2])
        #expect(tables.assetsByName.origins.map(\.place) == [EntityPlace(file: "entities/assets.csv", line: 4)])
        #expect(tables.identities.origins.map(\.place.line) == [2, 4])
        // `c` is made of the address.
        #expect(tables.identities.origins.map(\.writtenNameCount) == [1, 1])
        #expect(cell(tables.identities, 1, "identity") == ["c@x.example", "c"])
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
