extension TimeFormat {
    /// Reads a timestamp that begins at `start`.
    ///
    /// Leading zeros are optional, and so is a fraction with its point; names may be in any case, a blank in the format
    /// matches any run of blanks, and text behind the timestamp is left alone. A day of the week and `%U` or `%W` are read over. `%Y` with `%j`, or `%G`
    /// with `%V`, give a date too. Seconds go to 61, as in POSIX, and carry over. `%s` reads 13, 16 and 19 digits as milli-,
    /// micro- and nanoseconds; other numbers of more than 12 digits are no time.
    ///
    /// - Parameter zone: the zone of text that names none.
    /// - Parameter referenceMicroseconds: UTC microseconds near which the text was written, from which a missing year or
    ///   date is taken; nil refuses text without a full date, as `strptime` does.
    /// - Returns: nil when the text does not match or names a date that does not exist.
    /// Source: Splunk Search Reference, "Date and time functions", strptime.
    public func parse(
        _ bytes: UnsafeRawBufferPointer, from start: Int = 0, zone: TimeZoneRules,
        referenceMicroseconds: Int64? = nil
    ) -> ParsedTime? {
        guard start >= 0, start <= bytes.count else { return nil }
        var cursor = TimeCursor(bytes: bytes, position: start)
        var fields = TimeFields()
        var index = 0
        while index < items.count {
            if case .fractionPoint = items[index], cursor.next != UInt8(ascii: ".") {
                index += 2
                continue
            }
            guard read(items[index], from: &cursor, into: &fields, zone: zone) else { return nil }
            index += 1
        }
        return fields.resolve(
            range: start..<cursor.position, zone: zone, referenceMicroseconds: referenceMicroseconds)
    }

    public func parse(
        _ bytes: [UInt8], from start: Int = 0, zone: TimeZoneRules, referenceMicroseconds: Int64? = nil
    ) -> ParsedTime? {
        bytes.withUnsafeBytes {
            parse($0, from: start, zone: zone, referenceMicroseconds: referenceMicroseconds)
        }
    }

    @inline(__always)
    private func read(
        _ item: Item, from cursor: inout TimeCursor, into fields: inout TimeFields, zone: TimeZoneRules
    ) -> Bool {
        switch item {
        case .literal(let byte):
            return cursor.take(byte)
        case .blank:
            cursor.skipBlanks()
            return true
        case .year:
            return store(cursor.number(digits: 4), in: &fields.year)
        case .yearOfCentury:
            return store(cursor.number(digits: 2).map(TimeFormat.fullYear), in: &fields.year)
        case .isoYear:
            return store(cursor.number(digits: 4), in: &fields.isoYear)
        case .isoYearOfCentury:
            return store(cursor.number(digits: 2).map(TimeFormat.fullYear), in: &fields.isoYear)
        case .month, .monthUnpadded:
            return store(cursor.twoDigits(in: 1...12), in: &fields.month)
        case .monthName:
            return store(cursor.month(), in: &fields.month)
        case .day, .daySpacePadded, .dayUnpadded:
            return store(cursor.twoDigits(in: 1...31), in: &fields.day)
        case .hour, .hourSpacePadded, .hourUnpadded:
            fields.hourIsTwelveHour = false
            return store(cursor.twoDigits(in: 0...23), in: &fields.hour)
        case .hour12, .hour12SpacePadded, .hour12Unpadded:
            fields.hourIsTwelveHour = true
            return store(cursor.twoDigits(in: 1...12), in: &fields.hour)
        case .minute:
            return store(cursor.twoDigits(in: 0...59), in: &fields.minute)
        case .second:
            return store(cursor.twoDigits(in: 0...61), in: &fields.second)
        case .fraction(let digits, let isLastDigits):
            return store(
                cursor.fractionMicroseconds(digits: digits, skippingRest: isLastDigits),
                in: &fields.fractionMicroseconds)
        case .zoneName:
            return store(cursor.zone(zone), in: &fields.zoneOffsetSeconds)
        case .zoneOffset:
            return store(cursor.zoneOffsetSeconds(), in: &fields.zoneOffsetSeconds)
        default:
            return readRare(item, from: &cursor, into: &fields)
        }
    }

    private func readRare(_ item: Item, from cursor: inout TimeCursor, into fields: inout TimeFields) -> Bool {
        switch item {
        case .epochSeconds(let digits):
            fields.epochIsNegative = cursor.take(UInt8(ascii: "-"))
            guard digits == nil, cursor.digitCount > 12 else {
                return store(cursor.number(digits: digits ?? 12), in: &fields.epochSeconds)
            }
            return cursor.fineEpoch(into: &fields)
        case .amPM:
            let letter = cursor.next | 0x20
            guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p"),
                cursor.byte(after: 1) | 0x20 == UInt8(ascii: "m")
            else { return false }
            fields.isAfternoon = letter == UInt8(ascii: "p")
            cursor.position += 2
            return true
        case .century:
            return store(cursor.number(digits: 2), in: &fields.century)
        case .fractionPoint:
            return cursor.take(UInt8(ascii: "."))
        case .dayOfYear:
            guard let day = cursor.number(digits: 3), (1...366).contains(day) else { return false }
            fields.dayOfYear = day
            return true
        case .isoWeek:
            return store(cursor.twoDigits(in: 1...53), in: &fields.isoWeek)
        case .weekdayFromMonday:
            guard let day = cursor.number(digits: 1), (1...7).contains(day) else { return false }
            fields.isoWeekday = day
            return true
        case .weekdayFromSunday:
            guard let day = cursor.number(digits: 1), day <= 7 else { return false }
            fields.isoWeekday = day == 0 ? 7 : day
            return true
        case .weekdayName:
            guard let day = cursor.weekday() else { return false }
            fields.isoWeekday = day == 0 ? 7 : day
            return true
        case .weekFromSunday, .weekFromMonday:
            return cursor.twoDigits(in: 0...53) != nil
        case .zoneMinutes:
            let isNegative = cursor.take(UInt8(ascii: "-"))
            if !isNegative { _ = cursor.take(UInt8(ascii: "+")) }
            guard let minutes = cursor.number(digits: 4), minutes <= 26 * 60 else { return false }
            fields.zoneOffsetSeconds = (isNegative ? -minutes : minutes) * 60
            return true
        default:
            preconditionFailure("time format item without a reader")
        }
    }

    @inline(__always)
    private func store(_ value: Int?, in field: inout Int) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    /// POSIX: 69...99 are 1969...1999, 00...68 are 2000...2068.
    private static func fullYear(_ yearOfCentury: Int) -> Int { yearOfCentury + (yearOfCentury < 69 ? 2000 : 1900) }
}
