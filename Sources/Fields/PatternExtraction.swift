import Columns
import Formats
import Matching

// EXTRACT- and REPORT- with a regular expression.

/// A pattern and where its groups go.
struct PatternExtraction: Sendable {
    private struct Target: Sendable {
        var name: FormatTemplate
        /// Nil when the name is made of groups.
        var fixedName: String?
        var value: FormatTemplate

        /// A group and the field that it fills.
        init(_ name: String, group: Int) {
            self.init(name: [], fixedName: name, value: [.group(group)])
        }

        init(name: [TransformRule.FormatPiece], fixedName: String?, value: [TransformRule.FormatPiece]) {
            self.name = FormatTemplate(name)
            self.fixedName = fixedName
            self.value = FormatTemplate(value)
        }
    }

    let sourceField: String
    /// Nil when the names come from the event.
    let outputs: [String]?
    let line: AddonLine
    private let regex: Regex
    private let targets: [Target]
    private let findsAll: Bool
    private let addsValues: Bool
    private let cleansNames: Bool
    private let keepsEmptyValues: Bool

    /// A match that finds more names or values than this in one event stops.
    private static let maximumMatches = 10_000

    init?(_ extract: FieldRules.Extract, _ problems: inout ProblemList) {
        guard let regex = compiledRegex(Self.spanningLines(extract.pattern), extract.place, &problems) else {
            return nil
        }
        let groups = regex.groupNames
        guard !groups.isEmpty else {
            problems.add(
                "E452", extract.place, "'\(shortened(extract.pattern))' has no named group", hint: "write (?<field>...)"
            )
            return nil
        }
        self.regex = regex
        sourceField = extract.sourceField
        line = extract.line
        outputs = groups.map(\.name)
        targets = groups.map { Target($0.name, group: $0.index) }
        findsAll = false
        addsValues = false
        cleansNames = false
        keepsEmptyValues = false
    }

    /// Splunk puts `(?ms)` before an EXTRACT-, and nothing before the REGEX of a transform.
    /// Source: Admin Manual 9.3, props.conf, EXTRACT-.
    private static func spanningLines(_ pattern: String) -> String {
        // `(*UTF)` and its kin are read at the very start only.
        var rest = Substring(pattern)
        while rest.hasPrefix("(*"), let end = rest.firstIndex(of: ")") { rest = rest[rest.index(after: end)...] }
        return pattern.dropLast(rest.count) + "(?ms)" + rest
    }

    init?(
        _ report: FieldRules.Report, pattern: String, format: [TransformRule.FormatPair], _ problems: inout ProblemList
    ) {
        let rule = report.rule
        guard let regex = compiledRegex(pattern, rule.place, &problems) else { return nil }
        self.regex = regex
        sourceField = rule.sourceKey
        line = report.line
        addsValues = rule.addsValues
        cleansNames = rule.cleansNames
        keepsEmptyValues = rule.keepsEmptyValues
        let groups = regex.groupNames
        outputs = rule.fixedOutputs(groupNames: groups.map(\.name))
        if format.isEmpty {
            targets = Self.targets(groups)
        } else {
            guard format.allSatisfy({ Self.isKnown($0, regex, rule, &problems) }) else { return nil }
            targets = format.map { pair in
                Target(name: pair.name, fixedName: pair.isDynamic ? nil : pair.fixedName, value: pair.value)
            }
        }
        guard !targets.isEmpty else {
            problems.add(
                "E452", rule.place, "transform '\(rule.place.text)' has neither FORMAT nor named groups",
                hint: "write FORMAT = field::$1 or name the groups")
            return nil
        }
        findsAll = addsValues || outputs == nil
    }

    /// `$0` is the old value of DEST_KEY, which a search has not.
    private static func isKnown(
        _ pair: TransformRule.FormatPair, _ regex: Regex, _ rule: TransformRule, _ problems: inout ProblemList
    ) -> Bool {
        for case .group(let group) in pair.name + pair.value where group < 1 || group > regex.groupCount {
            problems.add(
                "E452", rule.place,
                "FORMAT of '\(shortened(rule.place.text))' names group $\(group), which is not there",
                hint: "its REGEX has \(regex.groupCount); groups count from $1")
            return false
        }
        return true
    }

    /// `_KEY_x` names the field that `_VAL_x` fills.
    private static func targets(_ groups: [Regex.Group]) -> [Target] {
        groups.compactMap { group in
            if group.name.hasPrefix("_VAL_") { return nil }
            guard group.name.hasPrefix("_KEY_") else {
                return Target(group.name, group: group.index)
            }
            let suffix = group.name.dropFirst("_KEY_".count)
            guard let value = groups.first(where: { $0.name == "_VAL_" + suffix }) else { return nil }
            return Target(name: [.group(group.index)], fixedName: nil, value: [.group(value.index)])
        }
    }

    /// A pattern that gives up on a text finds nothing more in it.
    func apply(_ text: UnsafeRawBufferPointer, row: Int, to fields: inout ExtractedFields) {
        guard findsAll else {
            guard let match = try? regex.firstMatch(in: text) else { return }
            for target in targets { take(target, match, text, row: row, &fields) }
            return
        }
        var count = 0
        try? regex.forEachMatch(in: text) { match throws(RegexError) in
            for target in targets { take(target, match, text, row: row, &fields) }
            count += 1
            return count < Self.maximumMatches
        }
    }

    private func take(
        _ target: Target, _ match: RegexMatch, _ text: UnsafeRawBufferPointer, row: Int,
        _ fields: inout ExtractedFields
    ) {
        // The name first: most names of an event are not wanted, and their values are not looked at.
        guard let index = column(target, match, text, &fields), addsValues || !fields.has(index, row: row) else {
            return
        }
        if let group = target.value.onlyGroup {
            guard let range = match[group], keepsEmptyValues || !range.isEmpty else { return }
            fields.append(index, UnsafeRawBufferPointer(rebasing: text[range]), row: row)
        } else if let value = target.value.filled(match, text), keepsEmptyValues || !value.isEmpty {
            value.withUnsafeBytes { fields.append(index, $0, row: row) }
        }
    }

    private func column(
        _ target: Target, _ match: RegexMatch, _ text: UnsafeRawBufferPointer, _ fields: inout ExtractedFields
    ) -> Int? {
        if let name = target.fixedName { return fields.index(of: name) }
        if let group = target.name.onlyGroup {
            guard let range = match[group], !range.isEmpty else { return nil }
            return fields.index(ofText: UnsafeRawBufferPointer(rebasing: text[range]), cleaned: cleansNames)
        }
        guard let name = target.name.filled(match, text), !name.isEmpty else { return nil }
        return name.withUnsafeBytes { fields.index(ofText: $0, cleaned: cleansNames) }
    }
}
