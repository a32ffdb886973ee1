/// Rounding as people do it, on decimal digits: halves away from zero. 2.555 is 2.55499999... in binary, and rounds to
/// 2.56 all the same, because its shortest decimal ends in 5.
///
/// Source: Splunk Search Reference 9.4, "Mathematical functions", round.
struct DecimalRounding {
    private var digits: [UInt8]
    /// The number is 0.d1d2d3... times 10 to this power.
    private let point: Int
    private let number: Double

    /// Nil for zero, nan and infinity, which rounding leaves alone.
    private init?(_ number: Double) {
        guard number.isFinite, number != 0 else { return nil }
        self.number = number
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var rest = Substring(number.magnitude.description).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                exponent = Int(Substring(rest)) ?? 0
                rest = Substring("").utf8
            default: digits.append(byte - 48)
            }
        }
        let leadingZeros = digits.prefix { $0 == 0 }.count
        self.point = (point ?? digits.count) + exponent - leadingZeros
        self.digits = Array(digits.dropFirst(leadingZeros))
    }

    /// - Parameter decimals: digits behind the point; negative rounds whole digits away.
    static func round(_ number: Double, decimals: Int) -> Double {
        guard let rounding = DecimalRounding(number) else { return number }
        return rounding.keeping(rounding.point + decimals)
    }

    /// - Parameter keepsInteger: digits before the point are never rounded away.
    static func round(_ number: Double, significantDigits count: Int, keepsInteger: Bool) -> Double {
        guard let rounding = DecimalRounding(number) else { return number }
        return rounding.keeping(keepsInteger ? max(count, rounding.point) : count)
    }

    private func keeping(_ count: Int) -> Double {
        guard count < digits.count else { return number }
        guard count >= 0 else { return 0 }
        var kept = Array(digits[..<count])
        var exponent = point - count
        if digits[count] >= 5 {
            var index = count - 1
            while index >= 0, kept[index] == 9 {
                kept[index] = 0
                index -= 1
            }
            if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
        }
        if kept.isEmpty { return 0 }
        // Many digits make a text that is not read exactly faster; zeros at the end say nothing.
        while kept.count > 1, kept.last == 0 {
            kept.removeLast()
            exponent += 1
        }
        let text = String(decoding: kept.map { $0 + 48 }, as: UTF8.self) + "e\(exponent)"
        let magnitude = Double(text) ?? number.magnitude
        return number < 0 ? -magnitude : magnitude
    }
}

/// How exactly a number was written. Nil means without limit.
///
/// The result of `*` and `/` prints with no more significant digits than the least precise decimal literal in it, though
/// digits before the point are never rounded away: `8.250*0.2` is 2, `8.250*0.200` is 1.65, `1.00*1111` is 1111. It is
/// cut where it becomes a field or a text, not within a calculation; `exact()` switches it off, `sigfig()` rounds whole
/// digits too. Source: Splunk Search Reference 9.4, "eval", Rounding; "Mathematical functions", sigfig.
struct NumberPrecision: Hashable, Sendable {
    /// Significant digits.
    var digits: Int?
    /// Digits behind the point.
    var decimals: Int?
    var isDecimal = false

    static let unlimited = NumberPrecision()

    private init() {}

    /// - Parameter text: a decimal number.
    init(_ text: some Sequence<UInt8>) {
        var significant = 0
        var fraction = 0
        var exponent: [UInt8]?
        for byte in text {
            switch byte {
            case UInt8(ascii: "."): isDecimal = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): exponent = []
            case _ where exponent != nil: exponent?.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
                if isDecimal { fraction += 1 }
            default: break
            }
        }
        let shift = exponent.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        digits = max(1, significant)
        decimals = max(0, fraction - max(-400, min(400, shift)))
    }

    func multiplied(by other: NumberPrecision) -> NumberPrecision {
        var result = NumberPrecision()
        result.digits = [digits, other.digits].compactMap { $0 }.min()
        return result
    }

    func added(to other: NumberPrecision) -> NumberPrecision {
        var result = NumberPrecision()
        result.decimals = [decimals, other.decimals].compactMap { $0 }.min()
        return result
    }

    func rounded(_ number: Double) -> Double {
        if let digits { return DecimalRounding.round(number, significantDigits: digits, keepsInteger: false) }
        if let decimals { return DecimalRounding.round(number, decimals: decimals) }
        return number
    }
}
