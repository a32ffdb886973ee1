import Columns
import Matching
import SPL

// Source of this file: Splunk Search Reference 9.4, "Comparison and conditional functions".

extension EvalFunction {
    static let `case` = EvalFunction(
        "case", arity: 2...Int.max, group: .conditional,
        summary: "The value behind the first condition that is true; null when none is.",
        examples: [
            #"case(status==200, "OK", status==404, "Not found", true(), "Other")"#: "Not found",
            #"case(1==2, "a", true(), "b")"#: "b", #"case(nosuch>5, "a", status==404, "b")"#: "b",
            #"case(1==2, "a")"#: "null",
        ],
        passed: .pairs, pairsFrom: 0
    ) { arguments throws(SearchError) in
        for index in stride(from: 0, to: arguments.count, by: 2)
        where try arguments.value(index) == .boolean(true) {
            return try arguments.value(index + 1)
        }
        return .null
    }

    static let cidrmatch = EvalFunction(
        "cidrmatch", arity: 2...2, group: .conditional,
        summary: "Whether an IPv4 or IPv6 address lies in a CIDR block; false for text that is no address.",
        examples: [
            #"if(cidrmatch("123.132.32.0/25", "123.132.32.127"), "local", "not local")"#: "local",
            #"if(cidrmatch("192.0.2.0/24", "192.0.3.0"), "true", "false")"#: "false",
            #"if(cidrmatch("2001:0db8:ffff:ffff:ffff:ffff:ffff:ff00/120", "2001:db8:ffff:ffff:ffff:ffff:ffff:ff99"), 1, 0)"#:
                "1",
            #"tostring(cidrmatch("10.0.0.0/8", "host"))"#: "False",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        guard let block = try arguments.text(0) else { return .null }
        let value = try arguments.value(1)
        if value.isNull { return .null }
        guard let cidr = CIDRBlock(block.bytes) else { return .boolean(false) }
        return .boolean(value.elements.contains { $0.printed.map { cidr.contains($0.bytes) } ?? false })
    }

    static let coalesce = EvalFunction(
        "coalesce", arity: 1...Int.max, group: .conditional,
        summary: "The first argument that is not null; the empty text is not null.",
        examples: [
            #"coalesce(null(), "", "x")"#: "", #"coalesce(nosuch, status)"#: "404",
            "mvcount(coalesce(nosuch, names))": "4",
            "coalesce(nosuch)": "null",
        ],
        passed: .all
    ) { arguments throws(SearchError) in
        for index in 0..<arguments.count {
            let value = try arguments.value(index)
            if !value.isNull { return value }
        }
        return .null
    }

    static let `false` = EvalFunction(
        "false", arity: 0...0, group: .conditional, summary: "The boolean false.",
        examples: ["tostring(false())": "False"], isPredicate: true
    ) { _ throws(SearchError) in .boolean(false) }

    static let `if` = EvalFunction(
        "if", arity: 3...3, group: .conditional,
        summary: "The second argument when the first is true, else the third; a null condition is not true.",
        examples: [
            #"if(status == 404, "missing", "there")"#: "missing", #"if(null()==1, "yes", "no")"#: "no",
            #"if(isnull(nosuch), "none", nosuch)"#: "none",
        ],
        passed: .branches
    ) { arguments throws(SearchError) in
        try arguments.value(0) == .boolean(true) ? arguments.value(1) : arguments.value(2)
    }

    static let `in` = EvalFunction(
        "in", arity: 2...Int.max, group: .conditional,
        summary: "Whether the first argument equals one of the others; case-sensitive, no wildcards.",
        examples: [
            #"if(in(status, "404", "500", "503"), "true", "false")"#: "true", #"tostring(in("B", "a", "b"))"#: "False",
            #"tostring(in("claudia", names))"#: "True", #"tostring(in(nosuch, "a"))"#: "null",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        if value.isNull { return .null }
        for index in 1..<arguments.count
        where Comparison.compare(value, .equal, try arguments.value(index), asText: false) == .boolean(true) {
            return .boolean(true)
        }
        return .boolean(false)
    }

    static let like = EvalFunction(
        "like", arity: 2...2, group: .conditional,
        summary: "Whether the whole text matches a pattern of % (any run) and _ (one character); case-sensitive.",
        examples: [
            #"tostring(like("198.51.100.7", "198.%"))"#: "True", #"tostring(like("PutImage", "put%"))"#: "False",
            #"tostring(like("abc", "a_c"))"#: "True", #"tostring(like(names, "cl%"))"#: "True",
        ],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard !value.isNull, let pattern = try arguments.text(1) else { return .null }
        let matcher = LikePattern(pattern.bytes)
        return .boolean(value.elements.contains { $0.printed.map { matcher.matches($0.bytes) } ?? false })
    }

    static let match = EvalFunction(
        "match", arity: 2...2, group: .conditional,
        summary: "Whether a regular expression (PCRE, unanchored) matches some part of the text.",
        examples: [
            #"if(match("10.1.2.3", "^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$"), 1, 0)"#: "1",
            #"tostring(match("PutImage", "^put"))"#: "False", #"tostring(match("PutImage", "(?i)^put"))"#: "True",
            #"tostring(match(names, "^da"))"#: "True", #"tostring(match(nosuch, "a"))"#: "null",
        ],
        isPredicate: true, patternArgument: 1
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard !value.isNull, let pattern = try arguments.text(1) else { return .null }
        guard let regex = arguments.context.patterns.regex(pattern) else { return .null }
        for element in value.elements {
            if let text = element.printed, try arguments.context.patterns.matches(regex, text) { return .boolean(true) }
        }
        return .boolean(false)
    }

    static let null = EvalFunction(
        "null", arity: 0...0, group: .conditional, summary: "Null: assigning it removes a field.",
        examples: ["null()": "null", #"if(status==404, null(), status)"#: "null"]
    ) { _ throws(SearchError) in .null }

    static let nullif = EvalFunction(
        "nullif", arity: 2...2, group: .conditional,
        summary: "Null when both arguments are equal, else the first.",
        examples: [#"nullif("a", "a")"#: "null", #"nullif("a", "b")"#: "a", #"nullif(status, 404)"#: "null"],
        passed: .first
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        let isEqual = Comparison.compare(value, .equal, try arguments.value(1), asText: false) == .boolean(true)
        return isEqual ? .null : value
    }

    static let searchmatch = EvalFunction(
        "searchmatch", arity: 1...1, group: .conditional,
        summary: "Whether the row satisfies a search, by the rules of the search command: any case, * as wildcard.",
        examples: [
            #"if(searchmatch("status=404 names=*"), "yes", "no")"#: "yes",
            #"if(searchmatch("status=500 OR get"), 1, 0)"#: "1",
            #"if(searchmatch("status=500"), "yes", "no")"#: "no",
            #"if(searchmatch("NOT nosuch=*"), "yes", "no")"#: "yes",
        ],
        isPredicate: true, form: .searchMatch)

    static let `true` = EvalFunction(
        "true", arity: 0...0, group: .conditional, summary: "The boolean true.",
        examples: ["tostring(true())": "True"], isPredicate: true
    ) { _ throws(SearchError) in .boolean(true) }

    static let validate = EvalFunction(
        "validate", arity: 2...Int.max, group: .conditional,
        summary: "The value behind the first condition that is false; null when none is. The opposite of case.",
        examples: [
            #"validate(isint(status), "ERROR: not an integer", status>=500 AND status<=599, "ERROR: out of range")"#:
                "ERROR: out of range",
            #"validate(isint("abc"), "ERROR: not an integer", true(), "b")"#: "ERROR: not an integer",
            #"validate(isint(status), "ERROR: not an integer")"#: "null",
        ],
        passed: .pairs, pairsFrom: 0
    ) { arguments throws(SearchError) in
        for index in stride(from: 0, to: arguments.count, by: 2)
        where try arguments.value(index) == .boolean(false) {
            return try arguments.value(index + 1)
        }
        return .null
    }
}
