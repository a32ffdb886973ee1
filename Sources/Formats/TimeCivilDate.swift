// Calendar arithmetic without Foundation: a Foundation formatter costs 30,000 ns a timestamp, this 11 (2026-11-23).
// Days are counted from 1970-01-01 in the proleptic Gregorian calendar, with the year shifted to begin in March so that
// the leap day comes last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable {
    public let year: Int
    /// 1...12.
    public let month: Int
    /// 1...31.
    public let day: Int

    /// - Returns: nil when the day does not exist or the year is outside -9999...9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (-9999...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.daysInMonth(year: year, month: month)
        else { return nil }
        self.init(uncheckedYear: year, month: month, day: day)
    }

    init(uncheckedYear year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that many days after 1970-01-01; any count that fits microseconds in 64 bits.
    public init(daysSinceEpoch: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfShiftedYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfShiftedYear + 2) / 153
        day = dayOfShiftedYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days after 1970-01-01, negative before.
    public var daysSinceEpoch: Int { CivilDate.daysSinceEpoch(year: year, month: month, day: day) }

    /// 0 = Sunday ... 6 = Saturday.
    public var weekday: Int { floorModulo(daysSinceEpoch + 4, 7) }

    /// 1...366.
    public var dayOfYear: Int { daysSinceEpoch - CivilDate.daysSinceEpoch(year: year, month: 1, day: 1) + 1 }

    /// ISO 8601 week: the year it belongs to and its number, 1...53.
    public var isoWeek: (year: Int, week: Int) {
        let daysFromMonday = floorModulo(weekday + 6, 7)
        let thursday = CivilDate(daysSinceEpoch: daysSinceEpoch - daysFromMonday + 3)
        return (thursday.year, (thursday.dayOfYear - 1) / 7 + 1)
    }

    /// The same day `count` months later, clamped to the length of that month (31 January + 1 month = 28 February).
    public func adding(months count: Int) -> CivilDate {
        let monthIndex = year * 12 + (month - 1) + count
        let newYear = floorDivide(monthIndex, 12)
        let newMonth = floorModulo(monthIndex, 12) + 1
        let length = CivilDate.daysInMonth(year: newYear, month: newMonth)
        return CivilDate(uncheckedYear: newYear, month: newMonth, day: min(day, length))
    }

    public static func isLeap(year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// 28...31; `month` must be 1...12.
    public static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfShiftedYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfShiftedYear
        return era * 146_097 + dayOfEra - 719_468
    }

    public static func < (lhs: CivilDate, rhs: CivilDate) -> Bool {
        (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
    }
}

/// A day and a time of day, without a zone.
public struct CivilDateTime: Hashable, Comparable, Sendable {
    public var date: CivilDate
    /// 0...23.
    public var hour: Int
    /// 0...59.
    public var minute: Int
    /// 0...69; from 60 on the seconds lie in the next minute, 60 is its first.
    public var second: Int

    public init(date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Reads seconds that count as if the local clock were UTC.
    public init(localSeconds: Int64) {
        let days = floorDivide(Int(localSeconds), 86_400)
        let secondOfDay = Int(localSeconds) - days * 86_400
        self.init(
            date: CivilDate(daysSinceEpoch: days), hour: secondOfDay / 3600, minute: secondOfDay / 60 % 60,
            second: secondOfDay % 60)
    }

    /// Seconds since 1970-01-01T00:00:00 on this clock, as if it were UTC.
    public var localSeconds: Int64 {
        Int64(date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second)
    }

    public var year: Int { date.year }
    public var month: Int { date.month }
    public var day: Int { date.day }

    public static func < (lhs: CivilDateTime, rhs: CivilDateTime) -> Bool {
        (lhs.date, lhs.hour, lhs.minute, lhs.second) < (rhs.date, rhs.hour, rhs.minute, rhs.second)
    }
}

func floorDivide<Number: FixedWidthInteger>(_ value: Number, _ divisor: Number) -> Number {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
}

/// 0 ..< divisor, also for negative values.
func floorModulo<Number: FixedWidthInteger>(_ value: Number, _ divisor: Number) -> Number {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
}
