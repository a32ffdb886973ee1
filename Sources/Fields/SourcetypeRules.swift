import Matching

// Recognising a sourcetype: by `sourcetype =` in a matching [source::] stanza, then by [rule::], then by [delayedrule::].
// Source: Admin Manual 9.3, props.conf, "Sourcetype configuration"; Getting Data In 9.3, "How Splunk assigns source types".

struct SourcetypeRules: Sendable {
    private struct Rule: Sendable {
        var sourcetype: String
        /// Per condition: at least (or below) this percentage of the lines match.
        var conditions: [(percent: Int, isMinimum: Bool, pattern: Regex)]
    }

    private var bySource: [(pattern: StanzaPattern, priority: Int, sourcetype: String)] = []
    private var rules: [Rule] = []

    init(_ props: [ConfLayers.Stanza], _ problems: inout ProblemList) {
        var delayed: [Rule] = []
        for stanza in props {
            guard let sourcetype = stanza["sourcetype"] else { continue }
            if stanza.name.hasPrefix("rule::") {
                if let rule = Self.rule(stanza, sourcetype.text, &problems) { rules.append(rule) }
            } else if stanza.name.hasPrefix("delayedrule::") {
                if let rule = Self.rule(stanza, sourcetype.text, &problems) { delayed.append(rule) }
            } else if let pattern = StanzaPattern(stanza: stanza.name), pattern.kind == .source {
                let priority = stanza["priority"].flatMap { Int($0.text) } ?? (pattern.isLiteral ? 100 : 0)
                bySource.append((pattern, priority, sourcetype.text))
            }
        }
        bySource.sort { left, right in
            left.priority != right.priority
                ? left.priority > right.priority : asciiCompare(left.pattern.stanza, right.pattern.stanza) < 0
        }
        rules += delayed
    }

    func recognise(sample: [UnsafeRawBufferPointer], path: String) -> String? {
        if let found = bySource.first(where: { $0.pattern.matches(sourcetype: "", source: path, host: "") }) {
            return found.sourcetype
        }
        guard !sample.isEmpty else { return nil }
        return rules.first { rule in
            rule.conditions.allSatisfy { condition in
                let matching = sample.count { (try? condition.pattern.matches($0)) ?? false }
                let percent = matching * 100
                return condition.isMinimum
                    ? percent > condition.percent * sample.count : percent < condition.percent * sample.count
            }
        }?.sourcetype
    }

    private static func rule(
        _ stanza: ConfLayers.Stanza, _ sourcetype: String, _ problems: inout ProblemList
    ) -> Rule? {
        var conditions: [(percent: Int, isMinimum: Bool, pattern: Regex)] = []
        for name in stanza.settings.keys.sorted(by: { asciiCompare($0, $1) < 0 }) {
            guard let value = stanza[name], name != "sourcetype" else { continue }
            let isMinimum = name.hasPrefix("MORE_THAN_")
            guard isMinimum || name.hasPrefix("LESS_THAN_") else { continue }
            guard let percent = Int(name.dropFirst("MORE_THAN_".count)), (0...100).contains(percent) else {
                problems.add("E452", value, "'\(name)' does not end in a percentage", hint: "write MORE_THAN_80")
                return nil
            }
            guard let pattern = compiledRegex(value.text, value, &problems) else { return nil }
            conditions.append((percent, isMinimum, pattern))
        }
        guard !conditions.isEmpty else {
            problems.add("E452", stanza.place, "rule '\(stanza.name)' has no MORE_THAN_ or LESS_THAN_ condition")
            return nil
        }
        return Rule(sourcetype: sourcetype, conditions: conditions)
    }
}
