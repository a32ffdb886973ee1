import Content
import SPL
import Testing

@Suite struct LookupTests {
    private func lookup(_ text: String, file: String = "lookups/t_20240101.yml") throws -> LookupDefinition {
        let catalog = Repository.catalog([(file, text)])
        return try #require(catalog.lookups.first, "\(catalog.problems)")
    }

    @Test func tableWithWildcards() throws {
        let table = try lookup(
            """
            name: t
            filename: t.csv
            match_type: WILDCARD(a), CIDR(b)
            min_matches: 1
            max_matches: 5
            default_match: 'false'
            case_sensitive_match: 'false'
            """)
        #expect(table.store == .csv)
        #expect(table.filename == "t.csv")
        #expect(table.matchTypes == ["WILDCARD(a)", "CIDR(b)"])
        #expect(table.minimumMatches == 1)
        #expect(table.maximumMatches == 5)
        #expect(table.defaultMatch == "false")
        #expect(!table.isCaseSensitive)
    }

    @Test func tableBesideItsDescription() throws {
        let table = try lookup("name: t\nlookup_type: csv\nmatch_type: [WILDCARD(a)]\ndefault_match: unknown")
        #expect(table.filename == "t_20240101.csv")
        #expect(table.isCaseSensitive)
        #expect(table.minimumMatches == 0)
        #expect(table.maximumMatches == nil)
        #expect(try lookup("name: t\ndescription: newest generation").filename == "t_20240101.csv")
    }

    @Test func collection() throws {
        let old = try lookup("name: t\ncollection: c\nfields_list: _key, a,b")
        #expect(old.store == .kvstore)
        #expect(old.collection == "c")
        #expect(old.fields == ["_key", "a", "b"])
        #expect(old.filename == nil)
        let new = try lookup("name: t\nlookup_type: kvstore\nfields: [_key, a]")
        #expect(new.collection == "t")
        #expect(new.fields == ["_key", "a"])
    }

    @Test func modelIsNoTable() throws {
        #expect(try lookup("name: m\nfilename: m.mlmodel").store == .mlmodel)
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "a\\\\b.csv", ".hidden"])
    func filenameMayNotLeadOutOfTheFolder(filename: String) {
        let catalog = Repository.catalog([("lookups/t.yml", "name: t\nfilename: \"\(filename)\"")])
        #expect(catalog.lookups.isEmpty)
        #expect(catalog.problems.map(\.diagnostic.code) == ["E407"])
    }
}
