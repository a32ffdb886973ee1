import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "JSON functions". Text that is no JSON gives null.

extension EvalFunction {
    static let jsonExtract = EvalFunction(
        "json_extract", arity: 1...Int.max, group: .json,
        summary: """
            What lies at a path of a JSON document, as a field has it; for a path with {}, and for several paths, a \
            JSON array.
            """,
        examples: [
            #"json_extract(json_object("user", json_object("name", "bob")), "user.name")"#: "bob",
            #"json_extract("{\"c\":[{\"n\":\"London\",\"l\":801},{\"n\":\"Venice\"}]}", "c{0}.l")"#: "801",
            #"json_extract("[{\"n\":\"London\"},{\"n\":\"Venice\"}]", "{}.n")"#: #"["London","Venice"]"#,
            #"json_extract("{\"a\":1,\"b\":[true,null]}", "a", "b", "c")"#: "[1,[true,null],null]",
            #"if(json_extract("{\"ok\":true}", "ok"), "yes", "no")"#: "yes", #"json_extract("\"x\"")"#: "x",
            #"json_extract("{\"a.b\":1}", "a.b")"#: "null", #"json_extract("no json", "a")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let document = try arguments.json(0) else { return .null }
        guard arguments.count > 1 else { return document.native }
        var found: [JSONValue?] = []
        for index in 1..<arguments.count {
            guard let path = try arguments.path(index) else {
                found.append(nil)
                continue
            }
            let values = path.values(in: document)
            if path.isPlural, path.steps != [.allElements] || document.isArray {
                found.append(values.isEmpty ? nil : .array(values))
            } else {
                found.append(values.first)
            }
        }
        if found.count == 1 { return found[0]?.native ?? .null }
        return try JSONValue.array(found.map { $0 ?? .null }).field(of: "json_extract")
    }

    static let jsonExtractExact = EvalFunction(
        "json_extract_exact", arity: 1...Int.max, group: .json,
        summary: "The value of a name in a JSON object, dots and all; for several names a JSON array of them.",
        examples: [
            #"json_extract_exact("{\"system.splunk.path\":\"/opt/splunk/\"}", "system.splunk.path")"#: "/opt/splunk/",
            #"json_extract_exact("{\"a\":1,\"b\":\"x\"}", "a", "b")"#: #"[1,"x"]"#,
            #"json_extract_exact("{\"a\":{\"b\":1}}", "a.b")"#: "null", #"json_extract_exact("[1,2]")"#: "[1,2]",
        ]
    ) { arguments throws(SearchError) in
        guard let document = try arguments.json(0) else { return .null }
        guard arguments.count > 1 else { return document.native }
        var found: [JSONValue?] = []
        for index in 1..<arguments.count { found.append(try arguments.text(index).flatMap { document[$0] }) }
        if found.count == 1 { return found[0]?.native ?? .null }
        return try JSONValue.array(found.map { $0 ?? .null }).field(of: "json_extract_exact")
    }

    static let jsonArrayToMV = EvalFunction(
        "json_array_to_mv", arity: 1...2, group: .json,
        summary: "The elements of a JSON array as the values of a field; with true() strings keep their quotes.",
        examples: [
            #"mvjoin(json_array_to_mv(json_array("Buttercup", "Rarity")), ", ")"#: "Buttercup, Rarity",
            #"mvjoin(json_array_to_mv(json_array("Buttercup", 1), true()), ", ")"#: #""Buttercup", 1"#,
            #"json_array_to_mv("{}")"#: "null", #"json_array_to_mv("[]")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        let document = try arguments.json(0)
        let keepsQuotes = arguments.count > 1 ? try arguments.value(1) == .boolean(true) : false
        return try values(of: document, keepsQuotes: keepsQuotes, function: "json_array_to_mv")
    }

    static let jsonEntries = EvalFunction(
        "json_entries", arity: 1...1, group: .json,
        summary: "The members of a JSON object as a JSON array of objects with key and value.",
        examples: [
            #"json_entries("{\"a\": 1, \"b\": 2}")"#: #"[{"key":"a","value":1},{"key":"b","value":2}]"#,
            #"json_entries("[1]")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard case .object(let members)? = try arguments.json(0) else { return .null }
        return try JSONValue.array(
            members.map {
                .object([
                    JSONValue.Member(key: "key", value: .string($0.key)),
                    JSONValue.Member(key: "value", value: $0.value),
                ])
            }
        ).field(of: "json_entries")
    }

    static let jsonHasKeyExact = EvalFunction(
        "json_has_key_exact", arity: 2...2, group: .json,
        summary: "Whether a JSON object has a member of that name, dots and all.",
        examples: [
            #"if(json_has_key_exact(json_object("name", "charlie"), "name"), "has key", "has not")"#: "has key",
            #"if(json_has_key_exact("{\"charlie.garcia\":10}", "charlie.garcia"), 1, 0)"#: "1",
            #"tostring(json_has_key_exact("{\"a\":{\"b\":1}}", "b"))"#: "False",
            #"tostring(json_has_key_exact("text", "b"))"#: "False",
            #"tostring(json_has_key_exact(nosuch, "b"))"#: "null",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard !value.isNull, let key = try arguments.text(1) else { return .null }
        return .boolean(value.json?[key] != nil)
    }

    static let jsonKeys = EvalFunction(
        "json_keys", arity: 1...1, group: .json, summary: "The names of a JSON object's members, as a JSON array.",
        examples: [
            #"json_keys("{\"name\": \"Clifton Suspension Bridge\", \"length\": 1352}")"#: #"["name","length"]"#,
            "json_keys(json_object())": "[]", #"json_keys("[1]")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard case .object(let members)? = try arguments.json(0) else { return .null }
        return try JSONValue.array(members.map { .string($0.key) }).field(of: "json_keys")
    }

    static let spath = EvalFunction(
        "spath", arity: 2...2, group: .text,
        summary:
            "What lies at a path of a JSON or XML text, one value for each place; objects and arrays as they stand.",
        examples: [
            #"spath("{\"user\": {\"name\": \"bob\", \"id\": 7}}", "user.name")"#: "bob",
            #"mvjoin(spath("{\"tags\": [\"a\", \"b\"]}", "tags{}"), ",")"#: "a,b",
            #"spath("{\"a.b\": 1, \"a\": {\"b\": 2}}", "a.b")"#: "1",
            #"spath("{\"tags\": [\"a\"]}", "tags")"#: #"["a"]"#,
            #"spath("<a><b c='1'>x</b></a>", "a.b{@c}")"#: "1",
            #"spath("no json", "a")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let name = try arguments.text(1), let path = try? DataPath(name.string) else { return .null }
        let parser = JSONParser()
        let texts = try arguments.value(0).elements.compactMap(\.printed)
        let found = texts.flatMap { path.values(in: $0, parser) }
        try ValueBounds.check(values: found.count, of: "spath")
        return .list(found.map { .text($0) })
    }
}

extension JSONValue {
    fileprivate var isArray: Bool {
        if case .array = self { return true }
        return false
    }
}
