import Content
import Risk
import SPL
import Testing

/// What holds for all lists: tried with lists made at random, of few names, so that they meet in every way.
@Suite struct EntityResolverLawTests {
    private struct Random {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
        }
        mutating func pick(_ texts: [String]) -> String { texts[next(texts.count)] }
        mutating func shuffled(_ texts: [String]) -> [String] {
            var rest = texts
            return texts.map { _ in rest.remove(at: next(rest.count)) }
        }
    }

    private static let users = [
        "rob", "ROB", "ann", "Rob@x.example", "rob@y.example", "CORP\\rob", "CORP\\ann", "x\\rob", "web1", "root",
        "SYSTEM", "-", "E\u{301}", "\u{C9}", "\u{E9}", "\u{130}", "i", "rob [zone a]", "SYSTEM [on web1]", "[on x]",
        "a'; DROP TABLE risk_event; --", "a\u{202E}b", "ann@x", "@", "\\", "rob@", "%5D",
    ]
    private static let hosts = [
        "web1", "WEB1", "web1.x.example", "web1.y.example", "db1", "db1.x.example", "rob", "localhost",
        "web1 [zone a]", "host-9", "web1.", "a..b",
    ]
    private static let addresses = [
        "10.0.0.1", "10.0.0.2", "10.0.0.0/30", "10.0.0.0/24", "10.0.0.1-10.0.0.9", "127.0.0.1", "198.51.100.3",
        "2001:db8::1", "2001:db8:0::1", "2001:db8::/126", "::ffff:10.0.0.1",
    ]
    private static let zones = ["", "", "", "a", "B", "b", "a] [zone b"]
    private static let types = ["user", "system", "other", "USER"]

    private func cell(_ values: [String]) -> String {
        "\"" + values.joined(separator: "|").replacingQuotes + "\""
    }

    /// Lists in which names meet.
    private func lists(_ random: inout Random, zoned: Bool) -> EntityLists {
        func some(_ texts: [String], upTo count: Int) -> [String] {
            (0..<random.next(count + 1)).map { _ in random.pick(texts) }
        }
        var lists = EntityLists(
            identities: "identity,email,downLevelDomainName,cim_entity_zone\n",
            assets: "nt_host,dns,ip,cim_entity_zone\n")
        for _ in 0..<random.next(6) {
            let email = random.next(3) == 0 ? random.pick(["rob@x.example", "ann@x.example", "rob@z.example"]) : ""
            lists.identities +=
                [
                    cell(some(Self.users, upTo: 3)), email, random.pick(["", "", "CORP", "CORP\\rob"]),
                    zoned ? random.pick(Self.zones) : "",
                ].joined(separator: ",") + "\n"
        }
        if random.next(4) == 0 {
            lists.identities += "\((0...200).map { "n\($0)" }.joined(separator: "|"))|rob,,,\n"
        }
        for _ in 0..<random.next(6) {
            lists.assets +=
                [
                    cell(some(Self.hosts, upTo: 2)), cell(some(Self.hosts + Self.users, upTo: 1)),
                    cell(some(Self.addresses, upTo: 2)), zoned ? random.pick(Self.zones) : "",
                ].joined(separator: ",") + "\n"
        }
        return lists
    }

    private static let objects = users + hosts + addresses.filter { !$0.contains("/") } + ["10.0.0.3", "10.0.0.7"]

    /// Every object with every type, in and without a zone.
    private func resolveAll(
        _ resolver: EntityResolver, _ body: (_ object: String, _ type: String, _ zone: String?, ResolvedEntity) -> Void
    ) {
        for object in Self.objects {
            for type in Self.types {
                for zone in [nil, "a", "b", "c"] {
                    for host in [nil, "web1"] {
                        body(object, type, zone, resolver.resolve(object, type: type, zone: zone, host: host))
                    }
                }
            }
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func resolvingAgainChangesNothing(seed: UInt64) {
        var random = Random(state: seed)
        let resolver = lists(&random, zoned: seed % 3 != 0).resolver
        resolveAll(resolver) { object, type, zone, entity in
            for host in [nil, "web1", "elsewhere"] {
                let again = resolver.resolve(
                    entity.normalizedRiskObject, type: type, zone: entity.zone, host: host)
                // Without a host SYSTEM is of no host yet; with one it is.
                if entity.provenance.step == .unknownHost, host != nil { continue }
                let isSame =
                    again.normalizedRiskObject.utf8.elementsEqual(entity.normalizedRiskObject.utf8)
                    && again.zone == entity.zone && again.isNobody == entity.isNobody
                if !isSame {
                    Issue.record("\(object) (\(type), \(zone ?? "no zone")): \(entity) then \(again)")
                }
            }
        }
    }

    /// Else the laws below would hold for want of cases.
    @Test func theListsLeadToEveryStep() {
        var steps: Set<EntityProvenance.Step> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var random = Random(state: seed)
            resolveAll(lists(&random, zoned: seed % 3 != 0).resolver) { _, _, _, entity in
                steps.insert(entity.provenance.step)
            }
        }
        #expect(steps == Set(EntityProvenance.Step.allCases))
    }

    /// A record is known by its place; what goes to it has one name, and this no other record has.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func aRecordHasOneNameAndANameOneRecord(seed: UInt64) {
        var random = Random(state: seed &* 7919)
        let resolver = lists(&random, zoned: seed % 3 != 0).resolver
        var nameOfRecord: [EntityPlace: String] = [:]
        var recordOfName: [[UInt8]: EntityPlace] = [:]
        resolveAll(resolver) { object, _, _, entity in
            guard entity.provenance.step.isMerged, let place = entity.provenance.places.first else { return }
            let name = nameOfRecord[place, default: entity.normalizedRiskObject]
            nameOfRecord[place] = name
            if name != entity.normalizedRiskObject { Issue.record("\(place): \(name) and \(entity)") }
            let key = Array(entity.normalizedRiskObject.utf8)
            if recordOfName[key, default: place] != place { Issue.record("\(object): \(entity)") }
            recordOfName[key] = place
        }
        // What goes to no record has no record's name.
        resolveAll(resolver) { object, _, _, entity in
            guard !entity.provenance.step.isMerged, !EntityName.isCompound(object) else { return }
            if recordOfName[Array(entity.normalizedRiskObject.utf8)] != nil { Issue.record("\(object): \(entity)") }
        }
    }

    /// With each name in one row, the rows may come in any order.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func theOrderOfRowsDoesNotMatter(seed: UInt64) {
        var random = Random(state: seed &* 104_729)
        var lists = EntityLists()
        var names = random.shuffled(Self.users.filter { $0 != "ROB" && $0 != "\u{E9}" && $0 != "\u{C9}" && $0 != "i" })
        var hosts = random.shuffled(["web1", "web1.x.example", "web1.y.example", "db1.x.example", "host-9"])
        var identities: [String] = []
        while names.count > 2 {
            identities.append(cell((0..<1 + random.next(2)).map { _ in names.removeLast() }))
        }
        var assets: [String] = []
        for address in ["10.0.0.1", "10.0.0.2-10.0.0.7", "10.0.0.0/24", "2001:db8::1"] {
            assets.append("\(address),\(hosts.popLast() ?? "")")
        }
        func resolver(_ identities: [String], _ assets: [String]) -> EntityResolver {
            lists.identities = (["identity"] + identities).joined(separator: "\n")
            lists.assets = (["ip,nt_host"] + assets).joined(separator: "\n")
            return lists.resolver
        }
        let one = resolver(identities, assets)
        let other = resolver(random.shuffled(identities), random.shuffled(assets))
        resolveAll(one) { object, type, zone, entity in
            let second = other.resolve(object, type: type, zone: zone, host: nil)
            let first = one.resolve(object, type: type, zone: zone, host: nil)
            #expect(first.normalizedRiskObject == second.normalizedRiskObject, "\(object)")
            #expect(first.provenance.step == second.provenance.step, "\(object)")
        }
    }

    /// Lists without zones give what lists with an empty column give.
    @Test func withoutZonesNothingChanges() {
        var random = Random(state: 5)
        for _ in 0..<20 {
            let lists = lists(&random, zoned: false)
            let resolver = lists.resolver
            for object in Self.objects {
                let entity = resolver.resolve(object, type: "user", zone: nil, host: nil)
                #expect(entity.zone == nil)
                #expect(resolver.resolve(object, type: "user", zone: " ", host: nil) == entity)
            }
            #expect(lists.tables.problems.allSatisfy { $0.diagnostic.severity != .note })
        }
    }

    /// One line that a terminal obeys nothing of, whatever the names hold.
    @Test func provenanceIsShortAndHarmless() {
        let name = "a\u{1B}[31m\u{202E}\u{2028}\u{7}" + String(repeating: "x", count: 10_000)
        let lists = EntityLists(identities: "identity,email\n\"\(name)\n|b\",\n")
        #expect(lists.resolver.user(name).provenance.step == .ownName)
        let entity = lists.resolver.user(name + "\n")
        #expect(entity.provenance.step == .exactName)
        #expect(entity.normalizedRiskObject == name + "\n")
        let text = entity.provenance.description
        #expect(text.utf8.count < 600)
        #expect(
            text.unicodeScalars.allSatisfy {
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            })
    }
}

extension String {
    fileprivate var replacingQuotes: String {
        split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    }
}
