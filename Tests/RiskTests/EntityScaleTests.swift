import Content
import Foundation
import Risk
import Testing

/// Many records, each found by each of its names. `ACCRUE_ENTITIES=1000000` tries as many, and prints how long it took.
@Suite struct EntityScaleTests {
    private static let wanted = ProcessInfo.processInfo.environment["ACCRUE_ENTITIES"].flatMap { Int($0) }

    @Test func manyRecordsAreFound() {
        let count = max(1, (Self.wanted ?? 4_000) / 2)
        func address(_ index: Int) -> String { "10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)" }
        let clock = ContinuousClock()
        let lists = EntityLists(
            identities: "identity,email,priority\n"
                + (0..<count).map { "user\($0)|EU\\user\($0),user\($0)@x.example,low\n" }.joined(),
            assets: "ip,nt_host,dns\n"
                + (0..<count).map { "\(address($0))/32,host\($0),host\($0).x.example\n" }.joined())
        var loader = EntityLoader()
        let files = [
            ("entities/identities.csv", lists.identities), ("entities/assets.csv", lists.assets),
            ("entities/stop_values.csv", lists.stopValues),
        ].map { ($0, Array($1.utf8)) }
        var resolver = EntityLists().resolver
        let reading = clock.measure {
            for (name, bytes) in files { loader.add(file: name, csv: bytes) }
        }
        var tables = EntityLists().tables
        let gathering = clock.measure { tables = loader.tables() }
        let indexing = clock.measure { resolver = EntityResolver(tables, stopValues: tables.stopValues) }
        var found = 0
        let step = max(1, count / 5_000)
        let resolving = clock.measure {
            for index in stride(from: 0, to: count, by: step) {
                let user = "user\(index)"
                let host = "host\(index)"
                for name in [user, "EU\\\(user)", "US\\\(user)", "\(user)@x.example", "\(user)@x"] {
                    if resolver.user(name).normalizedRiskObject == user { found += 1 }
                }
                for name in [host, "\(host).x.example", address(index), "HOST\(index)"] {
                    if resolver.system(name).normalizedRiskObject == host { found += 1 }
                }
                if resolver.user("nobody\(index)").provenance.step == .ownName { found += 1 }
            }
        }
        let tried = stride(from: 0, to: count, by: step).reduce(into: 0) { total, _ in total += 1 } * 10
        // `US\user1` contradicts `EU\user1`.
        #expect(found == tried / 10 * 9)
        if Self.wanted != nil {
            print(
                "\(2 * count) records: read in \(reading), gathered in \(gathering), indexed in \(indexing);",
                "\(tried) names in \(resolving)")
        }
    }
}
