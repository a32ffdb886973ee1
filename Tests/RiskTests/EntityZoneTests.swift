import Content
import Risk
import SPL
import Testing

@Suite struct EntityZoneTests {
    private let lists = EntityLists(
        identities: """
            identity,email,cim_entity_zone
            rob,rob@x.example,
            ann|ann2,,emea
            ann|ann3,,apac
            """,
        assets: """
            ip,nt_host,cim_entity_zone
            10.0.0.5,web1,emea
            10.0.0.5,web1|www,APAC
            10.0.0.5,core,
            10.2.0.0/30,edge1,emea
            10.2.0.0/30,edge2,apac
            """)

    @Test func aRecordIsSeenInItsZoneOnly() {
        let resolver = lists.resolver
        for (zone, name) in [("emea", "web1 [zone emea]"), (" Apac ", "web1 [zone apac]")] {
            #expect(resolver.system("10.0.0.5", zone: zone).normalizedRiskObject == name)
            #expect(resolver.system("WEB1", zone: zone).normalizedRiskObject == name)
        }
        #expect(resolver.system("10.0.0.5").normalizedRiskObject == "core")
        #expect(resolver.system("10.0.0.5", zone: "mars").normalizedRiskObject == "core")
        #expect(resolver.system("web1").normalizedRiskObject == "web1")
        #expect(resolver.system("web1").provenance.step == .ownName)
        #expect(resolver.system("web1", zone: "mars").normalizedRiskObject == "web1 [zone mars]")
        #expect(resolver.system("www", zone: "emea").provenance.step == .ownName)
        #expect(resolver.system("10.2.0.1", zone: "apac").normalizedRiskObject == "edge2 [zone apac]")
        #expect(resolver.system("10.2.0.1", zone: "emea").normalizedRiskObject == "edge1 [zone emea]")
        #expect(resolver.system("10.2.0.1").provenance.step == .ownName)
        #expect(resolver.user("CORP\\ann3", zone: "apac").normalizedRiskObject == "ann [zone apac]")
        #expect(resolver.user("ann2", zone: "emea").normalizedRiskObject == "ann [zone emea]")
    }

    /// A record without a zone is the same entity from everywhere.
    @Test func aRecordWithoutAZoneIsEverywhere() {
        let resolver = lists.resolver
        for zone in [nil, "emea", "mars"] {
            #expect(resolver.user("ROB@x.example", zone: zone).normalizedRiskObject == "rob")
            #expect(resolver.user("ROB@x.example", zone: zone).zone == nil)
        }
    }

    @Test func equalNamesOfTwoZonesAreTwoEntities() {
        let resolver = EntityLists().resolver
        let zones = [nil, "a", "b", "a] [zone b", "a%5D [zone b", "b [zone a]"]
        let names = zones.map { resolver.user("eve", zone: $0).normalizedRiskObject }
        #expect(Set(names).count == zones.count, "\(names)")
        #expect(names[0] == "eve")
        #expect(resolver.user("eve", zone: "").normalizedRiskObject == "eve")
        #expect(resolver.user("eve", zone: "A").normalizedRiskObject == names[1])
    }

    /// In lookups, which know no zones, a name stays the first record's.
    @Test func lookupsGiveANameToOneRecord() {
        let tables = lists.tables
        #expect(tables.assetsByName.rows.count == 5)
        #expect(tables.identities.rows.count == 3)
        #expect(tables.assetsByBlock.rows.count == 1)
        let keys = tables.identities.rows.map { row in
            tables.identities.columns.firstIndex(of: "identity").map { row[$0] } ?? []
        }
        #expect(keys == [["rob", "rob@x.example"], ["ann", "ann2"], ["ann3"]])
        #expect(tables.problems.allSatisfy { $0.diagnostic.severity == .note && $0.diagnostic.code == "E422" })
        #expect(tables.problems.map(\.line).sorted() == [3, 3, 4, 4, 6])
    }
}
