// Splunk's time modifiers: earliest, latest, relative_time(). Offsets and snaps are applied from left to right, and a snap
// always rounds down. Source: Splunk Search Reference, "Time modifiers".
//
// Two things that page leaves open: an offset in days or weeks keeps the local time of day across a daylight saving
// change (so `-1d` may be 23 or 25 hours; `-24h` never is), and an offset in months keeps the day, clamped to the month.

/// A time modifier that cannot be read.
public struct TimeModifierError: Error, Hashable, Sendable {
    public let message: String
    /// UTF-8 offset into the modifier.
    public let offset: Int
    public let hint: String?
}

/// A point in time, absolute or relative to the start of a search.
public struct RelativeTime: Hashable, Sendable {
    public enum Unit: Int64, Hashable, Sendable {
        case microsecond = 1
        case millisecond = 1000
        case centisecond = 10_000
        case decisecond = 100_000
        case second = 1_000_000
        case minute = 60_000_000
        case hour = 3_600_000_000
        case day, week, month, quarter, year

        /// The longest distance in this unit that is accepted: the whole calendar.
        var largestCount: Int64 {
            switch self {
            case .day: 7_304_484
            case .week: 1_043_497
            case .month: 239_988
            case .quarter: 79_996
            case .year: 19_999
            default: 631_107_417_600_000_000 / rawValue
            }
        }
    }

    enum Step: Hashable, Sendable {
        case offset(Int64, Unit)
        case snap(Unit)
        /// 0 = Sunday.
        case snapToWeekday(Int)
    }

    enum Origin: Hashable, Sendable {
        case now
        case microseconds(Int64)
        /// Zone offset nil: the reader's zone.
        case civil(CivilDateTime, fractionMicroseconds: Int, zoneOffsetSeconds: Int?)
    }

    let origin: Origin
    let steps: [Step]

    /// True when the result does not depend on `now`.
    public var isAbsolute: Bool { origin != .now }

    /// UTC microseconds. A result outside the years -9999...9999 stays at that bound.
    ///
    /// - Parameter now: the search's start, UTC microseconds.
    public func resolve(now: Int64, zone: TimeZoneRules) -> Int64 {
        var microseconds: Int64
        switch origin {
        case .now:
            microseconds = now
        case .microseconds(let absolute):
            microseconds = absolute
        case .civil(let civil, let fraction, let zoneOffsetSeconds):
            let local = civil.localSeconds
            let seconds = zoneOffsetSeconds.map { local - Int64($0) } ?? zone.utcSeconds(fromLocal: local)
            microseconds = seconds * 1_000_000 + Int64(fraction)
        }
        for step in steps { microseconds = apply(step, to: clamp(microseconds), zone: zone) }
        return clamp(microseconds)
    }

    private func clamp(_ microseconds: Int64) -> Int64 {
        min(max(microseconds, -377_705_116_800_000_000), 253_402_300_799_999_999)
    }

    private func apply(_ step: Step, to microseconds: Int64, zone: TimeZoneRules) -> Int64 {
        switch step {
        case .offset(let count, let unit):
            let days: (CivilDate) -> Int
            switch unit {
            case .day: days = { $0.daysSinceEpoch + Int(count) }
            case .week: days = { $0.daysSinceEpoch + Int(count) * 7 }
            case .month: days = { $0.adding(months: Int(count)).daysSinceEpoch }
            case .quarter: days = { $0.adding(months: Int(count) * 3).daysSinceEpoch }
            case .year: days = { $0.adding(months: Int(count) * 12).daysSinceEpoch }
            default: return microseconds + count * unit.rawValue
            }
            return onLocalClock(microseconds, zone: zone, keepingTimeOfDay: true, days)
        case .snap(let unit):
            let days: (CivilDate) -> Int
            switch unit {
            case .day: days = \.daysSinceEpoch
            case .week: days = { $0.daysSinceEpoch - $0.weekday }
            case .month: days = { $0.daysSinceEpoch - $0.day + 1 }
            case .quarter:
                days = { CivilDate.daysSinceEpoch(year: $0.year, month: ($0.month - 1) / 3 * 3 + 1, day: 1) }
            case .year: days = { CivilDate.daysSinceEpoch(year: $0.year, month: 1, day: 1) }
            default:
                // The offset at this instant, so that a snap within a repeated hour stays in it.
                let seconds = floorDivide(microseconds, 1_000_000)
                let offset = Int64(zone.offsetSeconds(atUTC: seconds)) * 1_000_000
                return floorDivide(microseconds + offset, unit.rawValue) * unit.rawValue - offset
            }
            return onLocalClock(microseconds, zone: zone, keepingTimeOfDay: false, days)
        case .snapToWeekday(let weekday):
            return onLocalClock(microseconds, zone: zone, keepingTimeOfDay: false) {
                $0.daysSinceEpoch - floorModulo($0.weekday - weekday, 7)
            }
        }
    }

    private func onLocalClock(
        _ microseconds: Int64, zone: TimeZoneRules, keepingTimeOfDay: Bool, _ days: (CivilDate) -> Int
    ) -> Int64 {
        let seconds = floorDivide(microseconds, 1_000_000)
        let local = seconds + Int64(zone.offsetSeconds(atUTC: seconds))
        let localDays = floorDivide(local, 86_400)
        let newDays = Int64(days(CivilDate(daysSinceEpoch: Int(localDays))))
        let secondOfDay = keepingTimeOfDay ? local - localDays * 86_400 : 0
        let fraction = keepingTimeOfDay ? microseconds - seconds * 1_000_000 : 0
        return zone.utcSeconds(fromLocal: newDays * 86_400 + secondOfDay) * 1_000_000 + fraction
    }
}
