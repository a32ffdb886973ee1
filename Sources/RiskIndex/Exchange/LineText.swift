import Formats
import Glibc

/// Values of a checked line of JSON, as columns hold them.
enum LineText {
    /// A string's inner text in the form of ``StoredText``: never longer than it was. Halves of surrogate pairs become
    /// U+FFFD.
    static func appendStored(_ inner: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        var at = 0
        while at < inner.count {
            let byte = inner[at]
            guard byte == UInt8(ascii: "\\"), at + 1 < inner.count else {
                bytes.append(byte)
                at += 1
                continue
            }
            at += 2
            switch inner[at - 1] {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): append(codePoint(inner, &at), to: &bytes)
            default: bytes.append(inner[at - 1])
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0: bytes += [StoredText.escapeByte, UInt8(ascii: "0")]
        case UInt32(StoredText.escapeByte): bytes += [StoredText.escapeByte, StoredText.escapeByte]
        default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    /// - Parameter at: behind `\u`, then behind the digits.
    private static func codePoint(_ inner: UnsafeRawBufferPointer, _ at: inout Int) -> Unicode.Scalar {
        let first = unit(inner, at)
        at += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, at + 5 < inner.count, inner[at] == UInt8(ascii: "\\"), inner[at + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let second = unit(inner, at + 2)
        guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
        at += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private static func unit(_ inner: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
        var unit: UInt32 = 0
        for digit in inner[at..<min(inner.count, at + 4)] {
            let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : (digit | 0x20) - UInt8(ascii: "a") + 10
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }

    /// - Returns: nil for a number with a fraction or exponent, or one that 64 bits do not hold.
    static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        var at = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { at = 1 }
        guard at < text.count, text.count <= 20 else { return nil }
        var magnitude: UInt64 = 0
        while at < text.count {
            let digit = text[at] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = tens &+ UInt64(digit)
            guard magnitude >= tens else { return nil }
            at += 1
        }
        if isNegative { return magnitude <= 1 << 63 ? Int64(bitPattern: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// The double nearest to a JSON number; infinite where there is none so large.
    static func double(_ text: UnsafeRawBufferPointer) -> Double {
        // Up to 15 digits and a power of ten up to 22 are both exact, and so is their quotient's rounding.
        var digits: Int64 = 0
        var count = 0
        var places = -1
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits = digits &* 10 &+ Int64(byte - UInt8(ascii: "0"))
                count += 1
                if places >= 0 { places += 1 }
            case UInt8(ascii: "."): places = 0
            case UInt8(ascii: "-") where count == 0: continue
            default: return slowDouble(text)
            }
        }
        guard count <= 15 else { return slowDouble(text) }
        let magnitude = places > 0 ? Double(digits) / powersOfTen[places] : Double(digits)
        return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    private static let powersOfTen: [Double] = (0...15).map { pow(10, Double($0)) }

    private static func slowDouble(_ text: UnsafeRawBufferPointer) -> Double {
        // Swift's own reading: no locale. Of a checked JSON number it fails only for one out of range.
        Double(String(decoding: text, as: UTF8.self)) ?? .infinity
    }
}
