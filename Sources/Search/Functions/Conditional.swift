import Columns
import Matching
import SPL

// Source of this file: Splunk Search Reference 9.4, "Comparison and conditional functions".

extension EvalFunction {
    static let `case` = EvalFunction(
        "case", arity: 2...Int.max, group: .conditional,
        summary: "The value behind the first condition that is true; null when none is.",
        examples: [#"case(1==2, "a", true(), "b")"#: "b", #"case(1==2, "a")"#: "null"]
    ) { arguments throws(SearchError) in
        guard arguments.count % 2 == 0 else {
            throw Diagnostic("E303", "'case' takes pairs of condition and value, not \(arguments.count) arguments")
        }
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
            #"tostring(cidrmatch("10.0.0.0/8", "10.1.2.3"))"#: "True",
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
        examples: [#"coalesce(null(), "", "x")"#: "", #"coalesce(null(), "x")"#: "x"]
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
        examples: [#"if(1==1, "yes", "no")"#: "yes", #"if(null()==1, "yes", "no")"#: "no"]
    ) { arguments throws(SearchError) in
        try arguments.value(0) == .boolean(true) ? arguments.value(1) : arguments.value(2)
    }

    static let `in` = EvalFunction(
        "in", arity: 2...Int.max, group: .conditional,
        summary: "Whether the first argument equals one of the others; case-sensitive, no wildcards.",
        examples: [#"tostring(in("b", "a", "b"))"#: "True", #"tostring(in("B", "a", "b"))"#: "False"],
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
        examples: [#"tostring(like("PutImage", "Put%"))"#: "True", #"tostring(like("PutImage", "put%"))"#: "False"],
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
        examples: [#"tostring(match("PutImage", "^Put"))"#: "True", #"tostring(match("PutImage", "^put"))"#: "False"],
        isPredicate: true
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard !value.isNull, let pattern = try arguments.text(1) else { return .null }
        let regex = try arguments.context.patterns.regex(pattern)
        for element in value.elements {
            if let text = element.printed, try arguments.context.patterns.matches(regex, text) { return .boolean(true) }
        }
        return .boolean(false)
    }

    static let null = EvalFunction(
        "null", arity: 0...0, group: .conditional, summary: "Null: assigning it removes a field.",
        examples: ["null()": "null"]
    ) { _ throws(SearchError) in .null }

    static let nullif = EvalFunction(
        "nullif", arity: 2...2, group: .conditional,
        summary: "Null when both arguments are equal, else the first.",
        examples: [#"nullif("a", "a")"#: "null", #"nullif("a", "b")"#: "a"]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        let isEqual = Comparison.compare(value, .equal, try arguments.value(1), asText: false) == .boolean(true)
        return isEqual ? .null : value
    }

    static let `true` = EvalFunction(
        "true", arity: 0...0, group: .conditional, summary: "The boolean true.",
        examples: ["tostring(true())": "True"], isPredicate: true
    ) { _ throws(SearchError) in .boolean(true) }
}
