public import Formats

/// One ISO 8601 week on the clock of a zone: Monday 00:00, inclusive, to the next Monday 00:00, exclusive.
public struct SummaryWeek: Sendable, Hashable {
    public let zone: TimeZoneRules
    let monday: CivilDate

    /// - Parameter text: `2026-W47`.
    /// - Throws: `E701` for another form, and for a week 53 in a year that has none.
    public init(_ text: String, zone: TimeZoneRules) throws(SummaryWeekError) {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix(4) + bytes.dropFirst(6)
        guard bytes.count == 8, bytes[4] == UInt8(ascii: "-"), bytes[5] | 0x20 == UInt8(ascii: "w"),
            digits.allSatisfy({ (48...57).contains($0) }), let number = Int(String(decoding: digits, as: UTF8.self))
        else { throw SummaryWeekError(message: "'\(text)' is not an ISO week") }
        let (year, week) = (number / 100, number % 100)
        // 4 January is always in week 1 (ISO 8601-1, 3.1.1.23).
        guard let fourth = CivilDate(year: year, month: 1, day: 4) else {
            throw SummaryWeekError(message: "'\(text)' is not an ISO week")
        }
        let monday = CivilDate(daysSinceEpoch: SummaryWeek.monday(of: fourth).daysSinceEpoch + 7 * (week - 1))
        guard monday.isoWeek == (year, week) else {
            throw SummaryWeekError(message: "year \(TimeText.padded(year, 4)) has no week \(week)")
        }
        self.init(monday: monday, zone: zone)
    }

    /// The last week that is over at `now` (UTC microseconds).
    public static func lastWhole(before now: Int64, zone: TimeZoneRules) -> SummaryWeek {
        SummaryWeek(monday: monday(of: TimeText.localDay(now, zone: zone)), zone: zone).previous
    }

    private init(monday: CivilDate, zone: TimeZoneRules) {
        self.monday = monday
        self.zone = zone
    }

    public var previous: SummaryWeek { SummaryWeek(monday: day(-7), zone: zone) }

    /// Inclusive, UTC microseconds.
    public var startMicroseconds: Int64 { TimeText.start(of: monday, zone: zone) }

    /// Exclusive, UTC microseconds.
    public var endMicroseconds: Int64 { TimeText.start(of: day(7), zone: zone) }

    /// When each day of the week before and of this week begins, and when this week ends: fifteen times.
    public var dayStarts: [Int64] { (-7...7).map { TimeText.start(of: day($0), zone: zone) } }

    /// `2026-W47`.
    public var name: String {
        let (year, week) = monday.isoWeek
        return TimeText.padded(year, 4) + "-W" + TimeText.padded(week, 2)
    }

    /// Monday to Sunday.
    var days: [CivilDate] { (0..<7).map(day) }

    /// Which day of the week, 0 = Monday; nil outside the week.
    func dayIndex(_ microseconds: Int64) -> Int? {
        guard microseconds >= startMicroseconds, microseconds < endMicroseconds else { return nil }
        let days = TimeText.localDay(microseconds, zone: zone).daysSinceEpoch - monday.daysSinceEpoch
        return min(max(days, 0), 6)
    }

    /// The day as ``dayIndex(_:)`` gives it, and the hour on the zone's clock; nil outside the week.
    func dayAndHour(_ microseconds: Int64) -> (day: Int, hour: Int)? {
        guard let day = dayIndex(microseconds) else { return nil }
        return (day, TimeText.localHour(microseconds, zone: zone))
    }

    private func day(_ offset: Int) -> CivilDate { CivilDate(daysSinceEpoch: monday.daysSinceEpoch + offset) }

    private static func monday(of day: CivilDate) -> CivilDate {
        CivilDate(daysSinceEpoch: day.daysSinceEpoch - (day.weekday + 6) % 7)
    }
}

/// Why a week cannot be read.
public struct SummaryWeekError: Error, Sendable, Hashable, CustomStringConvertible {
    public var message: String
    public var code: String { "E701" }
    public var hint: String { "write the year and the ISO week number, as in 2026-W47" }
    public var description: String { "error[\(code)]: \(message): \(hint)" }
}
