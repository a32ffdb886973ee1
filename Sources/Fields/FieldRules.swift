import Formats

// The search-time settings of one origin, read into typed rules in the order in which Splunk runs them:
// EXTRACT, REPORT, KV_MODE, FIELDALIAS, EVAL, LOOKUP. Source: Knowledge Manager Manual 9.3, "The sequence of search-time
// operations".

struct FieldRules: Sendable {
    enum KeyValueMode: Sendable {
        case none
        case automatic(AutomaticPairs)
        case json
        case xml
        /// `multi`: columns of the tables in the text.
        case table
    }

    struct AutomaticPairs: Sendable {
        /// AUTO_KV_JSON: a text that is a JSON object gives its fields too.
        var readsJSON = true
        /// `auto_escaped`: `\"` and `\\` in quotes are a quote and a backslash.
        var honoursEscapes = false
        /// KV_TRIM_SPACES: no blanks at the ends of a value in quotes.
        var trimsSpaces = true
    }

    struct Extract: Sendable {
        var pattern: String
        /// The field it reads; `_raw` unless `in <field>` follows the pattern.
        var sourceField: String
        var place: ConfValue
        var line: AddonLine
    }

    struct Report: Sendable {
        var rule: TransformRule
        var line: AddonLine
    }

    struct Alias: Sendable {
        var pair: NamePair
        var line: AddonLine
    }

    struct Eval: Sendable {
        var field: String
        var text: String
        var place: ConfValue
        var line: AddonLine { AddonLine(place, name: "EVAL-\(field)") }
    }

    struct Lookup: Sendable {
        var rule: LookupRule
        var place: ConfValue
        var line: AddonLine
    }

    private(set) var extracts: [Extract] = []
    private(set) var reports: [Report] = []
    private(set) var keyValueMode = KeyValueMode.automatic(AutomaticPairs())
    private(set) var aliases: [Alias] = []
    private(set) var evals: [Eval] = []
    private(set) var lookups: [Lookup] = []

    init(_ settings: OriginSettings, transforms: ConfLayers, _ problems: inout ProblemList) {
        for (name, value) in settings.classes("EXTRACT-") {
            extracts.append(Self.extract(value, AddonLine(value, name: "EXTRACT-\(name)")))
        }
        for (className, value) in settings.classes("REPORT-") {
            for name in value.listedNames {
                guard let stanza = transforms.stanza(name) else {
                    problems.add(
                        "E455", value, "transform '\(name)' is not in any transforms.conf",
                        hint: "add the stanza [\(name)] or remove it from the REPORT- setting")
                    continue
                }
                if let rule = TransformRule(stanza, &problems) {
                    let line = AddonLine(value, name: "REPORT-\(className) [\(name)]")
                    reports.append(Report(rule: rule, line: line))
                }
            }
        }
        readKeyValueMode(settings, &problems)
        for (name, value) in settings.classes("FIELDALIAS-") {
            guard let pairs = NamePairs.aliases(value.text) else {
                problems.add(
                    "E452", value, "alias '\(shortened(value.text))' is not of the form 'field AS alias'",
                    hint: "write FIELDALIAS-class = field AS alias [field AS alias ...]")
                continue
            }
            aliases += pairs.map { Alias(pair: $0, line: AddonLine(value, name: "FIELDALIAS-\(name)")) }
        }
        for (name, value) in settings.classes("EVAL-") {
            evals.append(Eval(field: name, text: value.text, place: value))
        }
        for (name, value) in settings.classes("LOOKUP-") {
            guard let rule = LookupRule(value.text) else {
                problems.add(
                    "E452", value, "automatic lookup '\(shortened(value.text))' is malformed",
                    hint: "write LOOKUP-class = table column [AS field] OUTPUT|OUTPUTNEW column [AS field] ...")
                continue
            }
            lookups.append(Lookup(rule: rule, place: value, line: AddonLine(value, name: "LOOKUP-\(name)")))
        }
    }

    private mutating func readKeyValueMode(_ settings: OriginSettings, _ problems: inout ProblemList) {
        var pairs = AutomaticPairs()
        pairs.readsJSON = settings.flag("AUTO_KV_JSON", &problems) ?? true
        pairs.trimsSpaces = settings.flag("KV_TRIM_SPACES", &problems) ?? true
        let mode = settings["KV_MODE"]
        switch mode?.text.lowercased() ?? "" {
        case "none": keyValueMode = .none
        case "json": keyValueMode = .json
        case "xml": keyValueMode = .xml
        case "multi": keyValueMode = .table
        case "auto_escaped":
            pairs.honoursEscapes = true
            keyValueMode = .automatic(pairs)
        case "auto", "": keyValueMode = .automatic(pairs)
        default:
            keyValueMode = .none
            guard let mode else { return }
            problems.add(
                "E451", mode, "KV_MODE '\(shortened(mode.text))' is not supported; no fields are extracted by it",
                hint: "one of auto, auto_escaped, json, xml, multi and none")
        }
    }

    /// `<regex>` or `<regex> in <field>`.
    private static func extract(_ value: ConfValue, _ line: AddonLine) -> Extract {
        let text = value.text
        if let range = lastIn(text) {
            let field = trimmedBlanks(text[range.upperBound...])
            let isName = !field.isEmpty && field.utf8.allSatisfy { $0 == 95 || isAlphanumeric($0) }
            if isName {
                return Extract(
                    pattern: trimmedBlanks(text[..<range.lowerBound]), sourceField: field, place: value, line: line)
            }
        }
        return Extract(pattern: text, sourceField: "_raw", place: value, line: line)
    }

    private static func lastIn(_ text: String) -> Range<String.Index>? {
        let utf8 = text.utf8
        guard utf8.count >= 4 else { return nil }
        let needle = Array(" in ".utf8)
        var index = utf8.index(utf8.endIndex, offsetBy: -4)
        while true {
            let end = utf8.index(index, offsetBy: 4)
            if utf8[index..<end].elementsEqual(needle) { return index..<end }
            if index == utf8.startIndex { return nil }
            index = utf8.index(before: index)
        }
    }
}

func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 }

func trimmedBlanks(_ text: some StringProtocol) -> String {
    var slice = Substring(text)
    while let first = slice.utf8.first, first == 0x20 || first == 0x09 || first == 0x0A { slice = slice.dropFirst() }
    while let last = slice.utf8.last, last == 0x20 || last == 0x09 || last == 0x0A { slice = slice.dropLast() }
    return String(slice)
}

/// At most 60 characters of a setting, for messages.
func shortened(_ text: String) -> String { text.count <= 60 ? text : String(text.prefix(60)) + "..." }
