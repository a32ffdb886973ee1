import Columns
import Formats
import Matching

// Where an event's own time stands in its text. Source: Admin Manual 9.3, props.conf, "Timestamp extraction
// configuration"; Getting Data In 9.3, "How timestamp assignment works".

struct TimestampRules: Sendable {
    private let prefix: Regex?
    private let format: TimeFormat?
    private let lookahead: Int
    /// `TZ`: the zone of text that names none.
    private let zone: TimeZoneRules?
    /// DATETIME_CONFIG = NONE or CURRENT: the text is not asked.
    private let ignoresText: Bool
    /// DATETIME_CONFIG = CURRENT: an event without an envelope's time happened when it was read.
    let isTimeOfReading: Bool

    private static let defaultLookahead = 128

    init(_ settings: OriginSettings, zones: [String: TimeZoneRules], _ problems: inout ProblemList) {
        prefix = settings["TIME_PREFIX"].flatMap { compiledRegex($0.text, $0, &problems) }
        lookahead = Self.lookahead(settings["MAX_TIMESTAMP_LOOKAHEAD"], &problems)
        format = settings["TIME_FORMAT"].flatMap { Self.format($0, &problems) }
        zone = settings["TZ"].flatMap { Self.zone($0, zones, &problems) }
        isTimeOfReading = settings["DATETIME_CONFIG"]?.text.uppercased() == "CURRENT"
        switch settings["DATETIME_CONFIG"]?.text.uppercased() {
        case nil, "", "/ETC/DATETIME.XML": ignoresText = false
        case "NONE", "CURRENT": ignoresText = true
        default:
            ignoresText = false
            if let place = settings["DATETIME_CONFIG"] {
                problems.add(
                    "E451", place, "DATETIME_CONFIG '\(shortened(place.text))' is not supported",
                    hint: "write TIME_PREFIX and TIME_FORMAT, or NONE")
            }
        }
    }

    /// - Parameter zone: used where neither the text nor TZ names one.
    /// - Returns: nil when the text holds no timestamp where these rules look.
    func parse(
        _ text: UnsafeRawBufferPointer, zone fallback: TimeZoneRules, referenceMicroseconds: Int64?
    ) -> ParsedTime? {
        if ignoresText { return nil }
        var start = 0
        if let prefix {
            // A pattern that gives up finds nothing; the event then counts as one without a timestamp.
            guard let match = try? prefix.firstMatch(in: text) else { return nil }
            start = match.range.upperBound
        }
        let zone = zone ?? fallback
        guard let format else {
            return TimestampScanner(lookaheadBytes: lookahead)
                .firstTimestamp(in: text, from: start, zone: zone, referenceMicroseconds: referenceMicroseconds)
        }
        let end = min(text.count, start + lookahead)
        // The lookahead bounds the timestamp's end, not only its beginning.
        let window = UnsafeRawBufferPointer(rebasing: text[0..<max(start, end)])
        if let found = format.parse(
            window, from: start, zone: zone, referenceMicroseconds: referenceMicroseconds)
        {
            return found
        }
        var position = start + 1
        while position < end {
            if isAlphanumeric(window[position]), !isAlphanumeric(window[position - 1]),
                let found = format.parse(
                    window, from: position, zone: zone, referenceMicroseconds: referenceMicroseconds)
            {
                return found
            }
            position += 1
        }
        return nil
    }

    private static func lookahead(_ value: ConfValue?, _ problems: inout ProblemList) -> Int {
        guard let value else { return defaultLookahead }
        guard let number = Int(value.text), number >= -1 else {
            problems.add("E452", value, "'\(shortened(value.text))' is no number of characters", hint: "-1 is no limit")
            return defaultLookahead
        }
        return number <= 0 ? Int(Int32.max) : number
    }

    private static func format(_ value: ConfValue, _ problems: inout ProblemList) -> TimeFormat? {
        do {
            return try TimeFormat(value.text)
        } catch {
            problems.add("E452", value, "TIME_FORMAT: \(error.message)", hint: error.hint)
            return nil
        }
    }

    private static func zone(
        _ value: ConfValue, _ zones: [String: TimeZoneRules], _ problems: inout ProblemList
    ) -> TimeZoneRules? {
        if let zone = zones[value.text] { return zone }
        if ["UTC", "GMT", "Z", "ETC/UTC", "ETC/GMT"].contains(value.text.uppercased()) { return .utc }
        problems.add(
            "E455", value, "time zone '\(shortened(value.text))' is not known",
            hint: "write a name of the tz database, such as Europe/Berlin")
        return nil
    }
}

/// A pattern of a configuration file; a bad one is reported and left out.
func compiledRegex(_ pattern: String, _ place: ConfValue, _ problems: inout ProblemList) -> Regex? {
    do {
        return try Regex(pattern)
    } catch {
        problems.add(
            "E453", place, "'\(shortened(pattern))' is not a regular expression: \(error.message)",
            hint: "patterns are PCRE, as in Splunk")
        return nil
    }
}
