import Formats

/// Looks at lists of text as ``StringListJSON`` writes them, to the byte, and makes none.
enum ListText {
    /// `["a","b"]`
    static func isList(_ json: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        return passList(json, &at) != nil && at == json.count
    }

    /// `[["a","b"],["c"]]` with at least so many texts in each inner list, at most so many, and exactly so many lists if that is said.
    static func isLists(
        _ json: UnsafeRawBufferPointer, minimumLength: Int, maximumLength: Int = .max, count: Int? = nil
    ) -> Bool {
        guard json.count >= 2, json[0] == openBracket, json[json.count - 1] == closeBracket else { return false }
        guard json.count > 2 else { return count ?? 0 == 0 }
        var at = 1
        var found = 0
        while true {
            guard let length = passList(json, &at), length >= minimumLength, length <= maximumLength,
                at < json.count
            else { return false }
            found += 1
            if json[at] == closeBracket { return at + 1 == json.count && count ?? found == found }
            guard json[at] == comma else { return false }
            at += 1
        }
    }

    /// The inner lists of what ``isLists(_:minimumLength:maximumLength:count:)`` took.
    static func forEachList(_ json: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var at = 1
        while at < json.count {
            let start = at
            guard passList(json, &at) != nil else { return }
            body(UnsafeRawBufferPointer(rebasing: json[start..<at]))
            at += 1
        }
    }

    /// - Returns: how many texts the list at `at` has; `at` is then behind it. Nil where there is none.
    private static func passList(_ json: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
        guard at + 1 < json.count, json[at] == openBracket else { return nil }
        at += 1
        if json[at] == closeBracket {
            at += 1
            return 0
        }
        var count = 0
        while true {
            guard passText(json, &at), at < json.count else { return nil }
            count += 1
            at += 1
            if json[at - 1] == closeBracket { return count }
            guard json[at - 1] == comma else { return nil }
        }
    }

    private static func passText(_ json: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        guard at < json.count, json[at] == quote else { return false }
        at += 1
        while at < json.count {
            switch json[at] {
            case quote:
                at += 1
                return true
            case backslash:
                guard let width = escapeWidth(json, at) else { return false }
                at += width
            case 0..<0x20: return false
            default: at += 1
            }
        }
        return false
    }

    /// `\"`, `\\`, or `\u00XX` of a control character with lower-case digits; nil for escapes that are never written.
    private static func escapeWidth(_ json: UnsafeRawBufferPointer, _ at: Int) -> Int? {
        guard at + 1 < json.count else { return nil }
        if json[at + 1] == quote || json[at + 1] == backslash { return 2 }
        guard at + 5 < json.count, json[at + 1] == UInt8(ascii: "u"), json[at + 2] == zero, json[at + 3] == zero,
            json[at + 4] == zero || json[at + 4] == zero + 1
        else { return nil }
        switch json[at + 5] {
        case zero...zero + 9, UInt8(ascii: "a")...UInt8(ascii: "f"): return 6
        default: return nil
        }
    }

    private static let openBracket = UInt8(ascii: "[")
    private static let closeBracket = UInt8(ascii: "]")
    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let zero = UInt8(ascii: "0")
}

extension KeyOrder {
    static func of(_ key: UnsafeRawBufferPointer) -> Int64 {
        var order: Int64 = 0
        for digit in 0..<15 {
            var value: UInt8 = 0
            if digit < key.count {
                switch key[digit] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): value = key[digit] - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): value = key[digit] - UInt8(ascii: "a") + 10
                default: return order << Int64(4 * (15 - digit))
                }
            }
            order = order << 4 | Int64(value)
        }
        return order
    }
}

extension MessageHash {
    /// - Parameter message: as its column holds it.
    static func ofStored(_ message: UnsafeRawBufferPointer) -> Int64 {
        guard message.contains(StoredText.escapeByte) else {
            return Int64(bitPattern: SHA256.first64Bits(message))
        }
        return of(StoredText.decode(String(decoding: message, as: UTF8.self)))
    }
}

extension StoredText {
    /// Stands before what stands for a NUL, and before itself.
    static let escapeByte: UInt8 = 0x10

    /// ``FoldedName`` of a name as its column holds it, as its own column holds that.
    static func folded(_ stored: UnsafeRawBufferPointer) -> String {
        encode(FoldedName.fold(decode(String(decoding: stored, as: UTF8.self))))
    }
}
