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
        EntityAttributes(resolver, object: object, type: type, zone: nil) { fields[$0] ?? [] }
    }

    @Test func usersAreIdentities() {
        let event = attributes("x", "user", ["user": ["ROB"], "src_user": ["CORP\\ann"]])
        #expect(event.value("user_category") == ["contractor", "cardholder", "pci"])
        #expect(event.value("user_watchlist") == ["true"])
        #expect(event.value("user_priority") == ["high"])
        #expect(event.value("user_desk") == ["D7"])
        #expect(event.value("user_identity") == ["rob", "rob@x.example"])
        #expect(event.value("src_user_priority") == ["low"])
        #expect(event.value("src_user_category") == [])
        #expect(event.value("dest_priority") == [])
    }

    @Test func systemsAreAssetsAndTheirNetworks() {
        let event = attributes("x", "system", ["dest": ["192.0.2.7"], "src": ["192.0.2.9"], "dvc": ["web1"]])
        #expect(event.value("dest_priority") == ["critical"])
        #expect(event.value("dest_owner") == ["net-team"])
        #expect(event.value("dest_nt_host") == ["WEB1"])
        #expect(event.value("src_priority") == ["medium"])
        #expect(event.value("src_category") == ["network"])
        #expect(event.value("src_nt_host") == [])
        #expect(event.value("src_ip") == [])
        #expect(event.value("dvc_priority") == ["critical"])
        // Known by its name only, it is in no network.
        #expect(event.value("dvc_owner") == [])
    }

    @Test func theRiskObjectIsEither() {
        #expect(attributes("CORP\\rob").value("risk_object_bunit") == ["sales"])
        #expect(attributes("web1.x.example", "system").value("risk_object_category") == ["server", "dmz"])
        #expect(attributes("192.0.2.200", "system").value("risk_object_priority") == ["medium"])
        #expect(attributes("192.0.2.200", "user").value("risk_object_priority") == [])
        #expect(attributes("nobody").value("risk_object_priority") == [])
        #expect(attributes("rob@other.example").value("risk_object_priority") == [])
        #expect(attributes("198.51.100.3", "system").value("risk_object_priority") == [])
    }

    @Test func whatTheEventSaysStays() {
        let event = attributes("rob", "user", ["user": ["rob"], "user_priority": ["own"], "risk_object_bunit": ["b"]])
        #expect(event.value("user_priority") == ["own"])
        #expect(event.value("user_bunit") == ["sales"])
        #expect(event.value("risk_object_bunit") == ["b"])
        #expect(event.value("user") == ["rob"])
    }

    @Test func severalValuesGiveEachOnce() {
        let event = attributes("x", "user", ["user": ["ann", "rob", "bob", "-"]])
        #expect(event.value("user_bunit") == ["it", "sales"])
        #expect(event.value("user_category") == ["contractor", "cardholder", "pci", "admin"])
    }

    @Test func otherFieldsAreNone() {
        let event = attributes("rob", "user", ["user": ["rob"], "users": ["rob"]])
        for field in ["", "user_", "user_nothing", "users_priority", "priority", "host_priority", "_user_priority"] {
            #expect(event.value(field) == [], "\(field)")
        }
    }

    @Test func aZoneIsHeldTo() {
        let resolver = EntityLists(
            assets: "nt_host,priority,cim_entity_zone\nweb1,high,a\nweb1,low,b\n"
        ).resolver
        for (zone, priority) in [("A", ["high"]), ("b", ["low"]), ("c", []), (nil, [])] as [(String?, [String])] {
            let event = EntityAttributes(resolver, object: "WEB1", type: "system", zone: zone) { _ in ["web1"] }
            #expect(event.value("risk_object_priority") == ["web1"])
            let other = EntityAttributes(resolver, object: "WEB1", type: "system", zone: zone) {
                $0 == "dest" ? ["web1"] : []
            }
            #expect(other.value("risk_object_priority") == priority)
            #expect(other.value("dest_priority") == priority)
        }
    }
}
