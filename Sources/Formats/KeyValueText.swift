/// `name=value` and `name="va lue"` in a text. Source: Admin Manual 9.3, props.conf, KV_MODE = auto, CLEAN_KEYS.
public enum KeyValueText {
    /// Calls `body` with the places of each name and value, until it returns false. Values are never empty.
    ///
    /// - Parameter honoursEscapes: a `\"` in quotes does not end the value (KV_MODE = auto_escaped); the backslashes are
    ///   still in it. Without, the first quote ends it, as real events showed: `path="C:\" next=x`.
    public static func forEachPair(
        in text: UnsafeRawBufferPointer, honoursEscapes: Bool = false,
        _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Bool
    ) {
        var index = 0
        while let equals = text[index...].firstIndex(of: UInt8(ascii: "=")) {
            index = equals + 1
            var start = equals
            while start > 0, isNameByte(text[start - 1]) { start -= 1 }
            guard start < equals, index < text.count, cleanedName(text[start..<equals]) != nil else { continue }
            var end = index
            if text[index] == UInt8(ascii: "\"") {
                index += 1
                end = index
                while end < text.count, text[end] != UInt8(ascii: "\"") {
                    end += honoursEscapes && text[end] == UInt8(ascii: "\\") && end + 1 < text.count ? 2 : 1
                }
            } else {
                while end < text.count, !isValueEnd(text[end]) { end += 1 }
            }
            if end > index, !body(start..<equals, index..<end) { return }
            index = max(index, end)
        }
    }

    /// `\"` and `\\` as what they stand for; other backslashes stay.
    public static func unescaped(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
                result.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
        if isEscaped { result.append(UInt8(ascii: "\\")) }
        return result
    }

    /// Every byte but letters and digits as `_`, then digits and `_` at the start dropped; nil where nothing is left.
    public static func cleanedName(_ bytes: some Sequence<UInt8>) -> String? {
        let mapped = bytes.map { isAlphanumeric($0) ? $0 : UInt8(ascii: "_") }
        let name = mapped.drop { $0 == UInt8(ascii: "_") || $0 &- 48 < 10 }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isValueEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|")
            || byte == UInt8(ascii: "&")
    }
}
