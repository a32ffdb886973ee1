import Content
import Risk
import Testing

@Suite struct EntityVersionTests {
    private let lists = EntityLists(
        identities: "identity,priority\nrob|bob,low\nann,\n", assets: "ip,nt_host\n10.0.0.0/8,\n10.0.0.1,web1\n")

    @Test func aVersionIsThatOfTheLists() {
        let version = lists.resolver.version
        #expect(version.count == 64)
        #expect(version == lists.resolver.version)
        var loader = EntityLoader()
        for (name, text) in [
            ("elsewhere/entities/stop_values.csv", lists.stopValues), ("x/entities/assets.csv", lists.assets),
            ("y/entities/identities.csv", lists.identities),
        ] {
            loader.add(file: name, csv: Array(text.utf8))
        }
        let tables = loader.tables()
        #expect(EntityResolver(tables, stopValues: tables.stopValues).version == version)
    }

    @Test func everyChangeIsAnotherVersion() {
        var versions = [lists.resolver.version, EntityLists(stopValues: "").resolver.version]
        let changes: [(inout EntityLists) -> Void] = [
            { $0.identities += "kim,\n" }, { $0.identities = "identity,priority\nrob,low\nbob,\nann,\n" },
            { $0.identities = "identity,priority\nrob|bob,high\nann,\n" }, { $0.assets += ",web2\n" },
            { $0.assets = "ip,nt_host\n10.0.0.0/9,\n10.0.0.1,web1\n" }, { $0.stopValues += "\nnobody,,placeholder," },
            { $0.stopValues = $0.stopValues.replacingRoot }, { $0.identities = "" }, { $0.assets = "" },
            { $0.identities = "identity,priority,cim_entity_zone\nrob|bob,low,a\nann,,\n" },
        ]
        for change in changes {
            var changed = lists
            change(&changed)
            versions.append(changed.resolver.version)
        }
        #expect(Set(versions).count == versions.count)
    }
}

extension String {
    fileprivate var replacingRoot: String {
        split(separator: "\n").map { $0.hasPrefix("root,") ? "root,user,placeholder," : String($0) }
            .joined(separator: "\n")
    }
}
