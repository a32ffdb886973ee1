// Finding a timestamp where the sourcetype gives no TIME_FORMAT. Splunk's own recogniser (datetime.xml) is a long list of
// patterns that are tried in turn; this one knows the forms that logs are written in:
//
//     2026-11-23T10:11:12.345Z  2026-11-23 10:11:12,345 +0100  2026/11/23 10:11:12  20261123T101112Z   ISO 8601 and kin
//     11/23/2026 10:11:12 PM    11-23-2026 10:11:12.345                                                American
//     23/Nov/2026:10:11:12 +0000    23-Nov-2026 10:11:12    Mon, 23 Nov 2026 10:11:12 GMT              web, mail
//     Nov 23 10:11:12    Nov 23 2026 10:11:12    Mon Nov 23 10:11:12 UTC 2026                          syslog, ctime
//     1604996384.965    1604996384965    1604996384965123                                                                  epoch
//
// A date needs a time of day: a date alone in a log line is more often a birthday than the event's time. Numbers of ten,
// thirteen or sixteen digits count only when no civil form is near, because they are as often identifiers. Nineteen digits
// do not: Splunk's pattern ends at six digits behind the seconds, and identifiers made of a time have that many.
// Seconds are two digits of which the first is at most 6, as there; 60 and more carry over.

/// Recognises the first timestamp in an event's text.
public struct TimestampScanner: Hashable, Sendable {
    /// Bytes from the start within which a timestamp must begin. Splunk: props.conf MAX_TIMESTAMP_LOOKAHEAD, default 128.
    public var lookaheadBytes: Int

    public init(lookaheadBytes: Int = 128) { self.lookaheadBytes = lookaheadBytes }

    /// - Parameter zone: the zone of text that names none.
    /// - Parameter referenceMicroseconds: UTC microseconds near which the text was written, for forms without a year; nil
    ///   leaves those out.
    /// - Returns: nil when no timestamp begins within the lookahead.
    public func firstTimestamp(
        in bytes: UnsafeRawBufferPointer, from start: Int = 0, zone: TimeZoneRules,
        referenceMicroseconds: Int64? = nil
    ) -> ParsedTime? {
        guard start >= 0, start < bytes.count, lookaheadBytes > 0 else { return nil }
        let end = start + min(bytes.count - start, lookaheadBytes)
        var epoch: ParsedTime?
        var previous: UInt8 = 0
        for position in start..<end {
            let byte = bytes[position]
            defer { previous = byte }
            if isTimeDigit(byte) {
                if isTimeDigit(previous) { continue }
            } else if !isTimeLetter(byte) || isTimeLetter(previous) || isTimeDigit(previous) {
                continue
            }
            var recogniser = TimestampRecogniser(cursor: TimeCursor(bytes: bytes, position: position))
            if recogniser.civil(zone: zone) {
                let range = position..<recogniser.cursor.position
                if let found = recogniser.fields.resolve(
                    range: range, zone: zone, referenceMicroseconds: referenceMicroseconds)
                {
                    return found
                }
            } else if epoch == nil, isTimeDigit(byte), !isTimeLetter(previous), previous != UInt8(ascii: ".") {
                epoch = TimestampRecogniser.epoch(
                    bytes, at: position, zone: zone, referenceMicroseconds: referenceMicroseconds)
            }
        }
        return epoch
    }

    public func firstTimestamp(
        in bytes: [UInt8], from start: Int = 0, zone: TimeZoneRules, referenceMicroseconds: Int64? = nil
    ) -> ParsedTime? {
        bytes.withUnsafeBytes {
            firstTimestamp(in: $0, from: start, zone: zone, referenceMicroseconds: referenceMicroseconds)
        }
    }
}

struct TimestampRecogniser {
    var cursor: TimeCursor
    var fields = TimeFields()

    init(cursor: TimeCursor) { self.cursor = cursor }

    /// Reads a date, a time of day and, where there is one, a zone at the cursor.
    mutating func civil(zone: TimeZoneRules) -> Bool {
        let isMonthFirst = isTimeLetter(cursor.next)
        guard isMonthFirst ? monthFirst() : digitsFirst() else { return false }
        zoneSuffix(zone)
        if isMonthFirst, fields.year == TimeFields.unset { trailingYear() }
        return true
    }

    private mutating func digitsFirst() -> Bool {
        let start = cursor.position
        guard let first = cursor.number(digits: 8) else { return false }
        switch cursor.position - start {
        case 4: return yearFirst(first)
        case 8: return basicISO(first)
        case 1, 2: return dayOrMonthFirst(first)
        default: return false
        }
    }

    private mutating func yearFirst(_ year: Int) -> Bool {
        isoDate(year: year) && dateTimeSeparator() && timeOfDay()
    }

    /// The rest of `YYYY-MM-DD` or `YYYY/MM/DD`.
    mutating func isoDate(year: Int) -> Bool {
        let separator = cursor.next
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"), cursor.take(separator),
            let month = cursor.number(digits: 2), cursor.take(separator), let day = cursor.number(digits: 2)
        else { return false }
        set(year, month, day)
        return true
    }

    private mutating func basicISO(_ digits: Int) -> Bool {
        guard cursor.take(UInt8(ascii: "T")), let time = cursor.fixedNumber(digits: 6) else { return false }
        set(digits / 10_000, digits / 100 % 100, digits % 100)
        fields.hour = time / 10_000
        fields.minute = time / 100 % 100
        fields.second = time % 100
        guard fields.hour < 24, fields.minute < 60, fields.second < 70 else { return false }
        fraction()
        return true
    }

    private mutating func dayOrMonthFirst(_ first: Int) -> Bool {
        let separator = cursor.next
        guard separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-") || separator == 0x20 else {
            return false
        }
        cursor.position += 1
        if isTimeLetter(cursor.next) {
            guard let month = cursor.month(), cursor.take(separator), let year = year() else { return false }
            set(year, month, first)
        } else {
            guard separator != 0x20, let second = cursor.number(digits: 2), cursor.take(separator),
                let year = year()
            else { return false }
            // American order unless only the other one is a date.
            if first > 12, second <= 12 { set(year, second, first) } else { set(year, first, second) }
        }
        return dateTimeSeparator() && timeOfDay()
    }

    /// `Nov 23 10:11:12` or `Nov 23 2026 10:11:12`.
    private mutating func monthFirst() -> Bool {
        guard let month = cursor.month(), isTimeBlank(cursor.next), let day = cursor.twoDigits(in: 1...31) else {
            return false
        }
        set(TimeFields.unset, month, day)
        _ = cursor.take(UInt8(ascii: ","))
        guard isTimeBlank(cursor.next) else { return false }
        cursor.skipBlanks()
        if isTimeDigit(cursor.byte(after: 3)), let year = cursor.fixedNumber(digits: 4) {
            fields.year = year
            guard dateTimeSeparator() else { return false }
        }
        return timeOfDay()
    }

    /// The year of `Nov 23 10:11:12 UTC 2026`.
    private mutating func trailingYear() {
        let start = cursor.position
        guard cursor.take(0x20), let year = cursor.fixedNumber(digits: 4), (1970...2100).contains(year),
            !isTimeDigit(cursor.next)
        else {
            cursor.position = start
            return
        }
        fields.year = year
    }

    private mutating func set(_ year: Int, _ month: Int, _ day: Int) {
        fields.year = year
        fields.month = month
        fields.day = day
    }

    private mutating func year() -> Int? {
        let start = cursor.position
        guard let year = cursor.number(digits: 4) else { return nil }
        switch cursor.position - start {
        case 4: return year
        case 2: return year + (year < 69 ? 2000 : 1900)
        default: return nil
        }
    }

    /// `T`, `:`, or blanks with an optional comma before them.
    mutating func dateTimeSeparator() -> Bool {
        if cursor.take(UInt8(ascii: "T")) || cursor.take(UInt8(ascii: "t")) || cursor.take(UInt8(ascii: ":")) {
            return true
        }
        _ = cursor.take(UInt8(ascii: ","))
        guard isTimeBlank(cursor.next) else { return false }
        cursor.skipBlanks()
        takeTimeKey()
        return true
    }

    /// `date=2024-08-06 time=12:00:01`, as firewalls write it.
    private mutating func takeTimeKey() {
        let start = cursor.position
        for byte in "time=".utf8 where !cursor.take(byte) {
            cursor.position = start
            return
        }
        _ = cursor.take(UInt8(ascii: "\""))
    }

    /// `H:MM[:SS[.fraction]] [AM|PM]`.
    mutating func timeOfDay() -> Bool {
        guard let hour = cursor.number(digits: 2), hour < 24, cursor.take(UInt8(ascii: ":")),
            let minute = cursor.fixedNumber(digits: 2), minute < 60
        else { return false }
        fields.hour = hour
        fields.minute = minute
        if cursor.next == UInt8(ascii: ":"), isTimeDigit(cursor.byte(after: 1)) {
            cursor.position += 1
            guard let second = cursor.fixedNumber(digits: 2), second < 70 else { return false }
            fields.second = second
            fraction()
        }
        if isTimeDigit(cursor.next) { return false }
        amPM()
        return true
    }

    private mutating func fraction() {
        if cursor.next == UInt8(ascii: ".") || cursor.next == UInt8(ascii: ","), isTimeDigit(cursor.byte(after: 1)) {
            var digits = 1
            while isTimeDigit(cursor.byte(after: digits + 1)) { digits += 1 }
            // Behind a comma a longer number is the next value of a table.
            if cursor.next == UInt8(ascii: ","), digits > 9 { return }
            cursor.position += 1
            fields.fractionMicroseconds = cursor.fractionMicroseconds(digits: 9, skippingRest: true) ?? 0
        }
    }

    private mutating func amPM() {
        let distance = cursor.next == 0x20 ? 1 : 0
        let letter = cursor.byte(after: distance) | 0x20
        guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p"),
            cursor.byte(after: distance + 1) | 0x20 == UInt8(ascii: "m"),
            !isTimeLetter(cursor.byte(after: distance + 2)), (1...12).contains(fields.hour)
        else { return }
        fields.hourIsTwelveHour = true
        fields.isAfternoon = letter == UInt8(ascii: "p")
        cursor.position += distance + 2
    }

    /// A zone directly behind the time or after one blank.
    private mutating func zoneSuffix(_ zone: TimeZoneRules) {
        let start = cursor.position
        let hasBlank = cursor.take(0x20)
        let beforeZone = cursor.position
        if isTimeLetter(cursor.next) {
            // Names in lower case are words of the message.
            if cursor.next & 0x20 == 0 || cursor.next == UInt8(ascii: "z"), let offset = cursor.zone(zone) {
                fields.zoneOffsetSeconds = offset
                return
            }
        } else if let offset = cursor.zoneOffsetSeconds() {
            // After a blank, `-05` may be anything.
            if !hasBlank || cursor.position - beforeZone >= 5 {
                fields.zoneOffsetSeconds = offset
                return
            }
        }
        cursor.position = start
    }

    /// Ten digits (seconds, with an optional fraction), thirteen (milliseconds) or sixteen (microseconds), from 2000 to a
    /// year after the reference, or to 2038: identifiers of ten digits are more often larger than that.
    static func epoch(
        _ bytes: UnsafeRawBufferPointer, at position: Int, zone: TimeZoneRules, referenceMicroseconds: Int64?
    ) -> ParsedTime? {
        var cursor = TimeCursor(bytes: bytes, position: position)
        var fields = TimeFields()
        switch cursor.digitCount {
        case 13, 16:
            guard cursor.fineEpoch(into: &fields) else { return nil }
        case 10:
            fields.epochSeconds = cursor.number(digits: 10) ?? 0
            if cursor.next == UInt8(ascii: "."), isTimeDigit(cursor.byte(after: 1)) {
                cursor.position += 1
                fields.fractionMicroseconds = cursor.fractionMicroseconds(digits: 9, skippingRest: true) ?? 0
            }
        default:
            return nil
        }
        let latest = referenceMicroseconds.map { Int($0 / 1_000_000) + 366 * 86_400 } ?? Int(Int32.max)
        guard fields.epochSeconds >= 946_684_800, fields.epochSeconds <= latest, !isTimeLetter(cursor.next),
            cursor.next != UInt8(ascii: "-")
        else { return nil }
        return fields.resolve(range: position..<cursor.position, zone: zone, referenceMicroseconds: nil)
    }
}
