// The POSIX TZ form of a zone's rule (`CET-1CEST,M3.5.0,M10.5.0/3`), which ends a TZif file. RFC 8536 section 3.3.1
// allows hours from -167 to 167 in the times of day.

/// When a zone without a table of transitions changes its clocks, each year the same way.
struct PosixZoneRule: Hashable, Sendable {
    enum Day: Hashable, Sendable {
        /// `Jn`: 1...365, never counting 29 February.
        case julian(Int)
        /// `n`: 0...365, counting 29 February.
        case zeroBased(Int)
        /// `Mm.w.d`: weekday `d` (0 = Sunday) of week `w` (5 = the last) of month `m`.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    struct Change: Hashable, Sendable {
        var day: Day
        var secondOfDay: Int

        func localSeconds(inYear year: Int) -> Int {
            let newYear = CivilDate.daysSinceEpoch(year: year, month: 1, day: 1)
            let days: Int
            switch day {
            case .julian(let number):
                days = newYear + number - 1 + (CivilDate.isLeap(year: year) && number >= 60 ? 1 : 0)
            case .zeroBased(let number):
                days = newYear + number
            case .weekday(let month, let week, let weekday):
                let first = CivilDate(uncheckedYear: year, month: month, day: 1)
                var dayOfMonth = 1 + floorModulo(weekday - first.weekday, 7) + (week - 1) * 7
                if dayOfMonth > CivilDate.daysInMonth(year: year, month: month) { dayOfMonth -= 7 }
                days = first.daysSinceEpoch + dayOfMonth - 1
            }
            return days * 86_400 + secondOfDay
        }
    }

    struct Daylight: Hashable, Sendable {
        var type: TimeZoneRules.LocalType
        var start: Change
        var end: Change
    }

    var standard: TimeZoneRules.LocalType
    var daylight: Daylight?

    func localType(atUTC seconds: Int64) -> TimeZoneRules.LocalType {
        guard let daylight else { return standard }
        let now = Int(seconds)
        let year = CivilDate(daysSinceEpoch: floorDivide(now + standard.offsetSeconds, 86_400)).year
        let start = daylight.start.localSeconds(inYear: year) - standard.offsetSeconds
        let end = daylight.end.localSeconds(inYear: year) - daylight.type.offsetSeconds
        // South of the equator daylight saving spans the new year.
        let isDaylight = start < end ? now >= start && now < end : now >= start || now < end
        return isDaylight ? daylight.type : standard
    }
}

extension PosixZoneRule {
    /// - Returns: nil for text that is no such rule. A daylight name without dates is refused too: TZif always has them.
    init?(_ text: ArraySlice<UInt8>) {
        var parser = PosixZoneParser(rest: text)
        guard let standardName = parser.name(), let standardOffset = parser.time() else { return nil }
        standard = TimeZoneRules.LocalType(
            offsetSeconds: -standardOffset, isDaylight: false, abbreviation: standardName)
        if parser.rest.isEmpty { return }
        guard let daylightName = parser.name() else { return nil }
        var daylightOffset = -standardOffset + 3600
        if parser.rest.first != UInt8(ascii: ",") {
            guard let written = parser.time() else { return nil }
            daylightOffset = -written
        }
        guard let start = parser.change(), let end = parser.change(), parser.rest.isEmpty else { return nil }
        let type = TimeZoneRules.LocalType(
            offsetSeconds: daylightOffset, isDaylight: true, abbreviation: daylightName)
        daylight = Daylight(type: type, start: start, end: end)
    }
}

private struct PosixZoneParser {
    var rest: ArraySlice<UInt8>

    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func name() -> String? {
        let quoted = take(UInt8(ascii: "<"))
        let name = rest.prefix { byte in
            quoted ? byte != UInt8(ascii: ">") : isTimeLetter(byte)
        }
        rest = rest.dropFirst(name.count)
        if quoted, !take(UInt8(ascii: ">")) { return nil }
        return (3...32).contains(name.count) ? String(decoding: name, as: UTF8.self) : nil
    }

    mutating func number(upTo limit: Int) -> Int? {
        var value: Int?
        while let byte = rest.first, byte &- 48 < 10 {
            let next = (value ?? 0) * 10 + Int(byte - 48)
            guard next <= limit else { return nil }
            value = next
            rest.removeFirst()
        }
        return value
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
        let negative = take(UInt8(ascii: "-"))
        if !negative { _ = take(UInt8(ascii: "+")) }
        guard let hours = number(upTo: 167) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(UInt8(ascii: ":")) {
            guard let part = number(upTo: 59) else { return nil }
            seconds += part * unit
        }
        return negative ? -seconds : seconds
    }

    mutating func change() -> PosixZoneRule.Change? {
        guard take(UInt8(ascii: ",")), let day = day() else { return nil }
        guard take(UInt8(ascii: "/")) else { return PosixZoneRule.Change(day: day, secondOfDay: 7200) }
        guard let time = time() else { return nil }
        return PosixZoneRule.Change(day: day, secondOfDay: time)
    }

    private mutating func day() -> PosixZoneRule.Day? {
        if take(UInt8(ascii: "M")) {
            guard let month = number(upTo: 12), month >= 1, take(UInt8(ascii: ".")),
                let week = number(upTo: 5), week >= 1, take(UInt8(ascii: ".")), let weekday = number(upTo: 6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
        if take(UInt8(ascii: "J")) {
            guard let number = number(upTo: 365), number >= 1 else { return nil }
            return .julian(number)
        }
        return number(upTo: 365).map { .zeroBased($0) }
    }
}
