import Columns
import Content
import Risk
import Testing

@Suite struct EntityAttributesTests {
    private let resolver = EntityLists(
        identities: """
            identity,email,priority,bunit,category,watchlist,desk
            rob,rob@x.example,HIGH,sales,contractor|cardholder,yes,D7
            ann,,low,it,,no,
            bob,,,it,admin,,
            """,
        assets: """
            ip,nt_host,dns,priority,owner,category,bunit
            192.0.2.7,WEB1,web1.x.example,critical,,server|dmz,
            192.0.2.0/24,,,medium,net-team,network,dmz
            198.51.100.3,NAT,,low,,,
            """
    ).resolver

    private func attributes(
        _ object: String = "x", _ type: String = "user", _ fields: [String: [String]] = [:]
    ) -> EntityAttributes {
        EntityAttributes(resolver, object: object, type: type, zone: nil) { name in
            .list((fields[name] ?? []).map { .text($0) })
        }
    }

    @Test func usersAreIdentities() {
        let event = attributes("x", "user", ["user": ["ROB"], "src_user": ["CORP\\ann"]])
        #expect(event.texts("user_category") == ["contractor", "cardholder", "pci"])
        #expect(event.texts("user_watchlist") == ["true"])
        #expect(event.texts("user_priority") == ["high"])
        #expect(event.texts("user_desk") == ["D7"])
        #expect(event.texts("user_identity") == ["rob", "rob@x.example"])
        #expect(event.texts("src_user_priority") == ["low"])
        #expect(event.texts("src_user_category") == [])
        #expect(event.texts("dest_priority") == [])
    }

    @Test func systemsAreAssetsAndTheirNetworks() {
        let event = attributes("x", "system", ["dest": ["192.0.2.7"], "src": ["192.0.2.9"], "dvc": ["web1"]])
        #expect(event.texts("dest_priority") == ["critical"])
        #expect(event.texts("dest_owner") == ["net-team"])
        #expect(event.texts("dest_nt_host") == ["WEB1"])
        #expect(event.texts("src_priority") == ["medium"])
        #expect(event.texts("src_category") == ["network"])
        #expect(event.texts("src_nt_host") == [])
        #expect(event.texts("src_ip") == [])
        #expect(event.texts("dvc_priority") == ["critical"])
        // Known by its name only, it is in no network.
        #expect(event.texts("dvc_owner") == [])
    }

    @Test func theRiskObjectIsEither() {
        #expect(attributes("CORP\\rob").texts("risk_object_bunit") == ["sales"])
        #expect(attributes("web1.x.example", "system").texts("risk_object_category") == ["server", "dmz"])
        #expect(attributes("192.0.2.200", "system").texts("risk_object_priority") == ["medium"])
        #expect(attributes("192.0.2.200", "user").texts("risk_object_priority") == [])
        #expect(attributes("nobody").texts("risk_object_priority") == [])
        #expect(attributes("rob@other.example").texts("risk_object_priority") == [])
        #expect(attributes("198.51.100.3", "system").texts("risk_object_priority") == [])
    }

    @Test func whatTheEventSaysStays() {
        let event = attributes("rob", "user", ["user": ["rob"], "user_priority": ["own"], "risk_object_bunit": ["b"]])
        #expect(event.texts("user_priority") == ["own"])
        #expect(event.texts("user_bunit") == ["sales"])
        #expect(event.texts("risk_object_bunit") == ["b"])
        #expect(event.texts("user") == ["rob"])
    }

    @Test func severalValuesGiveEachOnce() {
        let event = attributes("x", "user", ["user": ["ann", "rob", "bob", "-"]])
        #expect(event.texts("user_bunit") == ["it", "sales"])
        #expect(event.texts("user_category") == ["contractor", "cardholder", "pci", "admin"])
    }

    @Test func riskFactorsReadThem() throws {
        var loader = ContentLoader()
        loader.add(
            file: "risk/factors/admin.yml",
            text: """
                name: Admin User
                id: f4c955a7-3003-457c-adbc-6240abb942ef
                version: 1
                creation_date: '2026-11-27'
                modification_date: '2026-11-27'
                author: Accrue
                description: Whoever has administrative rights.
                enabled: true
                operation: multiplication
                value: 1.5
                conditions:
                    - field: user_category
                      operator: regex
                      value: admin
                """)
        let factors = try RiskFactorSet(loader.catalog().riskFactors)
        #expect(factors.calculated(20, factors.evaluate(attributes("x", "user", ["user": ["BOB"]]).value)) == 30)
        #expect(factors.calculated(20, factors.evaluate(attributes("x", "user", ["user": ["rob"]]).value)) == 20)
    }

    @Test func otherFieldsAreNone() {
        let event = attributes("rob", "user", ["user": ["rob"], "users": ["rob"]])
        for field in ["", "user_", "user_nothing", "users_priority", "priority", "host_priority", "_user_priority"] {
            #expect(event.texts(field) == [], "\(field)")
        }
    }

    @Test func aZoneIsHeldTo() {
        let resolver = EntityLists(
            assets: "nt_host,priority,cim_entity_zone\nweb1,high,a\nweb1,low,b\n"
        ).resolver
        for (zone, priority) in [("A", ["high"]), ("b", ["low"]), ("c", []), (nil, [])] as [(String?, [String])] {
            let event = EntityAttributes(resolver, object: "WEB1", type: "system", zone: zone) { _ in .text("web1") }
            #expect(event.texts("risk_object_priority") == ["web1"])
            let other = EntityAttributes(resolver, object: "WEB1", type: "system", zone: zone) {
                $0 == "dest" ? .text("web1") : .null
            }
            #expect(other.texts("risk_object_priority") == priority)
            #expect(other.texts("dest_priority") == priority)
        }
    }
}

extension EntityAttributes {
    fileprivate func texts(_ field: String) -> [String] { value(field).elements.compactMap { $0.printed?.string } }
}
