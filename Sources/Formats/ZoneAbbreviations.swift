// Zone names in log text. The tz database does not define them and several mean different offsets in different countries.
// This is our choice for the ambiguous ones: the reading most common in logs (EST, CST and so on are North America's, BST
// is British, IST Indian). The zone of the sourcetype goes first, so that IST in a log from Asia/Jerusalem is Israel's.
// What Splunk does is configurable there (props.conf TZ_ALIAS) and otherwise undocumented.

enum ZoneAbbreviation {
    /// Offset from UTC in minutes; nil for an unknown name.
    static func offsetMinutes(_ name: UnsafeRawBufferPointer, zone: TimeZoneRules) -> Int? {
        guard (1...6).contains(name.count) else { return nil }
        var key: UInt64 = 0
        for byte in name { key = key << 8 | UInt64(byte & 0xDF) }
        // UTC and GMT are by far the most frequent, and mean the same everywhere.
        if key == pack("UTC") || key == pack("GMT") || key == pack("Z") { return 0 }
        if let offset = zone.offsetSeconds(named: String(decoding: name, as: UTF8.self)) { return offset / 60 }
        return table.first { $0.key == key }?.minutes
    }

    private static func pack(_ name: StaticString) -> UInt64 {
        name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    private static let table: [(key: UInt64, minutes: Int)] = [
        (pack("EST"), -300), (pack("EDT"), -240), (pack("CST"), -360), (pack("CDT"), -300),
        (pack("MST"), -420), (pack("MDT"), -360), (pack("PST"), -480), (pack("PDT"), -420),
        (pack("AKST"), -540), (pack("AKDT"), -480), (pack("HST"), -600), (pack("AST"), -240), (pack("ADT"), -180),
        (pack("NST"), -210), (pack("NDT"), -150), (pack("BRT"), -180), (pack("ART"), -180),
        (pack("WET"), 0), (pack("WEST"), 60), (pack("BST"), 60), (pack("CET"), 60), (pack("CEST"), 120),
        (pack("MET"), 60), (pack("MEST"), 120), (pack("EET"), 120), (pack("EEST"), 180), (pack("MSK"), 180),
        (pack("SAST"), 120), (pack("IST"), 330), (pack("PKT"), 300), (pack("ICT"), 420), (pack("WIB"), 420),
        (pack("SGT"), 480), (pack("HKT"), 480), (pack("PHT"), 480), (pack("AWST"), 480), (pack("JST"), 540),
        (pack("KST"), 540), (pack("ACST"), 570), (pack("ACDT"), 630), (pack("AEST"), 600), (pack("AEDT"), 660),
        (pack("NZST"), 720), (pack("NZDT"), 780),
    ]
}
