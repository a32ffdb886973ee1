import Columns
import Formats

// The fields that every event has without any add-on. Source: Knowledge Manager Manual 10.0, "Use default fields".

enum DefaultFields {
    static let origin: Set<String> = ["index", "host", "source", "sourcetype"]
    static let date: Set<String> = [
        "date_hour", "date_mday", "date_minute", "date_month", "date_second", "date_wday", "date_year", "date_zone",
    ]
    static let position: Set<String> = ["timestartpos", "timeendpos", "timestamp"]
    static let text: Set<String> = ["punct", "linecount"]

    /// Names that never come from a raw field, whatever the text says.
    static let all = origin.union(date).union(position).union(text).union([
        "_time", "_raw", "eventtype", "tag", "splunk_server", "_indextime",
    ])

    /// What extraction from the text leaves alone. A raw `date_hour`, `timestamp` or `tag` does come through.
    static let reserved = origin.union(text).union(["_time", "_raw"])

    /// What automatic extraction calls a field of the text that has the name of one of `origin`.
    static func extracted(_ name: String) -> String { "extracted_" + name }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// The date and place of the timestamp as it stands in the text, without zone conversion; numbers without leading
    /// zeros.
    static func timeValue(_ name: String, _ time: ParsedTime?) -> Value {
        guard let time else {
            // Splunk says so where it found none, and has no such field otherwise.
            return name == "timestamp" ? .text("none") : .null
        }
        let civil = time.civil
        switch name {
        case "date_hour": return number(civil.hour)
        case "date_mday": return number(civil.day)
        case "date_minute": return number(civil.minute)
        case "date_second": return number(civil.second)
        case "date_year": return number(civil.year)
        case "date_month": return .text(months[civil.month - 1])
        case "date_wday": return .text(weekdays[civil.date.weekday])
        case "date_zone": return time.zoneOffsetMinutes.map(number) ?? .text("local")
        case "timestartpos": return number(time.startIndex)
        case "timeendpos": return number(time.endIndex)
        default: return .null
        }
    }

    static func number(_ number: Int) -> Value { .text(String(number)) }

    /// Splunk documents thirty punctuation characters; real events have fifty, blanks (as `_`) counted.
    private static let punctuationLength = 50

    /// The punctuation of the first line: blanks as `_`, tabs as `t`, letters and digits left out.
    static func punct(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var punct: [UInt8] = []
        for byte in text {
            if byte == 0x0A || byte == 0x0D || punct.count == punctuationLength { break }
            if byte == 0x20 {
                punct.append(UInt8(ascii: "_"))
            } else if byte == 0x09 {
                punct.append(UInt8(ascii: "t"))
            } else if byte > 0x20, byte < 0x7F, !isAlphanumeric(byte) {
                punct.append(byte)
            }
        }
        return punct
    }

    /// Lines in the text; a break at its very end opens no further line.
    static func lineCount(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 1
        for index in text.indices.dropLast() where text[index] == 0x0A { count += 1 }
        return count
    }
}
