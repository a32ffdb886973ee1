// A stanza of transforms.conf that names a table. Source: Admin Manual 9.3, transforms.conf, "Lookup tables"; Knowledge
// Manager Manual 9.4, "Add field matching rules to your lookup configuration".

struct LookupDefinition: Hashable, Sendable {
    enum MatchType: Hashable, Sendable { case exact, wildcard, cidr }

    var filename: String
    var isCaseSensitive = true
    var matchTypes: [String: MatchType] = [:]
    var minimumMatches = 0
    var maximumMatches = 100
    var defaultMatch = ""

    static let supported: Set<String> = [
        "filename", "case_sensitive_match", "match_type", "min_matches", "max_matches", "default_match",
    ]

    /// A table used under its file's own name, without a stanza.
    init(filename: String) { self.filename = filename }

    init?(_ stanza: ConfLayers.Stanza, _ problems: inout ProblemList) {
        guard let filename = stanza["filename"] else {
            problems.add(
                "E451", stanza.place, "lookup '\(stanza.name)' names no CSV file",
                hint: "external, geospatial and KV store lookups are not supported: give a filename")
            return nil
        }
        self.filename = filename.text
        if let value = stanza["case_sensitive_match"] {
            if let flag = splunkBoolean(value.text) {
                isCaseSensitive = flag
            } else {
                problems.add("E452", value, "'\(shortened(value.text))' is no boolean", hint: "write true or false")
            }
        }
        minimumMatches = Self.count(stanza["min_matches"], 0...1000, fallback: 0, &problems)
        maximumMatches = Self.count(stanza["max_matches"], 1...1000, fallback: 100, &problems)
        defaultMatch = stanza["default_match"]?.text ?? ""
        if let value = stanza["match_type"] { readMatchTypes(value, &problems) }
    }

    private mutating func readMatchTypes(_ value: ConfValue, _ problems: inout ProblemList) {
        for item in value.text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" || $0 == "\t" }) {
            guard let open = item.firstIndex(of: "("), item.last == ")" else {
                problems.add("E452", value, "match type '\(item)' is malformed", hint: "write WILDCARD(column)")
                continue
            }
            let column = String(item[item.index(after: open)...].dropLast())
            switch item[..<open].uppercased() {
            case "WILDCARD": matchTypes[column] = .wildcard
            case "CIDR": matchTypes[column] = .cidr
            case "EXACT": matchTypes[column] = .exact
            default:
                problems.add(
                    "E451", value, "match type '\(item)' is not supported", hint: "use WILDCARD, CIDR or EXACT")
            }
        }
    }

    private static func count(
        _ value: ConfValue?, _ range: ClosedRange<Int>, fallback: Int, _ problems: inout ProblemList
    ) -> Int {
        guard let value else { return fallback }
        guard let number = Int(value.text), range.contains(number) else {
            problems.add(
                "E452", value, "'\(shortened(value.text))' is not in \(range.lowerBound)...\(range.upperBound)")
            return fallback
        }
        return number
    }
}
