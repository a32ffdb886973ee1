public import Columns

/// What is true of XML's characters without a parser.
public enum XMLText {
    /// Replaces `&amp; &lt; &gt; &quot; &apos;` and `&#n; &#xn;`; anything else stays as it is.
    public static func decoded(_ bytes: ArraySlice<UInt8>) -> Text {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "&")) else { return Text(bytes) }
        var decoded = Array(bytes[..<first])
        decoded.reserveCapacity(bytes.count)
        var index = first
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "&"), let entity = entity(bytes[index...]) {
                decoded.append(contentsOf: entity.text)
                index = entity.end
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return Text(decoded)
    }

    /// The text without the blanks and line ends around it.
    public static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return [] }
        return bytes[first...last]
    }

    /// - Parameter bytes: begin with `&`.
    private static func entity(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], end: Int)? {
        guard let end = bytes.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
        let text: [UInt8]
        switch name {
        case "amp": text = [UInt8(ascii: "&")]
        case "lt": text = [UInt8(ascii: "<")]
        case "gt": text = [UInt8(ascii: ">")]
        case "quot": text = [UInt8(ascii: "\"")]
        case "apos": text = [UInt8(ascii: "'")]
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
            guard let code = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10), code != 0,
                let scalar = Unicode.Scalar(code)
            else { return nil }
            text = Array(String(Character(scalar)).utf8)
        }
        return (text, end + 1)
    }
}
