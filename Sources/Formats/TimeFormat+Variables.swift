extension TimeFormat {
    /// A `%` and what stands behind it.
    public struct Variable: Sendable {
        enum Form: Sendable {
            case item(Item)
            /// Stands for a format of variables of the other kind.
            case format(String)
        }

        /// Without the `%`.
        public let spelling: String
        /// What it prints, and reads.
        public let meaning: String
        let form: Form

        init(_ spelling: String, _ item: Item, _ meaning: String) {
            self.spelling = spelling
            self.meaning = meaning
            form = .item(item)
        }

        init(_ spelling: String, _ format: String, _ meaning: String) {
            self.spelling = spelling
            self.meaning = meaning
            form = .format(format)
        }
    }

    /// All but those with a count of digits, `%1N` to `%9N` and `%1Q` to `%9Q`. No spelling begins another.
    public static let variables: [Variable] = [
        Variable("Y", .year, "year, four digits"),
        Variable("y", .yearOfCentury, "year without century"),
        Variable("C", .century, "century, two digits"),
        Variable("G", .isoYear, "year of the ISO week"),
        Variable("g", .isoYearOfCentury, "year of the ISO week without century"),
        Variable("m", .month, "month, 01 to 12"),
        Variable("-m", .monthUnpadded, "month, no leading zero"),
        Variable("B", .monthName(full: true), "month by name"),
        Variable("b", .monthName(full: false), "month by its first three letters"),
        Variable("h", .monthName(full: false), "as `%b`"),
        Variable("d", .day, "day of the month, 01 to 31"),
        Variable("e", .daySpacePadded, "day of the month, a blank for the leading zero"),
        Variable("-d", .dayUnpadded, "day of the month, no leading zero"),
        Variable("-e", .dayUnpadded, "as `%-d`"),
        Variable("j", .dayOfYear, "day of the year, 001 to 366"),
        Variable("A", .weekdayName(full: true), "day of the week by name"),
        Variable("a", .weekdayName(full: false), "day of the week by its first three letters"),
        Variable("u", .weekdayFromMonday, "day of the week, 1 (Monday) to 7"),
        Variable("w", .weekdayFromSunday, "day of the week, 0 (Sunday) to 6"),
        Variable("V", .isoWeek, "ISO week, 01 to 53"),
        Variable("U", .weekFromSunday, "week of the year, the first Sunday begins 01"),
        Variable("W", .weekFromMonday, "week of the year, the first Monday begins 01"),
        Variable("H", .hour, "hour, 00 to 23"),
        Variable("k", .hourSpacePadded, "hour, a blank for the leading zero"),
        Variable("-H", .hourUnpadded, "hour, no leading zero"),
        Variable("-k", .hourUnpadded, "as `%-H`"),
        Variable("I", .hour12, "hour, 01 to 12"),
        Variable("l", .hour12SpacePadded, "hour, 1 to 12, a blank for the leading zero"),
        Variable("-I", .hour12Unpadded, "hour of twelve, no leading zero"),
        Variable("-l", .hour12Unpadded, "as `%-I`"),
        Variable("p", .amPM, "AM or PM"),
        Variable("M", .minute, "minute"),
        Variable("S", .second, "second"),
        Variable("N", .fraction(digits: 9, isLastDigits: true), "fraction of the second, nine digits"),
        Variable("Q", .fraction(digits: 3, isLastDigits: true), "fraction of the second, three digits"),
        Variable("f", .fraction(digits: 6, isLastDigits: true), "fraction of the second, six digits"),
        Variable("s", .epochSeconds(digits: nil), "seconds since 1970-01-01 00:00:00 UTC"),
        Variable("Z", .zoneName, "time zone by abbreviation"),
        Variable(":Z", .zoneName, "as `%Z`"),
        Variable("z", .zoneOffset(.hoursMinutes), "offset from UTC, hours and minutes"),
        Variable(":z", .zoneOffset(.colon), "offset from UTC, with a colon"),
        Variable("::z", .zoneOffset(.colonSeconds), "offset from UTC, with seconds"),
        Variable(":::z", .zoneOffset(.hoursOnly), "offset from UTC, hours alone"),
        Variable("Ez", .zoneMinutes, "offset from UTC in minutes"),
        Variable("F", "%Y-%m-%d", "date"),
        Variable("D", "%m/%d/%y", "date, American, without century"),
        Variable("x", "%-m/%-d/%Y", "date, American, no leading zeros"),
        Variable("T", "%H:%M:%S", "time"),
        Variable("X", "%-H:%M:%S", "time, no leading zero"),
        Variable("R", "%H:%M", "time without seconds"),
        Variable("r", "%I:%M:%S %p", "time of twelve hours"),
        Variable("c", "%a %b %e %H:%M:%S %Y", "date and time"),
        Variable("+", "%a %b %e %H:%M:%S %Z %Y", "date and time with zone"),
        Variable("n", .blank(0x0A), "a line feed; reads any blanks"),
        Variable("t", .blank(0x09), "a tab; reads any blanks"),
        Variable("%", .literal(UInt8(ascii: "%")), "a percent sign"),
    ]
}
