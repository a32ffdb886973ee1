import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "Multivalue eval functions". A single value is a multivalue of one;
// null in gives null out.

extension EvalFunction {
    static let commands = EvalFunction(
        "commands", arity: 1...1, group: .multivalue,
        summary: "The names of the commands in the text of a search, those of subsearches left out.",
        examples: [
            #"mvjoin(commands("search foo | stats count | sort count"), ",")"#: "search,stats,sort",
            #"mvjoin(commands("index=main | head 1"), ",")"#: "search,head", #"commands("")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let text = try arguments.text(0), let pipeline = try? Pipeline.parse(text.string) else { return .null }
        try ValueBounds.check(values: pipeline.commands.count, of: "commands")
        return .list(pipeline.commands.map { .text($0.name) })
    }

    static let mvappend = EvalFunction(
        "mvappend", arity: 1...Int.max, group: .multivalue,
        summary: "All values of all arguments in one multivalue; nulls are left out.",
        examples: [
            #"mvjoin(mvappend("localhost", status), ",")"#: "localhost,404",
            #"mvjoin(mvappend("a", null(), ports, mvappend("b", "c")), ",")"#: "a,22,80,443,b,c",
            "mvappend(nosuch, null())": "null",
        ],
        printsArguments: true
    ) { arguments throws(SearchError) in
        var values: [Value] = []
        var count = 0
        for index in 0..<arguments.count {
            let value = try arguments.value(index)
            count += value.elements.count
            try ValueBounds.check(values: count, of: "mvappend")
            values.append(value)
        }
        return .list(values)
    }

    static let mvcount = EvalFunction(
        "mvcount", arity: 1...1, group: .multivalue, summary: "How many values there are; null, not 0, for null.",
        examples: ["mvcount(names)": "4", #"mvcount("a")"#: "1", "mvcount(nosuch)": "null"]
    ) { arguments throws(SearchError) in
        let count = try arguments.value(0).elements.count
        return count == 0 ? .null : .number(Double(count))
    }

    static let mvdedup = EvalFunction(
        "mvdedup", arity: 1...1, group: .multivalue, summary: "The values without later duplicates, order kept.",
        examples: [
            #"mvjoin(mvdedup(split("b,a,b,c,a", ",")), ",")"#: "b,a,c", #"mvdedup("a")"#: "a",
            "mvdedup(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        var seen: Set<Text> = []
        return .list(try arguments.value(0).elements.filter { seen.insert($0.printed ?? "").inserted })
    }

    static let mvfilter = EvalFunction(
        "mvfilter", arity: 1...1, group: .multivalue,
        summary: "The values of a field for which a condition is true; the condition names that field and no other.",
        examples: [
            #"mvjoin(mvfilter(match(names, "^c")), ",")"#: "celestino,claudia",
            "mvjoin(mvfilter(ports>50), \",\")": "80,443",
            #"mvjoin(mvfilter(names LIKE "%a%" AND names!="david"), ",")"#: "alex,claudia",
            #"mvfilter(names="nobody")"#: "null", "mvfilter(!isnull(status))": "404",
            "mvfilter(isnotnull(nosuch))": "null",
        ], form: .filter)

    static let mvfind = EvalFunction(
        "mvfind", arity: 2...2, group: .multivalue,
        summary: "Index (from 0) of the first value that a regular expression matches; null when none does.",
        examples: [
            #"mvfind(names, "^cl")"#: "2", #"mvfind(names, "x$")"#: "0", #"mvfind(names, "zoe")"#: "null",
            #"mvfind(nosuch, "a")"#: "null",
        ],
        patternArgument: 1
    ) { arguments throws(SearchError) in
        guard let pattern = try arguments.text(1) else { return .null }
        let patterns = arguments.context.patterns
        guard let regex = patterns.regex(pattern) else { return .null }
        for (index, value) in try arguments.value(0).elements.enumerated() {
            if let text = value.printed, try patterns.matches(regex, text) { return .number(Double(index)) }
        }
        return .null
    }

    static let mvindex = EvalFunction(
        "mvindex", arity: 2...3, group: .multivalue,
        summary: """
            The value at an index, or those from one index to another, both counted from 0 or back from -1; null when \
            an index is out of range.
            """,
        examples: [
            "mvindex(names, 2)": "claudia", #"mvjoin(mvindex(names, 0, 2), ",")"#: "alex,celestino,claudia",
            "mvindex(names, -1)": "david", #"mvjoin(mvindex(names, -3, -2), ",")"#: "celestino,claudia",
            #"mvjoin(mvindex(names, 2, 3), ",")"#: "claudia,david", "mvindex(names, 2, 9)": "null",
            "mvindex(names, 4)": "null", "mvindex(names, 3, 1)": "null", "mvindex(nosuch, 0)": "null",
        ]
    ) { arguments throws(SearchError) in
        let values = try arguments.value(0).elements
        guard let first = try index(&arguments, 1, values.count) else { return .null }
        guard arguments.count > 2 else { return values.indices.contains(first) ? values[first] : .null }
        guard let last = try index(&arguments, 2, values.count) else { return .null }
        guard first >= 0, first <= last, last < values.count else { return .null }
        return .list(Array(values[first...last]))
    }

    static let mvjoin = EvalFunction(
        "mvjoin", arity: 2...2, group: .multivalue, summary: "The values as one text, a delimiter between them.",
        examples: [
            #"mvjoin(mvrange(1, 6), " OR ")"#: "1 OR 2 OR 3 OR 4 OR 5", #"mvjoin(ports, ";")"#: "22;80;443",
            #"mvjoin(status, ";")"#: "404", #"mvjoin(nosuch, ";")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        let values = try arguments.value(0).elements
        guard !values.isEmpty, let delimiter = try arguments.text(1) else { return .null }
        let texts = values.map { ($0.printed ?? "").bytes }
        try ValueBounds.check(
            textBytes: texts.reduce(delimiter.count * (values.count - 1)) { $0 + $1.count }, of: "mvjoin")
        return .text(Text(Array(texts.joined(separator: delimiter.bytes))))
    }

    static let mvmap = EvalFunction(
        "mvmap", arity: 2...2, group: .multivalue,
        summary: """
            An expression for each value of a field, which has that value alone meanwhile; null results are left out. \
            The first argument is the field, or an expression that gives values of it.
            """,
        examples: [
            #"mvjoin(mvmap(ports, ports*10), ",")"#: "220,800,4430",
            #"mvjoin(mvmap(mvindex(ports, 1, 2), ports+status), ",")"#: "484,847",
            #"mvjoin(mvmap(names, if(len(names)>5, upper(names), null())), ",")"#: "CELESTINO,CLAUDIA",
            "mvmap(status, status.\"!\")": "404!", "mvmap(nosuch, 1)": "null",
        ], form: .map)

    static let mvrange = EvalFunction(
        "mvrange", arity: 2...3, group: .multivalue,
        summary: """
            The numbers from a first to before a last, 1 or a step apart; a step such as "7d" moves through times. At \
            most 100,000.
            """,
        examples: [
            #"mvjoin(mvrange(1, 11, 2), ",")"#: "1,3,5,7,9", #"mvjoin(mvrange(3, 0, -1), ",")"#: "3,2,1",
            #"mvjoin(mvrange(1514834731, 1516649131, "7d"), ",")"#: "1514834731,1515439531,1516044331",
            "mvrange(1, 1)": "null", "mvrange(1, 5, 0)": "null", #"mvrange(1, "a")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let first = try arguments.number(0), let end = try arguments.number(1), first.isFinite, end.isFinite
        else {
            return .null
        }
        var step = 1.0
        if arguments.count > 2 {
            let value = try arguments.value(2)
            guard let number = value.numeric else {
                guard let span = value.printed else { return .null }
                return try times(from: first, to: end, span: span.string, zone: arguments.context.zone)
            }
            step = number
        }
        guard step != 0, step.isFinite, (end - first) / step > 0 else { return .null }
        let count = ((end - first) / step).rounded(.up)
        try ValueBounds.check(values: Int(Swift.min(count, 1e15)), of: "mvrange")
        return .list((0..<Int(count)).map { .number(first + Double($0) * step) })
    }

    private static func times(
        from first: Double, to end: Double, span: String, zone: TimeZoneRules
    ) throws(SearchError) -> Value {
        guard Swift.abs(first) < 1e11, Swift.abs(end) < 1e11, span.utf8.first != UInt8(ascii: "@"),
            let step = try? RelativeTime.parse("+" + span), !step.isAbsolute
        else { return .null }
        var times: [Value] = []
        var time = Int64((first * 1_000_000).rounded())
        let limit = Int64((end * 1_000_000).rounded())
        while time < limit {
            times.append(.number(Double(time) / 1_000_000))
            try ValueBounds.check(values: times.count, of: "mvrange")
            let next = step.resolve(now: time, zone: zone)
            guard next > time else { break }
            time = next
        }
        return .list(times)
    }

    static let mvreverse = EvalFunction(
        "mvreverse", arity: 1...1, group: .multivalue, summary: "The values from the last to the first.",
        examples: [
            #"mvjoin(mvreverse(ports), ",")"#: "443,80,22", #"mvreverse("a")"#: "a", "mvreverse(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in .list(try arguments.value(0).elements.reversed()) }

    static let mvsort = EvalFunction(
        "mvsort", arity: 1...1, group: .multivalue,
        summary: "The values in the order of their bytes: 10 before 9, upper case before lower.",
        examples: [
            #"mvjoin(mvsort(split("10,9,70,100", ",")), ",")"#: "10,100,70,9",
            #"mvjoin(mvsort(split("b,a,B", ",")), ",")"#: "B,a,b", "mvsort(nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        .list(try arguments.value(0).elements.sorted { ValueOrder.compareText($0, $1) < 0 })
    }

    static let mvzip = EvalFunction(
        "mvzip", arity: 2...3, group: .multivalue,
        summary: "Pairs of the values of two fields, joined by a delimiter (default a comma), to the shorter's end.",
        examples: [
            #"mvjoin(mvzip(names, ports), " ")"#: "alex,22 celestino,80 claudia,443",
            #"mvjoin(mvzip(mvzip(names, ports, "|"), ports, "|"), " ")"#: "alex|22|22 celestino|80|80 claudia|443|443",
            #"mvzip("a", "b")"#: "a,b", "mvzip(names, nosuch)": "null",
        ]
    ) { arguments throws(SearchError) in
        let left = try arguments.value(0).elements
        let right = try arguments.value(1).elements
        let delimiter = arguments.count > 2 ? try arguments.text(2) ?? "," : ","
        try ValueBounds.check(textBytes: delimiter.count * Swift.min(left.count, right.count), of: "mvzip")
        return .list(
            zip(left, right).map { pair in
                .text(Text((pair.0.printed ?? "").bytes + delimiter.bytes + (pair.1.printed ?? "").bytes))
            })
    }

    static let split = EvalFunction(
        "split", arity: 2...2, group: .multivalue,
        summary: "The parts of a text between a delimiter; with an empty delimiter its characters.",
        examples: [
            #"mvjoin(split("buttercup;rarity;dash", ";"), ",")"#: "buttercup,rarity,dash",
            #"mvjoin(split("1a2b3c4def567890", "def"), ",")"#: "1a2b3c4,567890", #"mvcount(split("abcd", ""))"#: "4",
            #"mvindex(split("name::value", "::"), 1)"#: "value", #"mvcount(split("a,,b", ","))"#: "3",
            #"split("a", ",")"#: "a", #"split(nosuch, ",")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard let delimiter = try arguments.text(1) else { return .null }
        var results: [Value] = []
        for element in value.elements {
            guard let text = element.printed else { continue }
            if delimiter.isEmpty {
                results += text.string.unicodeScalars.lazy.prefix(ValueBounds.values + 1).map { .text(String($0)) }
            } else {
                results += parts(text.bytes, delimiter.bytes).map { .text(Text($0)) }
            }
            try ValueBounds.check(values: results.count, of: "split")
        }
        return .list(results)
    }

    private static func index(
        _ arguments: inout Arguments, _ position: Int, _ count: Int
    ) throws(SearchError) -> Int? {
        guard let number = try arguments.number(position), Swift.abs(number) < 1e15 else { return nil }
        let index = Int(number)
        return index < 0 ? count + index : index
    }

    /// At most one more than ``ValueBounds/values``.
    private static func parts(_ bytes: [UInt8], _ delimiter: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + delimiter.count <= bytes.count, parts.count <= ValueBounds.values {
            if bytes[index] == delimiter[0], bytes[index..<index + delimiter.count] == delimiter[...] {
                parts.append(bytes[start..<index])
                index += delimiter.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(bytes[start...])
        return parts
    }
}
