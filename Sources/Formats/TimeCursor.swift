// Reading the parts of a timestamp from bytes, without allocation. Shared by formats and automatic recognition.

struct TimeCursor {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    var isAtEnd: Bool { position >= bytes.count }

    /// The byte at the position, 0 at the end.
    var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    func byte(after distance: Int) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    mutating func skipBlanks() {
        while position < bytes.count, isTimeBlank(bytes[position]) { position += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// One to `maximum` digits; nil without a digit.
    mutating func number(digits maximum: Int) -> Int? {
        let end = min(bytes.count, position + maximum)
        var value = 0
        var index = position
        while index < end, bytes[index] &- 48 < 10 {
            value = value * 10 + Int(bytes[index] &- 48)
            index += 1
        }
        guard index > position else { return nil }
        position = index
        return value
    }

    /// Digits from the position on, at most 20.
    var digitCount: Int {
        var count = 0
        while count < 20, isTimeDigit(byte(after: count)) { count += 1 }
        return count
    }

    /// An epoch of 13, 16 or 19 digits, the last 3, 6 or 9 of them a fraction; false and unmoved for another number.
    mutating func fineEpoch(into fields: inout TimeFields) -> Bool {
        let count = digitCount
        guard count == 13 || count == 16 || count == 19, let seconds = number(digits: 10) else { return false }
        fields.epochSeconds = seconds
        fields.fractionMicroseconds = fractionMicroseconds(digits: count - 10, skippingRest: false) ?? 0
        return true
    }

    /// Exactly `count` digits; nil and unmoved otherwise.
    mutating func fixedNumber(digits count: Int) -> Int? {
        let start = position
        guard let value = number(digits: count), position - start == count else {
            position = start
            return nil
        }
        return value
    }

    /// A number of one or two digits within `range`, after optional blanks.
    mutating func twoDigits(in range: ClosedRange<Int>) -> Int? {
        skipBlanks()
        guard let value = number(digits: 2), range.contains(value) else { return nil }
        return value
    }

    /// Digits of a decimal fraction as microseconds, truncated.
    ///
    /// Reads up to `digits` digits; with `skippingRest` the digits beyond are read over.
    mutating func fractionMicroseconds(digits: Int, skippingRest: Bool) -> Int? {
        let start = position
        let end = min(bytes.count, position + digits)
        var value = 0
        var scale = 100_000
        while position < end, bytes[position] &- 48 < 10 {
            value += Int(bytes[position] &- 48) * scale
            scale /= 10
            position += 1
        }
        guard position > start else { return nil }
        if skippingRest {
            while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        }
        return value
    }

    /// An English month name, short or in full, any case; 1...12.
    mutating func month() -> Int? {
        guard let month = TimeNames.month(key: lowerKey()) else { return nil }
        finishName(TimeNames.months[month - 1])
        return month
    }

    /// An English weekday name, short or in full, any case; 0 = Sunday.
    mutating func weekday() -> Int? {
        guard let weekday = TimeNames.weekday(key: lowerKey()) else { return nil }
        finishName(TimeNames.weekdays[weekday])
        return weekday
    }

    /// A zone as `Z`, `+HH`, `+HHMM`, `+HH:MM` or `+HH:MM:SS`, in seconds east of Greenwich.
    mutating func zoneOffsetSeconds() -> Int? {
        if (next | 0x20) == UInt8(ascii: "z") {
            position += 1
            return 0
        }
        let start = position
        let sign = next
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        position += 1
        guard let hours = fixedNumber(digits: 2), hours <= 26 else {
            position = start
            return nil
        }
        var seconds = hours * 3600
        if let minutes = zonePart(colonIsOptional: true) {
            seconds += minutes * 60
            // Seconds need their colon: `+01002026` is an offset and a year.
            if let part = zonePart(colonIsOptional: false) { seconds += part }
        }
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    private mutating func zonePart(colonIsOptional: Bool) -> Int? {
        let start = position
        guard take(UInt8(ascii: ":")) || colonIsOptional, let part = fixedNumber(digits: 2), part < 60 else {
            position = start
            return nil
        }
        return part
    }

    /// A zone name (`UTC`, `EST`), a name with an offset (`GMT+0100`), or an offset alone.
    mutating func zone(_ zone: TimeZoneRules) -> Int? {
        let start = position
        while position < bytes.count, isTimeLetter(bytes[position]) { position += 1 }
        if position == start { return zoneOffsetSeconds() }
        let name = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        guard let minutes = ZoneAbbreviation.offsetMinutes(name, zone: zone) else {
            position = start
            return nil
        }
        if minutes == 0, let offset = signedOffset() { return offset }
        return minutes * 60
    }

    private mutating func signedOffset() -> Int? {
        guard next == UInt8(ascii: "+") || next == UInt8(ascii: "-") else { return nil }
        return zoneOffsetSeconds()
    }

    private func lowerKey() -> UInt32 {
        guard position + 3 <= bytes.count else { return 0 }
        return UInt32(bytes[position] | 0x20) << 16 | UInt32(bytes[position + 1] | 0x20) << 8
            | UInt32(bytes[position + 2] | 0x20)
    }

    private mutating func finishName(_ full: [UInt8]) {
        position += 3
        let count = full.count - 3
        guard position + count <= bytes.count else { return }
        for index in 0..<count where (bytes[position + index] | 0x20) != full[index + 3] { return }
        position += count
    }
}

enum TimeNames {
    static let months: [[UInt8]] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ].map { Array($0.utf8) }

    static let weekdays: [[UInt8]] = [
        "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    ].map { Array($0.utf8) }

    static func month(key: UInt32) -> Int? {
        switch key {
        case 0x6A616E: 1
        case 0x666562: 2
        case 0x6D6172: 3
        case 0x617072: 4
        case 0x6D6179: 5
        case 0x6A756E: 6
        case 0x6A756C: 7
        case 0x617567: 8
        case 0x736570: 9
        case 0x6F6374: 10
        case 0x6E6F76: 11
        case 0x646563: 12
        default: nil
        }
    }

    static func weekday(key: UInt32) -> Int? {
        switch key {
        case 0x73756E: 0
        case 0x6D6F6E: 1
        case 0x747565: 2
        case 0x776564: 3
        case 0x746875: 4
        case 0x667269: 5
        case 0x736174: 6
        default: nil
        }
    }
}

func isTimeBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

func isTimeDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

func isTimeLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
