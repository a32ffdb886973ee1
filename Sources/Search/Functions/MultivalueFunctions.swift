import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Multivalue eval functions".

extension EvalFunction {
    static let mvappend = EvalFunction(
        "mvappend", arity: 1...Int.max, group: .multivalue,
        summary: "All values of all arguments in one multivalue; nulls are left out.",
        examples: [#"mvjoin(mvappend("a", null(), "b"), ",")"#: "a,b"]
    ) { arguments throws(SearchError) in
        var values: [Value] = []
        for index in 0..<arguments.count { values.append(try arguments.value(index)) }
        return .list(values)
    }

    static let mvcount = EvalFunction(
        "mvcount", arity: 1...1, group: .multivalue, summary: "How many values there are; null, not 0, for null.",
        examples: [#"mvcount(split("a,b", ","))"#: "2", "mvcount(null())": "null"]
    ) { arguments throws(SearchError) in
        let count = try arguments.value(0).elements.count
        return count == 0 ? .null : .number(Double(count))
    }

    static let mvdedup = EvalFunction(
        "mvdedup", arity: 1...1, group: .multivalue, summary: "The values without later duplicates, order kept.",
        examples: [#"mvjoin(mvdedup(split("a,b,a", ",")), ",")"#: "a,b"]
    ) { arguments throws(SearchError) in
        var seen: Set<Text> = []
        return .list(try arguments.value(0).elements.filter { seen.insert($0.printed ?? "").inserted })
    }

    static let mvfind = EvalFunction(
        "mvfind", arity: 2...2, group: .multivalue,
        summary: "Index (from 0) of the first value that a regular expression matches; null when none does.",
        examples: [#"mvfind(split("a,b", ","), "^b$")"#: "1"]
    ) { arguments throws(SearchError) in
        guard let pattern = try arguments.text(1) else { return .null }
        let patterns = arguments.context.patterns
        let regex = try patterns.regex(pattern)
        for (index, value) in try arguments.value(0).elements.enumerated() {
            if let text = value.printed, try patterns.matches(regex, text) { return .number(Double(index)) }
        }
        return .null
    }

    static let mvindex = EvalFunction(
        "mvindex", arity: 2...3, group: .multivalue,
        summary: "The value at an index, or those from one index to another, both counted from 0 or back from -1.",
        examples: [
            #"mvindex(split("a,b,c", ","), 1)"#: "b", #"mvjoin(mvindex(split("a,b,c", ","), -2, -1), ",")"#: "b,c",
            #"mvindex("a", 3)"#: "null",
        ]
    ) { arguments throws(SearchError) in
        let values = try arguments.value(0).elements
        guard let first = try index(&arguments, 1, values.count) else { return .null }
        guard arguments.count > 2 else { return values.indices.contains(first) ? values[first] : .null }
        guard let last = try index(&arguments, 2, values.count) else { return .null }
        guard first >= 0, first <= last, first < values.count else { return .null }
        return .list(Array(values[first...Swift.min(last, values.count - 1)]))
    }

    static let mvjoin = EvalFunction(
        "mvjoin", arity: 2...2, group: .multivalue, summary: "The values as one text, a delimiter between them.",
        examples: [#"mvjoin(split("a,b", ","), " + ")"#: "a + b"]
    ) { arguments throws(SearchError) in
        let values = try arguments.value(0).elements
        guard !values.isEmpty, let delimiter = try arguments.text(1) else { return .null }
        return .text(Text(Array(values.map { ($0.printed ?? "").bytes }.joined(separator: delimiter.bytes))))
    }

    static let mvzip = EvalFunction(
        "mvzip", arity: 2...3, group: .multivalue,
        summary: "Pairs of the values of two fields, joined by a delimiter (default a comma), to the shorter's end.",
        examples: [#"mvjoin(mvzip(split("a,b", ","), split("1,2", ",")), " ")"#: "a,1 b,2"]
    ) { arguments throws(SearchError) in
        let left = try arguments.value(0).elements
        let right = try arguments.value(1).elements
        let delimiter = arguments.count > 2 ? try arguments.text(2) ?? "," : ","
        return .list(
            zip(left, right).map { pair in
                .text(Text((pair.0.printed ?? "").bytes + delimiter.bytes + (pair.1.printed ?? "").bytes))
            })
    }

    static let split = EvalFunction(
        "split", arity: 2...2, group: .multivalue,
        summary: "The parts of a text between a delimiter; with an empty delimiter its characters.",
        examples: [#"mvjoin(split("a::b", "::"), "|")"#: "a|b", #"mvcount(split("abc", ""))"#: "3"]
    ) { arguments throws(SearchError) in
        guard let text = try arguments.text(0), let delimiter = try arguments.text(1) else { return .null }
        if delimiter.isEmpty { return .list(text.string.unicodeScalars.map { .text(String($0)) }) }
        return .list(parts(text.bytes, delimiter.bytes).map { .text(Text($0)) })
    }

    private static func index(
        _ arguments: inout Arguments, _ position: Int, _ count: Int
    ) throws(SearchError) -> Int? {
        guard let number = try arguments.number(position), Swift.abs(number) < 1e15 else { return nil }
        let index = Int(number)
        return index < 0 ? count + index : index
    }

    private static func parts(_ bytes: [UInt8], _ delimiter: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var start = 0
        var index = 0
        while index + delimiter.count <= bytes.count {
            if bytes[index] == delimiter[0], Array(bytes[index..<index + delimiter.count]) == delimiter {
                parts.append(Array(bytes[start..<index]))
                index += delimiter.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(Array(bytes[start...]))
        return parts
    }
}
