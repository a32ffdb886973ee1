import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "JSON functions". Pairs of path and value are taken from left to
// right, each on the document that the ones before made. Text that is no JSON gives null.

extension EvalFunction {
    static let jsonAppend = EvalFunction(
        "json_append", arity: 3...Int.max, group: .json,
        summary: """
            Puts a value at the end of the array at a path; a value that is no array becomes one first, a path that \
            leads nowhere changes nothing.
            """,
        examples: [
            #"json_append(json_object("ponylist", json_array("Minty", "Rarity")), "ponylist", "Fluttershy")"#:
                #"{"ponylist":["Minty","Rarity","Fluttershy"]}"#,
            #"json_append("{\"a\":[\"b\"]}", "a", json_array("c", "d"))"#: #"{"a":["b",["c","d"]]}"#,
            #"json_append("{\"a\":{\"s\":\"x\"}}", "a.s", 1, "b", 2)"#: #"{"a":{"s":["x",1]}}"#,
            #"json_append("no json", "a", 1)"#: "null",
        ],
        printsArguments: true, pairsFrom: 1
    ) { arguments throws(SearchError) in
        try changingPairs(&arguments, "json_append") { old, value in old.map { .array($0.elements + [value]) } }
    }

    static let jsonExtend = EvalFunction(
        "json_extend", arity: 3...Int.max, group: .json,
        summary: "As json_append, but the elements of an array go in one by one.",
        examples: [
            #"json_extend("{\"a\":[\"b\"]}", "a", json_array("c", "d"))"#: #"{"a":["b","c","d"]}"#,
            #"json_extend("{\"a\":\"b\"}", "a", json_array(json_object("c", 1)))"#: #"{"a":["b",{"c":1}]}"#,
            #"json_extend("{\"a\":[]}", "x", json_array(1))"#: #"{"a":[]}"#,
        ],
        printsArguments: true, pairsFrom: 1
    ) { arguments throws(SearchError) in
        try changingPairs(&arguments, "json_extend") { old, value in
            old.map { .array($0.elements + value.elements) }
        }
    }

    static let jsonSet = EvalFunction(
        "json_set", arity: 3...Int.max, group: .json,
        summary: """
            Sets the value at a path; names that are missing are made, and where the document has something else than \
            the path asks for, it stays.
            """,
        examples: [
            #"json_set(json_object(), "system.splunk.path", "/opt/splunk")"#:
                #"{"system":{"splunk":{"path":"/opt/splunk"}}}"#,
            #"json_set("{\"a\":[{\"n\":1},{\"n\":2}]}", "a{}.available", true())"#:
                #"{"a":[{"n":1,"available":true},{"n":2,"available":true}]}"#,
            #"json_set("{\"a\":[1,2,3]}", "a{2}", json_object("n", "x"), "b", null())"#:
                #"{"a":[1,2,{"n":"x"}],"b":null}"#,
            #"json_set("{\"a\":\"b\"}", "a.c", "d")"#: #"{"a":"b"}"#,
        ],
        printsArguments: true, pairsFrom: 1
    ) { arguments throws(SearchError) in
        try changingPairs(&arguments, "json_set", creates: true) { _, value in value }
    }

    static let jsonSetExact = EvalFunction(
        "json_set_exact", arity: 3...Int.max, group: .json,
        summary: "Sets the member of a name, dots and all, of a JSON object.",
        examples: [
            #"json_set_exact(json_object(), "system.splunk.path", "/opt/splunk")"#:
                #"{"system.splunk.path":"/opt/splunk"}"#,
            #"json_set_exact("{\"a\":1}", "a", 2, "b", 3)"#: #"{"a":2,"b":3}"#,
            #"json_set_exact("[1]", "a", 2)"#: "null",
        ],
        printsArguments: true, pairsFrom: 1
    ) { arguments throws(SearchError) in
        guard case .object(var members)? = try arguments.json(0) else { return .null }
        for index in stride(from: 1, to: arguments.count, by: 2) {
            guard let key = try arguments.text(index) else { return .null }
            let value = try arguments.value(index + 1).asJSON
            if let place = members.firstIndex(where: { $0.key == key }) {
                members[place].value = value
            } else {
                members.append(JSONValue.Member(key: key, value: value))
            }
        }
        return try JSONValue.object(members).field(of: "json_set_exact")
    }

    static let jsonDelete = EvalFunction(
        "json_delete", arity: 2...Int.max, group: .json,
        summary:
            "A JSON object without the members of some names, which may be joined by dots or stand in a JSON array.",
        examples: [
            #"json_delete("{\"name\":\"Wei\", \"SSN\":\"123\", \"city\":\"Seattle\"}", "SSN", "city")"#:
                #"{"name":"Wei"}"#,
            #"json_delete("{\"a\":{\"email\":\"x\",\"office\":\"y\"}}", "a.email")"#: #"{"a":{"office":"y"}}"#,
            #"json_delete("{\"a\":1,\"b\":2}", json_array("a", "c"))"#: #"{"b":2}"#,
            #"json_delete("{\"student.name\":\"Claudia\"}", "student.name")"#: #"{"student.name":"Claudia"}"#,
        ]
    ) { arguments throws(SearchError) in
        guard var document = try arguments.json(0), case .object = document else { return .null }
        for index in 1..<arguments.count {
            let value = try arguments.value(index)
            var names = value.elements.compactMap(\.printed)
            if case .array(let elements)? = value.json { names = elements.compactMap(\.native.printed) }
            for name in names {
                guard let path = JSONPath(name) else { continue }
                document = path.changing(document) { _ in nil }
            }
        }
        return try document.field(of: "json_delete")
    }

    /// Applies `change` to what lies at each path, with the value beside it.
    private static func changingPairs(
        _ arguments: inout Arguments, _ function: String, creates: Bool = false,
        _ change: (JSONValue?, JSONValue) -> JSONValue?
    ) throws(SearchError) -> Value {
        guard var document = try arguments.json(0) else { return .null }
        for index in stride(from: 1, to: arguments.count, by: 2) {
            guard let path = try arguments.path(index) else { continue }
            let value = try arguments.value(index + 1).asJSON
            document = path.changing(document, creates: creates) { change($0, value) }
        }
        return try document.field(of: function)
    }
}

extension JSONValue {
    /// The elements of an array; anything else is its own only element.
    fileprivate var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return [self]
    }
}
