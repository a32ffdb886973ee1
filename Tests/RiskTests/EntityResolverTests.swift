import Content
import Risk
import SPL
import Testing

@Suite struct EntityResolverTests {
    private let resolver = EntityLists(
        identities: """
            identity,first,email
            rob|robert,Rob,Rob@splunk.com
            ann|CORP\\ann,Ann,
            ,Tom,tom@a.example
            ,Tom,tom@b.example
            kim@corp.example,Kim,
            printer,Person,
            """,
        assets: """
            ip,mac,nt_host,dns
            192.0.2.7|192.0.2.8|2001:db8::7,00:11:22:33:44:55,WEB1,web1.corp.example|www.corp.example
            ,,,db1.corp.example
            ,,APP1,
            ,,,mail.a.example
            ,,,mail.b.example
            10.1.0.0/16,,,
            10.1.2.1-10.1.2.6,,FW1,
            10.1.3.7,,PRINTER|prn1,
            """
    ).resolver

    private func step(_ entity: ResolvedEntity) -> EntityProvenance.Step { entity.provenance.step }

    @Test func everyNameOfARecordIsOneEntity() {
        for name in ["rob", "ROB", "Robert", "rob@SPLUNK.com"] {
            #expect(resolver.user(name).normalizedRiskObject == "rob", "\(name)")
            #expect(step(resolver.user(name)) == .exactName)
        }
        for name in ["192.0.2.8", "00:11:22:33:44:55", "web1", "WWW.corp.example"] {
            #expect(resolver.system(name).normalizedRiskObject == "WEB1", "\(name)")
        }
    }

    /// Golden case 6 of the reference.
    @Test func withoutARecordANameStaysAsWritten() {
        let resolver = EntityLists().resolver
        for name in ["rob", "ROB@x.com", "ROB", " rob", "CORP\\rob", "web1.corp.example", "E\u{301}", "\u{C9}"] {
            let entity = resolver.user(name)
            #expect(Array(entity.normalizedRiskObject.utf8) == Array(name.utf8))
            #expect(step(entity) == .ownName)
            #expect(entity.zone == nil)
        }
    }

    /// ES's own example: with a record all three score as one.
    @Test func theThreeNamesOfRobAreOne() {
        #expect(resolver.user("rob@splunk").normalizedRiskObject == "rob")
        #expect(step(resolver.user("rob@splunk")) == .emailForm)
        #expect(resolver.user("SPLUNK\\Rob").normalizedRiskObject == "rob")
    }

    @Test func domainAndEmailFormsNeedOneRecordThatDoesNotContradict() {
        let expected: [(String, String, EntityProvenance.Step)] = [
            ("CORP\\rob", "rob", .domainForm),
            ("rob@gmail.com", "rob@gmail.com", .otherDomain),
            ("corp\\Ann", "ann", .exactName),
            ("OTHER\\ann", "OTHER\\ann", .otherDomain),
            ("ann@corp", "ann", .emailForm),
            ("ann@corp.example", "ann", .emailForm),
            ("ann@mail.example", "ann", .emailForm),
            ("WEB1\\rob", "WEB1\\rob", .otherDomain),
            ("db1\\rob", "db1\\rob", .otherDomain),
            ("CORP\\kim", "kim@corp.example", .domainForm),
            ("kim", "kim", .ownName),
            ("CORP\\rob@splunk.com", "CORP\\rob@splunk.com", .ownName),
            ("CORP\\X\\rob", "CORP\\X\\rob", .ownName),
            ("\\rob", "\\rob", .ownName), ("rob@", "rob@", .ownName), ("CORP\\", "CORP\\", .ownName),
        ]
        for (object, name, step) in expected {
            let entity = resolver.user(object)
            #expect(entity.normalizedRiskObject == name, "\(object)")
            #expect(self.step(entity) == step, "\(object): \(entity.provenance)")
        }
        // Of no other type is it known that its names have domains.
        #expect(resolver.resolve("CORP\\rob", type: "other", zone: nil, host: nil).normalizedRiskObject == "CORP\\rob")
        #expect(resolver.resolve("robert", type: "other", zone: nil, host: nil).normalizedRiskObject == "rob")
    }

    @Test func whatStandsBeforeTheAtOfTwoAddressesIsNobody() {
        for name in ["tom", "CORP\\tom"] {
            let entity = resolver.user(name)
            #expect(entity.normalizedRiskObject == name)
            #expect(step(entity) == .severalRecords)
            #expect(
                entity.provenance.description
                    .hasSuffix("identities entities/identities.csv:4, entities/identities.csv:5"))
        }
        #expect(resolver.user("TOM@a.example").normalizedRiskObject == "tom@a.example")
        #expect(resolver.user("tom@b").normalizedRiskObject == "tom@b.example")
    }

    @Test func shortAndFullNamesOfHostsNeedOneRecord() {
        let expected: [(String, String, EntityProvenance.Step)] = [
            ("DB1", "db1.corp.example", .fullName),
            ("app1.corp.example", "APP1", .shortName),
            ("app1.x.y", "APP1", .shortName),
            ("web1.other.example", "web1.other.example", .otherDomain),
            ("mail", "mail", .severalRecords),
            ("mail.c.example", "mail.c.example", .severalRecords),
            ("MAIL.b.example", "mail.b.example", .exactName),
            ("app1.corp example", "app1.corp example", .ownName),
            (".app1", ".app1", .ownName),
            ("192.0.9.9", "192.0.9.9", .ownName),
        ]
        for (object, name, step) in expected {
            let entity = resolver.system(object)
            #expect(entity.normalizedRiskObject == name, "\(object)")
            #expect(self.step(entity) == step, "\(object): \(entity.provenance)")
        }
        // A user `app1.corp.example` is a name with dots in it.
        #expect(resolver.user("app1.corp.example").normalizedRiskObject == "app1.corp.example")
    }

    /// An address is an entity of its own; that its network is in the list makes it none of the network.
    @Test func networksMergeNothingAndMachinesDo() {
        #expect(resolver.system("10.1.9.9").normalizedRiskObject == "10.1.9.9")
        #expect(step(resolver.system("10.1.9.9")) == .network)
        #expect(resolver.system("10.1.2.6").normalizedRiskObject == "FW1")
        #expect(step(resolver.system("10.1.2.6")) == .addressBlock)
        #expect(resolver.system("10.1.2.6").provenance.matchedName == "10.1.2.6/32")
        #expect(step(resolver.user("10.1.2.6")) == .ownName)
        #expect(resolver.system("2001:DB8:0:0:0:0:0:7").normalizedRiskObject == "WEB1")
        #expect(step(resolver.system("2001:DB8:0:0:0:0:0:7")) == .address)
        #expect(step(resolver.system("2001:db8::7")) == .exactName)
    }

    /// Splunk asks the identities, then the assets, whatever the type is.
    @Test func identitiesGoBeforeAssetsForEveryType() {
        #expect(resolver.system("printer").provenance.list == .identities)
        #expect(resolver.system("printer").normalizedRiskObject == "printer")
        #expect(resolver.user("prn1").provenance.list == .assets)
        // The asset's first name is the identity's, so that it is named by the next.
        #expect(resolver.system("10.1.3.7").normalizedRiskObject == "prn1")
        #expect(resolver.user("web1").normalizedRiskObject == "WEB1")
    }

    @Test func provenanceNamesListFileLineAndName() {
        #expect(
            resolver.user("ROB@splunk.com").provenance.description
                == "exact-name: 'Rob@splunk.com' of identities entities/identities.csv:2")
        #expect(
            resolver.system("10.1.2.2").provenance.description
                == "address-block: '10.1.2.2/31' of assets entities/assets.csv:8")
        #expect(
            resolver.user("SYSTEM", host: "web1").provenance.description
                == "per-host: 'SYSTEM' of stop_values entities/stop_values.csv:3")
        #expect(resolver.user("nobody here").provenance.description == "own-name")
    }

    @Test func aRecordOfTooManyNamesMergesNothing() {
        let names = (1...201).map { "n\($0)" }.joined(separator: "|")
        let lists = EntityLists(
            identities: "identity,email\n\(names),\nn202|n203,\n",
            assets: "ip,nt_host\n10.0.0.0/24,gateway\n10.0.1.0/25,small\n")
        let resolver = lists.resolver
        for name in ["n1", "N1", "CORP\\n201"] {
            let entity = resolver.user(name)
            #expect(entity.normalizedRiskObject == name)
            #expect(step(entity) == .tooManyNames)
        }
        #expect(resolver.user("n203").normalizedRiskObject == "n202")
        #expect(step(resolver.system("10.0.0.9")) == .tooManyNames)
        #expect(resolver.system("10.0.0.9").normalizedRiskObject == "10.0.0.9")
        #expect(resolver.system("GATEWAY").normalizedRiskObject == "gateway")
        #expect(resolver.system("10.0.1.9").normalizedRiskObject == "small")
        #expect(lists.tables.problems.map(\.diagnostic.code) == ["E424", "E424"])
    }
}
