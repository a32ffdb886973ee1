import Content
import Risk
import SPL
import Testing

@Suite struct StopValueTests {
    private let resolver = EntityLists(
        identities: "identity,email\nSYSTEM|svc,\nrob,root@x.example\n",
        assets: """
            ip,nt_host,dns,cim_entity_zone
            198.51.100.3|192.0.2.1,WEB1,web1.corp.example,
            127.0.0.1,LOOP,,
            192.0.2.9,EU1,,emea
            """
    ).resolver

    @Test func placeholdersNameNobody() {
        for name in ["-", "UNKNOWN", "n/a", "", "  ", "\t\n", "\u{200B}\u{202E}", "\u{A0}"] {
            #expect(resolver.user(name).isNobody, "'\(name)'")
            #expect(resolver.system(name, zone: "emea").isNobody, "'\(name)'")
        }
        #expect(!resolver.user("unknown person").isNobody)
    }

    @Test func aNameOfEveryHostIsThatOfOne() {
        for name in ["SYSTEM", "system", "nt authority\\system", "s-1-5-18"] {
            let entity = resolver.user(name, host: "web1.corp.example")
            #expect(entity.normalizedRiskObject == "SYSTEM [on WEB1]", "\(name)")
            #expect(entity.provenance.step == .perHost)
            #expect(entity.dependsOnHost)
        }
        #expect(resolver.user("SYSTEM", host: "192.0.2.1").normalizedRiskObject == "SYSTEM [on WEB1]")
        #expect(resolver.user("root", host: "New.Host").normalizedRiskObject == "root [on new.host]")
        #expect(resolver.system("127.1.2.3").normalizedRiskObject == "localhost")
        #expect(
            resolver.resolve("127.1.2.3", type: "system", zone: nil, host: "WEB1").normalizedRiskObject
                == "localhost [on WEB1]")
        // The row names no common name for the addresses of the block.
        #expect(
            resolver.resolve("169.254.1.2", type: "system", zone: nil, host: "WEB1").normalizedRiskObject
                == "169.254.1.2 [on WEB1]")
    }

    @Test func aHostThatIsUnknownTellsNothing() {
        for host in [nil, "", "-", "127.0.0.1", "localhost"] {
            let entity = resolver.user("NT AUTHORITY\\System", host: host)
            #expect(entity.normalizedRiskObject == "SYSTEM")
            #expect(entity.provenance.step == .unknownHost)
            #expect(!entity.dependsOnHost)
        }
    }

    @Test func aTypeIsHeldTo() {
        #expect(resolver.system("root").provenance.step == .ownName)
        #expect(resolver.user("198.51.100.3").normalizedRiskObject == "198.51.100.3")
    }

    /// NAT: the address is in a record, and yet not the machine's.
    @Test func aSharedAddressMergesNothing() {
        let entity = resolver.system("198.51.100.3")
        #expect(entity.normalizedRiskObject == "198.51.100.3")
        #expect(entity.provenance.step == .sharedValue)
        #expect(!entity.isNobody)
    }

    @Test func aStopValueIsNoRecordsName() {
        #expect(resolver.user("svc").normalizedRiskObject == "svc")
        #expect(resolver.user("CORP\\root").normalizedRiskObject == "CORP\\root")
        #expect(resolver.user("CORP\\root").provenance.step == .ownName)
        #expect(resolver.system("loop").normalizedRiskObject == "LOOP")
        let problems = EntityLists(identities: "identity\nSYSTEM|svc\na [on b]|c\n").tables.problems
        #expect(problems.map(\.diagnostic.code) == ["E423", "E423"])
        #expect(problems.map(\.line) == [2, 3])
        #expect(problems.allSatisfy { $0.diagnostic.severity == .warning })
    }

    @Test func aHostOfAZoneGivesItsZone() {
        #expect(resolver.user("root", zone: "EMEA", host: "eu1").normalizedRiskObject == "root [on EU1] [zone emea]")
        #expect(resolver.user("root", zone: "EMEA", host: "web1").normalizedRiskObject == "root [on WEB1]")
        #expect(resolver.user("root", zone: "EMEA", host: "x").normalizedRiskObject == "root [on x] [zone emea]")
        #expect(resolver.user("root", zone: "EMEA", host: nil).normalizedRiskObject == "root [zone emea]")
        #expect(resolver.user("root", host: "eu1").normalizedRiskObject == "root [on eu1]")
    }
}
