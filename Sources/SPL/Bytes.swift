// Lexing works on UTF-8 bytes. Every byte with a meaning of its own is ASCII, so cutting there never cuts a character.

extension UInt8 {
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
    /// Letters, digits and `_`: what names of commands, functions and templates are made of.
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}

extension [UInt8] {
    func string(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }

    func string(_ lowerBound: Int, _ upperBound: Int) -> String { string(lowerBound..<upperBound) }

    func skippingBlanks(from index: Int) -> Int {
        var index = index
        while index < count, self[index].isBlank { index += 1 }
        return index
    }

    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isBlank { lower += 1 }
        while upper > lower, self[upper - 1].isBlank { upper -= 1 }
        return lower..<upper
    }

    func starts(with text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index >= 0, index + length <= count else { return false }
        for position in 0..<length where self[index + position] != text.utf8Start[position] { return false }
        return true
    }

    /// The end of a template word (`<<FIELD>>`, `<<MATCHSEG1>>`) which starts at `index`, else nil.
    func endOfTemplate(at index: Int) -> Int? {
        guard starts(with: "<<", at: index) else { return nil }
        var end = index + 2
        while end < count, self[end].isWordByte { end += 1 }
        return end > index + 2 && starts(with: ">>", at: end) ? end + 2 : nil
    }
}
