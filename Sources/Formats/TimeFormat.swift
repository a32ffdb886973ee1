// Splunk's time format variables, compiled once and run many times in both directions.
// Source: Splunk Search Reference, "Date and time format variables"; the rest of the letters as in POSIX strftime.
//
// As the page's examples have it: %c is `Thu Jul 18 09:30:00 2019` and %+ the same with the zone before the year, %x is
// `7/13/2019` and %X `9:30:00`. %Ez is the signed number of minutes east of Greenwich, as in `date_zone`.

/// A compiled time format, for `strftime`, `strptime`, `convert` and props.conf `TIME_FORMAT`.
public struct TimeFormat: Hashable, Sendable {
    enum Item: Hashable, Sendable {
        case literal(UInt8)
        case blank(UInt8)
        case year, century, yearOfCentury, isoYear, isoYearOfCentury
        case month
        case monthName(full: Bool)
        case day, daySpacePadded, dayOfYear
        case weekdayName(full: Bool)
        case weekdayFromMonday, weekdayFromSunday
        case isoWeek, weekFromSunday, weekFromMonday
        case hour, hourSpacePadded, hour12, hour12SpacePadded, minute, second, amPM
        /// Without leading zeros: `%-d`, and in `%x` and `%X`.
        case dayUnpadded, monthUnpadded, hourUnpadded, hour12Unpadded
        case fraction(digits: Int, isLastDigits: Bool)
        /// The point before a fraction. Text may lack both: a page reads `00:00:00 2018` with `%H:%M:%S.%N %Y`.
        case fractionPoint
        /// With a fraction directly behind (`%s%3N`) seconds have ten digits.
        case epochSeconds(digits: Int?)
        case zoneName, zoneMinutes
        case zoneOffset(ZoneOffsetStyle)
    }

    enum ZoneOffsetStyle: Hashable, Sendable { case hoursMinutes, colon, colonSeconds, hoursOnly }

    /// As it was written.
    public let text: String
    let items: [Item]

    /// - Throws: for a variable that Splunk does not document, and a `%` at the end.
    public init(_ format: String) throws(TimeFormatError) {
        guard format.utf8.count <= 4096 else {
            throw TimeFormatError(message: "time format is longer than 4096 bytes", offset: 4096, hint: nil)
        }
        var compiler = TimeFormatCompiler(bytes: Array(format.utf8))
        try compiler.compile()
        text = format
        items = TimeFormat.linkingDigits(compiler.items)
    }

    /// Tells epoch seconds and fractions whether digits follow that belong to another variable.
    private static func linkingDigits(_ items: [Item]) -> [Item] {
        var linked = items
        for index in items.indices {
            let follower = index + 1 < items.count ? items[index + 1] : .blank(0x20)
            switch items[index] {
            case .epochSeconds:
                if case .fraction = follower { linked[index] = .epochSeconds(digits: 10) }
            case .fraction(let digits, _):
                linked[index] = .fraction(digits: digits, isLastDigits: !readsDigits(follower))
            case .literal(UInt8(ascii: ".")):
                if case .fraction = follower { linked[index] = .fractionPoint }
            default:
                break
            }
        }
        return linked
    }

    /// It reads a time of day and nothing of a date.
    public var isTimeOfDay: Bool {
        var readsTime = false
        for item in items {
            switch item {
            case .hour, .hourSpacePadded, .hour12, .hour12SpacePadded, .hourUnpadded, .hour12Unpadded, .minute, .second:
                readsTime = true
            case .literal, .blank, .amPM, .fraction, .fractionPoint, .zoneName, .zoneOffset, .zoneMinutes: continue
            default: return false
            }
        }
        return readsTime
    }

    private static func readsDigits(_ item: Item) -> Bool {
        switch item {
        case .literal(let byte): isTimeDigit(byte)
        case .blank, .monthName, .weekdayName, .amPM, .zoneName, .zoneOffset, .zoneMinutes: false
        default: true
        }
    }
}

/// A time format that cannot be compiled.
public struct TimeFormatError: Error, Hashable, Sendable {
    public let message: String
    /// UTF-8 offset into the format of the `%` in question.
    public let offset: Int
    public let hint: String?
}

private struct TimeFormatCompiler {
    let bytes: [UInt8]
    var position = 0
    var items: [TimeFormat.Item] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func compile() throws(TimeFormatError) {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "%") {
                try variable(start: position - 1)
            } else {
                appendText(byte)
            }
        }
    }

    mutating func appendText(_ byte: UInt8) {
        items.append(isTimeBlank(byte) ? .blank(byte) : .literal(byte))
    }

    mutating func variable(start: Int) throws(TimeFormatError) {
        let rest = bytes[position...]
        if let variable = TimeFormat.variables.first(where: { rest.starts(with: $0.spelling.utf8) }) {
            position += variable.spelling.utf8.count
            switch variable.form {
            case .item(let item): items.append(item)
            case .format(let format):
                var inner = TimeFormatCompiler(bytes: Array(format.utf8))
                try inner.compile()
                items += inner.items
            }
            return
        }
        if let digit = rest.first, digit &- 49 < 9, let letter = rest.dropFirst().first,
            letter == UInt8(ascii: "N") || letter == UInt8(ascii: "Q")
        {
            position += 2
            items.append(.fraction(digits: Int(digit - 48), isLastDigits: true))
            return
        }
        guard !rest.isEmpty else {
            throw TimeFormatError(
                message: "time format ends in '%'", offset: start, hint: "write '%%' for a percent sign")
        }
        let end = rest.dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        throw TimeFormatError(
            message: "unknown time format variable '\(name)' at offset \(start)", offset: start,
            hint: "the variables are those of Splunk's page 'Date and time format variables'")
    }
}
