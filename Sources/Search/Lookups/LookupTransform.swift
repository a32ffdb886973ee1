import Formats

/// How a lookup finds its rows: what a stanza of transforms.conf, or content in YAML, says of a table.
///
/// Source: Splunk Admin Manual 9.4, transforms.conf, "Lookup tables"; Knowledge Manager Manual 9.4, "Add field matching
/// rules to your lookup configuration" and "Configure a time-bounded lookup".
public struct LookupTransform: Hashable, Sendable {
    public enum Store: Hashable, Sendable {
        /// A CSV table by its file name.
        case file(String)
        /// A KV store collection and its `fields_list`; without one the rows tell the fields.
        case collection(String, fields: [String])
        /// A computation of ``ScriptedLookup``.
        case script(String)
    }

    public enum MatchType: String, Hashable, Sendable { case exact = "EXACT", wildcard = "WILDCARD", cidr = "CIDR" }

    /// A row matches an event that is at least `minimumOffset` and at most `maximumOffset` seconds later than the row.
    public struct TimeMatch: Hashable, Sendable {
        public var column: String
        public var format: String
        public var minimumOffset: Double
        public var maximumOffset: Double
    }

    public var name: String
    public var store: Store
    public var isCaseSensitive = true
    /// By column; a column without one is compared for equality.
    public var matchTypes: [String: MatchType] = [:]
    public var minimumMatches = 0
    /// Nil: one for a time-bounded lookup, else ``SearchLimits/lookupMatches``.
    public var maximumMatches: Int?
    public var defaultMatch = ""
    public var time: TimeMatch?

    public init(name: String, store: Store) {
        self.name = name
        self.store = store
    }

    /// What the rows are kept under: file and collection of several definitions are one table.
    public var tableName: String {
        switch store {
        case .file(let file): file
        case .collection(let name, _): name
        case .script(let name): name
        }
    }
}

/// A setting of a lookup that is not run as written.
public struct LookupSettingProblem: Hashable, Sendable {
    /// Nil: the stanza as a whole.
    public var setting: String?
    /// The setting is well-formed, but not supported.
    public var isUnsupported: Bool
    public var message: String
    public var hint: String?
}

extension LookupTransform {
    /// The settings that are read.
    public static let settingNames: Set<String> = [
        "filename", "collection", "external_type", "external_cmd", "fields_list", "case_sensitive_match", "match_type",
        "min_matches", "max_matches", "default_match", "time_field", "time_format", "max_offset_secs",
        "min_offset_secs",
    ]

    /// Settings that make a stanza of transforms.conf a lookup.
    public static let storeSettingNames = ["filename", "collection", "external_type", "external_cmd"]

    /// Reads the settings of a stanza; what cannot be read keeps its default and is told in `problems`.
    /// - Returns: nil where they name no table that can be read.
    public init?(name: String, settings: [String: String], problems: inout [LookupSettingProblem]) {
        guard let store = Self.store(name, settings) else {
            let external = ["external_cmd", "external_type"].first { settings[$0] != nil }
            let message =
                external.map { "lookup '\(name)' is external (\($0)), which is not supported" }
                ?? "lookup '\(name)' names neither a CSV file nor a collection"
            problems.append(
                LookupSettingProblem(
                    setting: external, isUnsupported: true, message: message, hint: "give a filename or a collection"))
            return nil
        }
        self.init(name: name, store: store)
        var reader = SettingReader(settings: settings)
        if case .file = store { isCaseSensitive = reader.boolean("case_sensitive_match", fallback: true) }
        minimumMatches = reader.count("min_matches", 0...1000) ?? 0
        maximumMatches = reader.count("max_matches", 1...1000)
        defaultMatch = settings["default_match"] ?? ""
        matchTypes = reader.matchTypes()
        if let column = settings["time_field"], !column.isEmpty {
            time = TimeMatch(
                column: column, format: settings["time_format"] ?? "%s.%Q",
                minimumOffset: reader.seconds("min_offset_secs") ?? 0,
                maximumOffset: reader.seconds("max_offset_secs") ?? 2_000_000_000)
        }
        problems += reader.problems
    }

    private static func store(_ name: String, _ settings: [String: String]) -> Store? {
        if let filename = settings["filename"], !filename.isEmpty { return .file(filename) }
        if let collection = settings["collection"], !collection.isEmpty {
            return .collection(collection, fields: fieldList(settings["fields_list"] ?? ""))
        }
        return ScriptedLookup.named(name) == nil ? nil : .script(name)
    }

    /// `WILDCARD(column)`, `CIDR(column)`, `EXACT(column)` by column; anything else is left out.
    public static func matchTypes(_ items: [String]) -> [String: MatchType] {
        var types: [String: MatchType] = [:]
        for item in items {
            guard let open = item.firstIndex(of: "("), item.last == ")",
                let type = MatchType(rawValue: item[..<open].uppercased())
            else { continue }
            types[String(item[item.index(after: open)...].dropLast())] = type
        }
        return types
    }

    /// Names between commas; each once.
    static func fieldList(_ text: String) -> [String] {
        var seen: Set<String> = []
        return text.split(separator: ",").map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
    }
}

private struct SettingReader {
    let settings: [String: String]
    var problems: [LookupSettingProblem] = []

    mutating func report(_ setting: String, _ message: String, hint: String? = nil, isUnsupported: Bool = false) {
        problems.append(
            LookupSettingProblem(setting: setting, isUnsupported: isUnsupported, message: message, hint: hint))
    }

    mutating func boolean(_ name: String, fallback: Bool) -> Bool {
        guard let text = settings[name] else { return fallback }
        if let flag = ConfFile.boolean(text) { return flag }
        report(name, "'\(text.prefix(60))' is no boolean", hint: "write true or false")
        return fallback
    }

    mutating func count(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = settings[name] else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        report(name, "'\(text.prefix(60))' is not in \(range.lowerBound)...\(range.upperBound)")
        return nil
    }

    mutating func seconds(_ name: String) -> Double? {
        guard let text = settings[name] else { return nil }
        if let number = Double(text), number.isFinite { return number }
        report(name, "'\(text.prefix(60))' is no number of seconds")
        return nil
    }

    mutating func matchTypes() -> [String: LookupTransform.MatchType] {
        guard let text = settings["match_type"] else { return [:] }
        var items: [String] = []
        for item in text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" || $0 == "\t" }) {
            guard let open = item.firstIndex(of: "("), item.last == ")" else {
                report("match_type", "match type '\(item.prefix(60))' is malformed", hint: "write WILDCARD(column)")
                continue
            }
            guard LookupTransform.MatchType(rawValue: item[..<open].uppercased()) != nil else {
                report(
                    "match_type", "match type '\(item.prefix(60))' is not supported",
                    hint: "use WILDCARD, CIDR or EXACT", isUnsupported: true)
                continue
            }
            items.append(String(item))
        }
        return LookupTransform.matchTypes(items)
    }
}
