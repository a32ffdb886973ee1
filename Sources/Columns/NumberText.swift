// Numbers between text and Double. Printing follows Splunk: integers without fraction or exponent up to 2^53, others
// the shortest decimal that reads back to the same double (docs/decisions/0002).

public enum NumberText {
    /// Reads text that is wholly a decimal number: optional sign, digits, fraction, exponent; no blanks.
    ///
    /// - Returns: nil for anything else ("", "0x1F", "1,000", " 1", "nan", "inf").
    public static func parse(_ bytes: [UInt8]) -> Double? {
        let count = bytes.count
        guard count > 0, count <= 400 else { return nil }
        var index = 0
        var negative = false
        if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
            negative = bytes[0] == UInt8(ascii: "-")
            index = 1
        }
        let digitsStart = index
        var integer: UInt64 = 0
        while index < count, isDigit(bytes[index]) {
            if index - digitsStart < 18 { integer = integer &* 10 &+ UInt64(bytes[index] &- 48) }
            index += 1
        }
        let integerDigits = index - digitsStart
        if index == count, integerDigits > 0, integerDigits <= 15 {
            return negative ? -Double(integer) : Double(integer)
        }
        var fractionDigits = 0
        if index < count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < count, isDigit(bytes[index]) {
                fractionDigits += 1
                index += 1
            }
        }
        guard integerDigits + fractionDigits > 0 else { return nil }
        if index < count, bytes[index] == UInt8(ascii: "e") || bytes[index] == UInt8(ascii: "E") {
            index += 1
            if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
            let exponentStart = index
            while index < count, isDigit(bytes[index]) { index += 1 }
            guard index > exponentStart else { return nil }
        }
        guard index == count else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    public static func print(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number == number.rounded(.towardZero), abs(number) < 9_007_199_254_740_992 {
            return String(Int64(number))
        }
        let shortest = number.description
        guard shortest.contains("e") else {
            return shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
        }
        return plainDecimal(shortest)
    }

    /// Rewrites `1.5e-07` as `0.00000015`: Splunk's pipeline prints no exponents in this range.
    private static func plainDecimal(_ scientific: String) -> String {
        let parts = scientific.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent) <= 330 else { return scientific }
        var mantissa = parts[0]
        let negative = mantissa.hasPrefix("-")
        if negative { mantissa = mantissa.dropFirst() }
        let pieces = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(pieces[0])
        var fraction = pieces.count > 1 ? String(pieces[1]) : ""
        if fraction == "0" { fraction = "" }
        let digits = whole + fraction
        let point = whole.count + exponent
        let body: String
        if point <= 0 {
            body = "0." + String(repeating: "0", count: -point) + digits
        } else if point >= digits.count {
            body = digits + String(repeating: "0", count: point - digits.count)
        } else {
            let cut = digits.index(digits.startIndex, offsetBy: point)
            body = digits[..<cut] + "." + digits[cut...]
        }
        return (negative ? "-" : "") + body
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
}
