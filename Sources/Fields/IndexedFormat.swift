import Formats

/// INDEXED_EXTRACTIONS: what the fields of a text are before any search asks.
///
/// They are made when a search needs them all the same, before all other extractions, as fields that the event came with.
enum IndexedFormat: Sendable {
    /// - Parameter trimsBraces: JSON_TRIM_BRACES_IN_ARRAY_NAMES.
    case json(trimsBraces: Bool, timestampFields: [String])
    case table(TableRules)

    init?(_ settings: OriginSettings, _ problems: inout ProblemList) {
        guard let value = settings["INDEXED_EXTRACTIONS"] else { return nil }
        let form = value.text.lowercased()
        switch form {
        case "json":
            self = .json(
                trimsBraces: settings.flag("JSON_TRIM_BRACES_IN_ARRAY_NAMES", &problems) ?? false,
                timestampFields: settings.list("TIMESTAMP_FIELDS") ?? [])
        // Envelopes are opened wherever they are met.
        case "", "none", "hec": return nil
        default:
            guard let rules = TableRules(form, settings, &problems) else {
                problems.add(
                    "E451", value, "INDEXED_EXTRACTIONS '\(shortened(value.text))' is not supported",
                    hint: "one of csv, tsv, psv, w3c, json and hec")
                return nil
            }
            self = .table(rules)
        }
    }
}
