// Lists of text in one column, as JSON arrays: `["a","b"]` and `[["a","b"],["c"]]`, nothing else. A reader of just that
// shape: a page of risk events decodes three lists an event, and Foundation's decoder costs 5,600 ns each.

enum StringListJSON {
    static func encode(_ list: [String]) -> String {
        var bytes: [UInt8] = []
        append(list, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func encode(_ lists: [[String]]) -> String {
        var bytes = [UInt8(ascii: "[")]
        for (position, list) in lists.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            append(list, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: nil when `json` is not a list of text.
    static func decodeList(_ json: String) -> [String]? {
        var reader = StringListReader(bytes: Array(json.utf8))
        guard let list = reader.list(), reader.isAtEnd else { return nil }
        return list
    }

    /// - Returns: nil when `json` is not a list of lists of text.
    static func decodeLists(_ json: String) -> [[String]]? {
        var reader = StringListReader(bytes: Array(json.utf8))
        guard let lists = reader.lists(), reader.isAtEnd else { return nil }
        return lists
    }

    private static func append(_ list: [String], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (position, text) in list.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
                case 0..<0x20:
                    bytes += Array("\\u00".utf8)
                    bytes += [hexDigit(byte >> 4), hexDigit(byte & 15)]
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

private struct StringListReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func lists() -> [[String]]? {
        elements { reader in reader.list() }
    }

    mutating func list() -> [String]? {
        elements { reader in reader.text() }
    }

    private mutating func elements<Element>(_ element: (inout StringListReader) -> Element?) -> [Element]? {
        guard take("[") else { return nil }
        var found: [Element] = []
        if take("]") { return found }
        repeat {
            guard let next = element(&self) else { return nil }
            found.append(next)
        } while take(",")
        return take("]") ? found : nil
    }

    private mutating func text() -> String? {
        guard take("\"") else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: bytes[start..<position - 1], as: UTF8.self)
            case UInt8(ascii: "\\"): return escapedText(from: start)
            default: position += 1
            }
        }
        return nil
    }

    private mutating func escapedText(from start: Int) -> String? {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: unescaped, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                unescaped.append(byte)
                continue
            }
            guard let escaped = escape() else { return nil }
            unescaped.append(escaped)
        }
        return nil
    }

    /// Only what `encode` writes: `\"`, `\\` and `\u00XX`.
    private mutating func escape() -> UInt8? {
        if take("\"") { return UInt8(ascii: "\"") }
        if take("\\") { return UInt8(ascii: "\\") }
        guard take("u"), take("0"), take("0"), position + 2 <= bytes.count,
            let value = UInt8(String(decoding: bytes[position..<position + 2], as: UTF8.self), radix: 16), value < 0x80
        else { return nil }
        position += 2
        return value
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }
}
