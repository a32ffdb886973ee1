// Text with NUL characters in TEXT columns. SQLite's text API, and GRDB with it, ends a text at its first NUL, and log
// fields may hold one ("\u0000" in JSON): an entity could hide what follows it. So NUL is written as DLE 0 and DLE as
// DLE DLE (DLE, U+0010, is ASCII's own "data link escape"). Text without either, which is nearly all, is stored as is.

enum StoredText {
    static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == dle }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0: bytes += [dle, zeroDigit]
            case dle: bytes += [dle, dle]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func decode(_ stored: String) -> String {
        guard stored.utf8.contains(dle) else { return stored }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in stored.utf8 {
            if isEscaped {
                bytes.append(byte == zeroDigit ? 0 : byte)
                isEscaped = false
            } else if byte == dle {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let dle: UInt8 = 0x10
    private static let zeroDigit = UInt8(ascii: "0")
}
