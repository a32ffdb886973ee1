extension TimeFormat {
    /// Prints an instant in a zone. The fraction is cut, never rounded; digits finer than microseconds are 0.
    public func format(microseconds: Int64, zone: TimeZoneRules) -> [UInt8] {
        let seconds = floorDivide(microseconds, 1_000_000)
        let fraction = Int(floorModulo(microseconds, 1_000_000))
        let offset = zone.offsetSeconds(atUTC: seconds)
        let civil = CivilDateTime(localSeconds: seconds + Int64(offset))
        var output = TimePrinter()
        output.bytes.reserveCapacity(items.count + 24)
        for item in items {
            switch item {
            case .literal(let byte), .blank(let byte): output.bytes.append(byte)
            case .year: output.year(civil.year)
            case .yearOfCentury: output.number(floorModulo(civil.year, 100), width: 2)
            case .isoYear: output.year(civil.date.isoWeek.year)
            case .isoYearOfCentury: output.number(floorModulo(civil.date.isoWeek.year, 100), width: 2)
            case .century: output.number(floorModulo(floorDivide(civil.year, 100), 100), width: 2)
            case .month: output.number(civil.month, width: 2)
            case .monthName(let full): output.name(TimeNames.months[civil.month - 1], full: full)
            case .day: output.number(civil.day, width: 2)
            case .daySpacePadded: output.number(civil.day, width: 2, pad: 0x20)
            case .dayUnpadded: output.number(civil.day, width: 1)
            case .monthUnpadded: output.number(civil.month, width: 1)
            case .hourUnpadded: output.number(civil.hour, width: 1)
            case .hour12Unpadded: output.number((civil.hour + 11) % 12 + 1, width: 1)
            case .dayOfYear: output.number(civil.date.dayOfYear, width: 3)
            case .weekdayName(let full): output.name(TimeNames.weekdays[civil.date.weekday], full: full)
            case .weekdayFromMonday: output.number(civil.date.weekday == 0 ? 7 : civil.date.weekday, width: 1)
            case .weekdayFromSunday: output.number(civil.date.weekday, width: 1)
            case .isoWeek: output.number(civil.date.isoWeek.week, width: 2)
            case .weekFromSunday: output.number((civil.date.dayOfYear + 6 - civil.date.weekday) / 7, width: 2)
            case .weekFromMonday:
                output.number((civil.date.dayOfYear + 6 - (civil.date.weekday + 6) % 7) / 7, width: 2)
            case .hour: output.number(civil.hour, width: 2)
            case .hourSpacePadded: output.number(civil.hour, width: 2, pad: 0x20)
            case .hour12: output.number((civil.hour + 11) % 12 + 1, width: 2)
            case .hour12SpacePadded: output.number((civil.hour + 11) % 12 + 1, width: 2, pad: 0x20)
            case .minute: output.number(civil.minute, width: 2)
            case .second: output.number(civil.second, width: 2)
            case .amPM: output.bytes += civil.hour < 12 ? [0x41, 0x4D] : [0x50, 0x4D]
            case .fractionPoint: output.bytes.append(UInt8(ascii: "."))
            case .fraction(let digits, _): output.fraction(microseconds: fraction, digits: digits)
            case .epochSeconds: output.signed(Int(seconds))
            case .zoneName: output.bytes += zone.abbreviation(atUTC: seconds).utf8
            case .zoneOffset(let style): output.zoneOffset(seconds: offset, style: style)
            case .zoneMinutes: output.signed(offset / 60)
            }
        }
        return output.bytes
    }
}

private struct TimePrinter {
    var bytes: [UInt8] = []

    mutating func number(_ value: Int, width: Int, pad: UInt8 = 0x30) {
        var divisor = 1
        var digits = 1
        while value / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        for _ in 0..<max(0, width - digits) { bytes.append(pad) }
        while divisor > 0 {
            bytes.append(48 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    mutating func signed(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        number(abs(value), width: 1)
    }

    mutating func year(_ year: Int) {
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        number(abs(year), width: 4)
    }

    mutating func name(_ lowerCase: [UInt8], full: Bool) {
        bytes.append(lowerCase[0] & 0xDF)
        bytes += lowerCase[1..<(full ? lowerCase.count : 3)]
    }

    mutating func fraction(microseconds: Int, digits: Int) {
        var divisor = 100_000
        for _ in 0..<digits {
            bytes.append(48 + (divisor > 0 ? UInt8(microseconds / divisor % 10) : 0))
            divisor /= 10
        }
    }

    mutating func zoneOffset(seconds: Int, style: TimeFormat.ZoneOffsetStyle) {
        bytes.append(UInt8(ascii: seconds < 0 ? "-" : "+"))
        let size = abs(seconds)
        number(size / 3600, width: 2)
        if style == .hoursOnly { return }
        if style != .hoursMinutes { bytes.append(UInt8(ascii: ":")) }
        number(size / 60 % 60, width: 2)
        guard style == .colonSeconds else { return }
        bytes.append(UInt8(ascii: ":"))
        number(size % 60, width: 2)
    }
}
