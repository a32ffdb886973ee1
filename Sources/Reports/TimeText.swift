import Formats

/// Times as reports print them. Input is UTC microseconds since 1970 everywhere.
public enum TimeText {
    /// ISO 8601 in UTC: `2026-11-20T21:10:00Z`; six digits of fraction only when they are not zero.
    public static func iso8601(_ microseconds: Int64) -> String {
        let (seconds, fraction) = split(microseconds)
        let fractionText = fraction == 0 ? "" : "." + padded(Int(fraction), 6)
        return civil(seconds, separator: "T") + fractionText + "Z"
    }

    /// Epoch seconds as Splunk's `info_min_time` has them, with no more digits than needed: `1795122600`, `0.5`.
    public static func epochSeconds(_ microseconds: Int64) -> String {
        let magnitude = microseconds.magnitude
        let sign = microseconds < 0 ? "-" : ""
        guard magnitude % 1_000_000 != 0 else { return sign + String(magnitude / 1_000_000) }
        var digits = padded(Int(magnitude % 1_000_000), 6)
        while digits.hasSuffix("0") { digits.removeLast() }
        return sign + "\(magnitude / 1_000_000).\(digits)"
    }

    /// For people, on the clock of `zone`, to the second: `2026-11-20 22:10:00`.
    static func local(_ microseconds: Int64, zone: TimeZoneRules) -> String {
        let seconds = split(microseconds).seconds
        return civil(seconds + Int64(zone.offsetSeconds(atUTC: seconds)), separator: " ")
    }

    /// The day on the clock of `zone`.
    static func localDay(_ microseconds: Int64, zone: TimeZoneRules) -> CivilDate {
        let seconds = split(microseconds).seconds
        return CivilDateTime(localSeconds: seconds + Int64(zone.offsetSeconds(atUTC: seconds))).date
    }

    /// 0 to 23, on the clock of `zone`.
    static func localHour(_ microseconds: Int64, zone: TimeZoneRules) -> Int {
        let seconds = split(microseconds).seconds
        return CivilDateTime(localSeconds: seconds + Int64(zone.offsetSeconds(atUTC: seconds))).hour
    }

    /// When `day` begins on the clock of `zone`; in a zone that skips its midnight, right after the gap.
    static func start(of day: CivilDate, zone: TimeZoneRules) -> Int64 {
        zone.utcSeconds(fromLocal: CivilDateTime(date: day).localSeconds) * 1_000_000
    }

    static func day(_ day: CivilDate) -> String {
        padded(day.year, 4) + "-" + padded(day.month, 2) + "-" + padded(day.day, 2)
    }

    static func weekdayName(_ day: CivilDate) -> String {
        ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][day.weekday]
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func split(_ microseconds: Int64) -> (seconds: Int64, fraction: Int64) {
        let fraction = microseconds % 1_000_000
        let seconds = microseconds / 1_000_000
        return fraction < 0 ? (seconds - 1, fraction + 1_000_000) : (seconds, fraction)
    }

    private static func civil(_ localSeconds: Int64, separator: String) -> String {
        let time = CivilDateTime(localSeconds: localSeconds)
        let clock = [time.hour, time.minute, time.second].map { padded($0, 2) }.joined(separator: ":")
        return day(time.date) + separator + clock
    }
}
