extension RelativeTime {
    /// Reads a time modifier: `-1d@d+3h`, `@w1`, `now`, epoch seconds (`1700000000.5`), `2026-11-20T21:10:00Z`,
    /// `2026-11-20`, or Splunk's `11/20/2026:21:10:00`.
    ///
    /// - Throws: for anything else, with the place. Real-time modifiers (`rt-5m`) are refused by name.
    public static func parse(_ text: String) throws(TimeModifierError) -> RelativeTime {
        var bytes = Array(text.utf8)
        guard bytes.count <= 256 else {
            throw TimeModifierError(message: "time modifier is longer than 256 bytes", offset: 256, hint: nil)
        }
        while let last = bytes.last, isTimeBlank(last) { bytes.removeLast() }
        let result: Result<RelativeTime, TimeModifierError> = bytes.withUnsafeBytes { buffer in
            var parser = TimeModifierParser(text: text, cursor: TimeCursor(bytes: buffer, position: 0))
            do throws(TimeModifierError) { return .success(try parser.parse()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

private struct TimeModifierParser {
    let text: String
    var cursor: TimeCursor

    func fail(_ reason: String, hint: String? = nil) -> TimeModifierError {
        TimeModifierError(
            message: "time modifier '\(text)' \(reason)", offset: cursor.position,
            hint: hint ?? "valid: now, -24h@h, @w1, 1700000000, 2026-11-20T21:10:00Z, 11/20/2026:21:10:00")
    }

    mutating func parse() throws(TimeModifierError) -> RelativeTime {
        cursor.skipBlanks()
        if cursor.isAtEnd { throw fail("is empty") }
        if isTimeDigit(cursor.next) {
            return RelativeTime(origin: try absolute(), steps: [])
        }
        let start = cursor.position
        let word = letters()
        switch word {
        case "": break
        case "now":
            if cursor.take(UInt8(ascii: "(")), !cursor.take(UInt8(ascii: ")")) { throw fail("lacks ')'") }
        case "rt":
            throw fail("is for real-time searches, which are not supported", hint: "use a modifier such as -5m")
        default:
            cursor.position = start
            throw fail("is not a time")
        }
        var steps: [RelativeTime.Step] = []
        while !cursor.isAtEnd {
            steps.append(try step())
        }
        return RelativeTime(origin: .now, steps: steps)
    }

    private mutating func step() throws(TimeModifierError) -> RelativeTime.Step {
        if cursor.take(UInt8(ascii: "@")) { return try snap() }
        let isNegative = cursor.take(UInt8(ascii: "-"))
        guard isNegative || cursor.take(UInt8(ascii: "+")) else {
            throw fail("has an unexpected character at offset \(cursor.position)")
        }
        let start = cursor.position
        if cursor.next == UInt8(ascii: "r"), cursor.byte(after: 1) == UInt8(ascii: "t") {
            throw fail("is for real-time searches, which are not supported", hint: "use a modifier such as -5m")
        }
        let count = cursor.number(digits: 18) ?? 1
        let (name, unit) = self.unit()
        guard let unit else {
            throw name.isEmpty
                ? fail("has no unit at offset \(cursor.position)", hint: "write the unit: -30s, -5m, -24h, -7d")
                : fail("has the unknown unit '\(name)'", hint: Self.unitHint)
        }
        guard count <= unit.largestCount else {
            cursor.position = start
            throw fail("is further away than the calendar reaches")
        }
        return .offset(isNegative ? -Int64(count) : Int64(count), unit)
    }

    private mutating func snap() throws(TimeModifierError) -> RelativeTime.Step {
        let (name, unit) = self.unit()
        guard let unit else { throw fail("has the unknown snap unit '\(name)'", hint: Self.unitHint) }
        if name == "w", let weekday = cursor.number(digits: 1) {
            guard weekday <= 7 else { throw fail("snaps to weekday \(weekday)", hint: "w0 to w7; 0 and 7 are Sunday") }
            return .snapToWeekday(weekday % 7)
        }
        return .snap(unit)
    }

    private static let unitHint = "units: s, m, h, d, w, mon, q, y and their long forms; us, ms, cs, ds for metrics"

    private mutating func letters() -> String {
        let start = cursor.position
        while isTimeLetter(cursor.next) { cursor.position += 1 }
        return String(decoding: cursor.bytes[start..<cursor.position], as: UTF8.self)
    }

    private mutating func unit() -> (name: String, unit: RelativeTime.Unit?) {
        let name = letters()
        let unit: RelativeTime.Unit?
        switch name {
        case "us": unit = .microsecond
        case "ms": unit = .millisecond
        case "cs": unit = .centisecond
        case "ds": unit = .decisecond
        case "s", "sec", "secs", "second", "seconds": unit = .second
        case "m", "min", "mins", "minute", "minutes": unit = .minute
        case "h", "hr", "hrs", "hour", "hours": unit = .hour
        case "d", "day", "days": unit = .day
        case "w", "week", "weeks": unit = .week
        case "mon", "month", "months": unit = .month
        case "q", "qtr", "qtrs", "quarter", "quarters": unit = .quarter
        case "y", "yr", "yrs", "year", "years": unit = .year
        default: unit = nil
        }
        return (name, unit)
    }

    private mutating func absolute() throws(TimeModifierError) -> RelativeTime.Origin {
        let start = cursor.position
        if let epoch = epoch() { return epoch }
        cursor.position = start
        let reader = TimestampRecogniser(cursor: cursor)
        var civil = reader
        if civil.civil(zone: .utc), civil.cursor.isAtEnd { return try origin(civil.fields) }
        var dateOnly = reader
        if let year = dateOnly.cursor.fixedNumber(digits: 4), dateOnly.isoDate(year: year), dateOnly.cursor.isAtEnd {
            return try origin(dateOnly.fields)
        }
        throw fail("is not a time")
    }

    private mutating func epoch() -> RelativeTime.Origin? {
        guard let seconds = cursor.number(digits: 12), seconds <= 253_402_300_799 else { return nil }
        var microseconds = Int64(seconds) * 1_000_000
        if cursor.take(UInt8(ascii: ".")) {
            guard let fraction = cursor.fractionMicroseconds(digits: 6, skippingRest: true) else { return nil }
            microseconds += Int64(fraction)
        }
        return cursor.isAtEnd ? .microseconds(microseconds) : nil
    }

    private func origin(_ fields: TimeFields) throws(TimeModifierError) -> RelativeTime.Origin {
        // With no zone given, reading in UTC yields the civil fields as written.
        guard let time = fields.resolve(range: 0..<0, zone: .utc, referenceMicroseconds: nil) else {
            throw fail("names a date that does not exist")
        }
        return .civil(
            time.civil, fractionMicroseconds: fields.fractionMicroseconds,
            zoneOffsetSeconds: fields.zoneOffsetSeconds == TimeFields.unset ? nil : fields.zoneOffsetSeconds)
    }
}
