// From the parts that stood in the text to an instant.

/// A timestamp read from text.
public struct ParsedTime: Hashable, Sendable {
    /// UTC microseconds since 1970-01-01.
    public var microseconds: Int64
    /// The date and time as written, before any zone is applied (`date_hour` and its siblings). For an epoch number,
    /// which has none, its reading in UTC.
    public var civil: CivilDateTime
    /// Minutes east of Greenwich as written; nil when the text named no zone, 0 for an epoch number.
    public var zoneOffsetMinutes: Int?
    /// True when the text was seconds since the epoch, so that `civil` was not written there.
    public var isEpoch: Bool
    /// Byte offsets of the timestamp in the bytes that were read.
    public var range: Range<Int>

    public var startIndex: Int { range.lowerBound }
    public var endIndex: Int { range.upperBound }
}

/// What a timestamp's text gave, before it is known whether that is enough.
struct TimeFields {
    static let unset = Int.min

    var year = unset
    /// `%C`: the first two digits of a year whose last two are in `year`.
    var century = unset
    var month = unset
    var day = unset
    var dayOfYear = unset
    var isoYear = unset
    var isoWeek = unset
    /// 1 = Monday ... 7 = Sunday; only used with `isoYear` and `isoWeek`.
    var isoWeekday = 1
    var hour = 0
    var minute = 0
    var second = 0
    var hourIsTwelveHour = false
    var isAfternoon = false
    var fractionMicroseconds = 0
    var zoneOffsetSeconds = unset
    var epochSeconds = unset
    var epochIsNegative = false

    /// The instant, or nil when the parts are no date or are too few for one.
    ///
    /// - Parameter referenceMicroseconds: where the text has no year or no date, the time near which it was written;
    ///   nil refuses such text.
    func resolve(range: Range<Int>, zone: TimeZoneRules, referenceMicroseconds: Int64?) -> ParsedTime? {
        if epochSeconds != TimeFields.unset {
            // 9999-12-31T23:59:59Z: beyond it lie milliseconds and serial numbers, not seconds.
            guard epochSeconds <= 253_402_300_799 else { return nil }
            let magnitude = Int64(epochSeconds) * 1_000_000 + Int64(fractionMicroseconds)
            let microseconds = epochIsNegative ? -magnitude : magnitude
            return ParsedTime(
                microseconds: microseconds, civil: CivilDateTime(localSeconds: floorDivide(microseconds, 1_000_000)),
                zoneOffsetMinutes: 0, isEpoch: true, range: range)
        }
        guard let date = date(zone: zone, referenceMicroseconds: referenceMicroseconds) else { return nil }
        var hour = hour
        if hourIsTwelveHour { hour = hour % 12 + (isAfternoon ? 12 : 0) }
        let civil = CivilDateTime(date: date, hour: hour, minute: minute, second: second)
        let local = civil.localSeconds
        let seconds: Int64
        let zoneOffsetMinutes: Int?
        if zoneOffsetSeconds == TimeFields.unset {
            seconds = zone.utcSeconds(fromLocal: local)
            zoneOffsetMinutes = nil
        } else {
            seconds = local - Int64(zoneOffsetSeconds)
            zoneOffsetMinutes = zoneOffsetSeconds / 60
        }
        return ParsedTime(
            microseconds: seconds * 1_000_000 + Int64(fractionMicroseconds), civil: civil,
            zoneOffsetMinutes: zoneOffsetMinutes, isEpoch: false, range: range)
    }

    private func date(zone: TimeZoneRules, referenceMicroseconds: Int64?) -> CivilDate? {
        var year = year
        if century != TimeFields.unset, year != TimeFields.unset { year = century * 100 + floorModulo(year, 100) }
        if year != TimeFields.unset {
            if month != TimeFields.unset, day != TimeFields.unset {
                return CivilDate(year: year, month: month, day: day)
            }
            guard dayOfYear != TimeFields.unset, dayOfYear <= (CivilDate.isLeap(year: year) ? 366 : 365) else {
                return nil
            }
            return CivilDate(
                daysSinceEpoch: CivilDate.daysSinceEpoch(year: year, month: 1, day: 1) + dayOfYear - 1)
        }
        if isoYear != TimeFields.unset, isoWeek != TimeFields.unset {
            let fourthOfJanuary = CivilDate(uncheckedYear: isoYear, month: 1, day: 4)
            let firstMonday = fourthOfJanuary.daysSinceEpoch - floorModulo(fourthOfJanuary.weekday + 6, 7)
            let date = CivilDate(daysSinceEpoch: firstMonday + (isoWeek - 1) * 7 + isoWeekday - 1)
            return date.isoWeek.year == isoYear ? date : nil
        }
        guard let referenceMicroseconds else { return nil }
        let referenceSeconds = floorDivide(referenceMicroseconds, 1_000_000)
        let local = referenceSeconds + Int64(zone.offsetSeconds(atUTC: referenceSeconds))
        let today = CivilDateTime(localSeconds: local).date
        if month != TimeFields.unset, day != TimeFields.unset { return inferYear(near: today) }
        return month == TimeFields.unset && day == TimeFields.unset ? today : nil
    }

    /// The latest year in which the day is at most two days after `today`.
    ///
    /// Two days is Splunk's default MAX_DAYS_HENCE (props.conf). Splunk documents the cases 31 December seen on 1
    /// January, the reverse, and 29 February ("How timestamp assignment works"); this rule agrees with all three.
    private func inferYear(near today: CivilDate) -> CivilDate? {
        let latest = today.daysSinceEpoch + 2
        for year in stride(from: today.year + 1, through: today.year - 8, by: -1) {
            if let date = CivilDate(year: year, month: month, day: day), date.daysSinceEpoch <= latest { return date }
        }
        return nil
    }
}
