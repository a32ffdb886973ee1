import Content
import Risk

/// Lists as a content folder has them, made for a test.
struct EntityLists {
    var identities = ""
    var assets = ""
    var stopValues = """
        value,type,kind,why
        -|unknown|N/A,,placeholder,
        SYSTEM|NT AUTHORITY\\SYSTEM|S-1-5-18,user,per_host,
        root,user,per_host,
        localhost|127.0.0.0/8|::1,,per_host,
        169.254.0.0/16,,per_host,
        198.51.100.0/28,system,shared,
        """

    var tables: EntityTables {
        var loader = EntityLoader()
        for (name, text) in [("identities", identities), ("assets", assets), ("stop_values", stopValues)]
        where !text.isEmpty {
            loader.add(file: "entities/\(name).csv", csv: Array(text.utf8))
        }
        return loader.tables()
    }

    var resolver: EntityResolver {
        let tables = tables
        return EntityResolver(tables, stopValues: tables.stopValues)
    }
}

extension EntityResolver {
    func user(_ name: String, zone: String? = nil, host: String? = nil) -> ResolvedEntity {
        resolve(name, type: "user", zone: zone, host: host)
    }

    func system(_ name: String, zone: String? = nil) -> ResolvedEntity {
        resolve(name, type: "system", zone: zone, host: nil)
    }
}
