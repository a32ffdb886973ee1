import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "JSON functions". JSON is made without blanks. An argument that is a
// JSON object or array goes in as such, other text as a string, a multivalue as an array.

extension EvalFunction {
    static let json = EvalFunction(
        "json", arity: 1...1, group: .json, summary: "The value where it is JSON, else null.",
        examples: [
            #"json(json_object("animal", "pony"))"#: #"{"animal":"pony"}"#, #"json("Golden Gate Bridge")"#: "null",
            #"json("[1, 2]")"#: "[1, 2]",
        ]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        switch value {
        case .number, .boolean: return value
        default: return value.json == nil ? .null : value
        }
    }

    static let jsonArray = EvalFunction(
        "json_array", arity: 0...Int.max, group: .json, summary: "A JSON array of the arguments.",
        examples: [
            #"json_array("buttercup", "fluttershy", "rarity")"#: #"["buttercup","fluttershy","rarity"]"#,
            #"json_array("dubois", json_object("name", "patel"))"#: #"["dubois",{"name":"patel"}]"#,
            #"json_array(1, 2.5, true(), null(), names)"#: #"[1,2.5,true,null,["alex","celestino","claudia","david"]]"#,
            "json_array()": "[]",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        var elements: [JSONValue] = []
        for index in 0..<arguments.count { elements.append(try arguments.value(index).asJSON) }
        return try JSONValue.array(elements).field(of: "json_array")
    }

    static let jsonObject = EvalFunction(
        "json_object", arity: 0...Int.max, group: .json,
        summary: "A JSON object of names and values; of a name that comes twice the last value counts.",
        examples: [
            #"json_object("name", "maria")"#: #"{"name":"maria"}"#, "json_object()": "{}",
            #"json_object("name", json_array("maria", "arun"))"#: #"{"name":["maria","arun"]}"#,
            #"json_object("a", json_object("b", 1), "c", status, "d", null())"#: #"{"a":{"b":1},"c":"404","d":null}"#,
            #"json_object(nosuch, 1)"#: "null",
        ],
        printsArguments: true, pairsFrom: 0
    ) { arguments throws(SearchError) in
        var members: [JSONValue.Member] = []
        var places: [Text: Int] = [:]
        for index in stride(from: 0, to: arguments.count, by: 2) {
            guard let key = try arguments.text(index) else { return .null }
            let member = JSONValue.Member(key: key, value: try arguments.value(index + 1).asJSON)
            if let place = places[key] {
                members[place] = member
            } else {
                places[key] = members.count
                members.append(member)
            }
        }
        return try JSONValue.object(members).field(of: "json_object")
    }

    static let jsonValid = EvalFunction(
        "json_valid", arity: 1...1, group: .json, summary: "Whether the value is JSON; false for null.",
        examples: [
            #"if(json_valid("{\"names\": [\"maria\", \"arun\"]}"), "true", "false")"#: "true",
            #"if(json_valid("{names}"), "true", "false")"#: "false", "tostring(json_valid(nosuch))": "False",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        switch try arguments.value(0) {
        case .number, .boolean: .boolean(true)
        case let value: .boolean(value.json != nil)
        }
    }

    static let mvToJSONArray = EvalFunction(
        "mv_to_json_array", arity: 1...2, group: .multivalue,
        summary:
            "A JSON array of the values as strings; with true() each value is read as JSON, null where it is none.",
        examples: [
            "mv_to_json_array(ports)": #"["22","80","443"]"#, "mv_to_json_array(ports, true())": "[22,80,443]",
            #"mv_to_json_array(mvappend("\"Rarity\"", "true", "null"), false())"#: #"["\"Rarity\"","true","null"]"#,
            #"mv_to_json_array(mvappend("\"Rarity\"", "true", "null", "x"), true())"#: #"["Rarity",true,null,null]"#,
            "mv_to_json_array(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        let values = try arguments.value(0)
        let infers = arguments.count > 1 ? try arguments.value(1) == .boolean(true) : false
        return try Self.jsonArray(of: values, infersTypes: infers, function: "mv_to_json_array")
    }

    /// Null for null.
    static func jsonArray(of value: Value, infersTypes: Bool, function: String) throws(SearchError) -> Value {
        if value.isNull { return .null }
        let elements = value.elements.map { element -> JSONValue in
            guard infersTypes else { return .string(element.printed ?? "") }
            return (element.json ?? (element.numeric == nil ? .null : element.asJSON)).withShortNumbers
        }
        return try JSONValue.array(elements).field(of: function)
    }

    static let toarray = EvalFunction(
        "toarray", arity: 1...1, group: .conversion,
        summary: "A multivalue as a JSON array of what its values are, or the JSON array that a text is; else null.",
        examples: [
            #"toarray(split("1, 2, 3", ","))"#: "[1,2,3]", "toarray(ports)": "[22,80,443]",
            #"toarray("[\"carrots\", 1.00, \"potatoes\", 1.75]")"#: #"["carrots",1,"potatoes",1.75]"#,
            #"toarray("somefield")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        if case .multivalue = value { return try jsonArray(of: value, infersTypes: true, function: "toarray") }
        guard case .array(let elements)? = value.json else { return .null }
        return try JSONValue.array(elements.map(\.withShortNumbers)).field(of: "toarray")
    }

    static let tomv = EvalFunction(
        "tomv", arity: 1...1, group: .conversion,
        summary: """
            The elements of a JSON array as values, strings with their quotes; a multivalue as it is; null for anything \
            else.
            """,
        examples: [
            #"mvjoin(tomv(json_array("Buttercup", "Rarity")), ", ")"#: #""Buttercup", "Rarity""#,
            #"mvindex(tomv(json_array("dubois", json_object("name", "patel"))), 1)"#: #"{"name":"patel"}"#,
            "mvcount(tomv(ports))": "3", "tomv(status)": "null",
        ]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        if case .multivalue = value { return value }
        return try values(of: value.json, keepsQuotes: true, function: "tomv")
    }

    static let toobject = EvalFunction(
        "toobject", arity: 1...1, group: .conversion,
        summary: "The JSON object that a text is, without blanks; null for anything else.",
        examples: [
            #"toobject("{\"name\": \"maria\", \"age\": 25}")"#: #"{"name":"maria","age":25}"#,
            #"toobject("[1]")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard case .object(let members)? = try arguments.json(0) else { return .null }
        return try JSONValue.object(members).field(of: "toobject")
    }

    /// The elements of an array; null for anything else.
    static func values(of document: JSONValue?, keepsQuotes: Bool, function: String) throws(SearchError) -> Value {
        guard case .array(let elements)? = document else { return .null }
        try ValueBounds.check(values: elements.count, of: function)
        return .list(
            elements.map { element in
                if case .string(let text) = element, !keepsQuotes { return .text(text) }
                return .text(element.text)
            })
    }
}

extension JSONValue {
    /// Numbers as they print: `1.00` is `1`.
    fileprivate var withShortNumbers: JSONValue {
        guard case .number(let text) = self, let number = NumberText.parse(text.bytes),
            Swift.abs(number) < 9_007_199_254_740_992
        else { return self }
        return .number(Text(NumberText.print(number)))
    }
}
