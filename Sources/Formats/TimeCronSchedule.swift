// Cron schedules of saved searches: five fields, as Splunk's savedsearches.conf `cron_schedule` has them.
//
// Daylight saving, on which Splunk is silent: a schedule of fixed hours runs once a day whatever the clock does (a time
// that the clock skips runs that much later, a time that comes twice runs the first time); a schedule of every hour
// follows the clock, so it neither stops nor doubles.

/// A cron schedule: `minute hour day-of-month month day-of-week`, or `@hourly` and its kin.
public struct CronSchedule: Hashable, Sendable {
    let minutes: UInt64
    let hours: UInt64
    let daysOfMonth: UInt64
    let months: UInt64
    /// Bit 0 = Sunday.
    let weekdays: UInt64
    /// When both day fields are restricted, a day that satisfies either runs: Vixie cron's rule, also for `*/n`, which
    /// counts as unrestricted.
    let eitherDayField: Bool

    /// The first time after `seconds` (UTC) at which the schedule is due.
    ///
    /// - Returns: nil when it never is (30 February).
    public func next(after seconds: Int64, zone: TimeZoneRules) -> Int64? {
        let start = min(max(seconds, -377_705_116_800), 253_402_300_799)
        return hours == (1 << 24) - 1 ? nextOnClock(after: start, zone: zone) : nextOnDays(after: start, zone: zone)
    }

    /// Ten years reach over the eight between the leap days around 2100.
    private static let searchedDays = 3660

    private func runs(on date: CivilDate) -> Bool {
        guard months >> UInt64(date.month) & 1 == 1 else { return false }
        let dayMatches = daysOfMonth >> UInt64(date.day) & 1 == 1
        let weekdayMatches = weekdays >> UInt64(date.weekday) & 1 == 1
        return eitherDayField ? dayMatches || weekdayMatches : dayMatches && weekdayMatches
    }

    private func nextOnDays(after seconds: Int64, zone: TimeZoneRules) -> Int64? {
        let firstDay = floorDivide(Int(seconds) + zone.offsetSeconds(atUTC: seconds), 86_400)
        for day in firstDay...(firstDay + CronSchedule.searchedDays) where runs(on: CivilDate(daysSinceEpoch: day)) {
            var earliest: Int64?
            for hour in 0..<24 where hours >> UInt64(hour) & 1 == 1 {
                for minute in 0..<60 where minutes >> UInt64(minute) & 1 == 1 {
                    let due = zone.utcSeconds(fromLocal: Int64(day * 86_400 + hour * 3600 + minute * 60))
                    if due > seconds { earliest = min(earliest ?? due, due) }
                }
            }
            if let earliest { return earliest }
        }
        return nil
    }

    private func nextOnClock(after seconds: Int64, zone: TimeZoneRules) -> Int64? {
        var due = (floorDivide(seconds, 60) + 1) * 60
        let end = due + Int64(CronSchedule.searchedDays) * 86_400
        while due <= end {
            let local = due + Int64(zone.offsetSeconds(atUTC: due))
            let civil = CivilDateTime(localSeconds: local)
            if runs(on: civil.date) {
                if minutes >> UInt64(civil.minute) & 1 == 1 { return due }
                due += 60
            } else {
                let midnight = (floorDivide(local, 86_400) + 1) * 86_400
                due = max(due + 60, zone.utcSeconds(fromLocal: midnight))
            }
        }
        return nil
    }
}

/// A cron schedule that cannot be read.
public struct CronScheduleError: Error, Hashable, Sendable {
    public let message: String
    /// UTF-8 offset of the part in question.
    public let offset: Int
    public let hint: String?
}

extension CronSchedule {
    /// - Throws: for a field out of range, with its place, and by name for what only other crons know (`L`, `W`, `#`, `?`,
    ///   seconds, `@reboot`).
    public init(_ text: String) throws(CronScheduleError) {
        guard text.utf8.count <= 1024 else {
            throw CronScheduleError(message: "cron schedule is longer than 1024 bytes", offset: 1024, hint: nil)
        }
        let expanded = try CronSchedule.expand(text)
        let bytes = Array(expanded.utf8)
        let fields = bytes.split(whereSeparator: isTimeBlank)
        guard fields.count == 5 else {
            throw CronScheduleError(
                message: "cron schedule '\(text)' has \(fields.count) fields instead of 5", offset: 0,
                hint: "minute hour day-of-month month day-of-week, such as '*/15 * * * *'")
        }
        func set(_ index: Int, _ name: String, _ range: ClosedRange<Int>, _ names: [[UInt8]] = [])
            throws(CronScheduleError) -> UInt64
        {
            try CronField(schedule: text, name: name, range: range, names: names, text: fields[index]).bits()
        }
        minutes = try set(0, "minute", 0...59)
        hours = try set(1, "hour", 0...23)
        daysOfMonth = try set(2, "day of month", 1...31)
        months = try set(3, "month", 1...12, TimeNames.months)
        let days = try set(4, "day of week", 0...7, TimeNames.weekdays)
        weekdays = (days | days >> 7) & 0x7F
        eitherDayField = fields[2].first != UInt8(ascii: "*") && fields[4].first != UInt8(ascii: "*")
    }

    private static func expand(_ text: String) throws(CronScheduleError) -> String {
        let word = text.filter { $0 != " " }
        guard word.hasPrefix("@") else { return text }
        switch word {
        case "@hourly": return "0 * * * *"
        case "@daily", "@midnight": return "0 0 * * *"
        case "@weekly": return "0 0 * * 0"
        case "@monthly": return "0 0 1 * *"
        case "@yearly", "@annually": return "0 0 1 1 *"
        default:
            throw CronScheduleError(
                message: "cron schedule '\(text)' is not known", offset: 0,
                hint: "@hourly, @daily, @weekly, @monthly, @yearly, or five fields")
        }
    }
}

private struct CronField {
    let schedule: String
    let name: String
    let range: ClosedRange<Int>
    let names: [[UInt8]]
    let text: ArraySlice<UInt8>

    func fail(_ part: ArraySlice<UInt8>, _ reason: String) -> CronScheduleError {
        CronScheduleError(
            message: "cron schedule '\(schedule)': \(name) '\(String(decoding: part, as: UTF8.self))' \(reason)",
            offset: part.startIndex,
            hint: "\(name) is \(range.lowerBound) to \(range.upperBound): a value, '*', 'a-b', 'a-b/step', or a list")
    }

    func bits() throws(CronScheduleError) -> UInt64 {
        var bits: UInt64 = 0
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let pieces = part.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard pieces.count <= 2, let base = pieces.first else { throw fail(part, "has two steps") }
            var step = 1
            if pieces.count == 2 {
                guard let value = CronField.number(pieces[1]), value > 0 else { throw fail(part, "has no valid step") }
                step = value
            }
            let ends = base.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            var low = range.lowerBound
            var high = range.upperBound
            if !base.elementsEqual("*".utf8) {
                guard ends.count <= 2, let start = value(ends[0]), let end = value(ends[ends.count - 1])
                else { throw fail(part, "is not understood") }
                low = start
                // `5/10` counts on from 5, as in Vixie cron's descendants.
                high = ends.count == 1 && pieces.count == 2 ? range.upperBound : end
                if high < low { throw fail(part, "runs backwards") }
            }
            guard range.contains(low), range.contains(high) else { throw fail(part, "is out of range") }
            for value in stride(from: low, through: high, by: step) { bits |= 1 << UInt64(value) }
        }
        return bits
    }

    private func value(_ text: ArraySlice<UInt8>) -> Int? {
        if let number = CronField.number(text) { return number }
        let lower = text.map { $0 | 0x20 }
        guard lower.count >= 3, let index = names.firstIndex(where: { $0.prefix(3) == lower[...] || $0 == lower })
        else {
            return nil
        }
        // Months count from 1, weekdays from 0, as their ranges do.
        return index + range.lowerBound
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(text.count), text.allSatisfy(isTimeDigit) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
