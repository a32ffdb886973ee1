import Formats

/// The order of keys as a number: that of the first 15 hex digits, so that an index can hold it. Keys that agree in all
/// of them (one pair in 10^18) are told apart by the key itself.
enum KeyOrder {
    static func of(_ key: String) -> Int64 {
        var order: Int64 = 0
        var digits = 0
        for byte in key.utf8.prefix(15) {
            guard let digit = hexValue(byte) else { break }
            order = order << 4 | Int64(digit)
            digits += 1
        }
        return order << Int64(4 * (15 - digits))
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension RiskEvent {
    /// As ``RiskColumns/keyOrders`` has it.
    public var keyOrder: Int64 { KeyOrder.of(key) }
}

/// Equal for equal messages. Of SHA-256: messages hold text from logs, and a message made to collide with another would
/// not be counted.
enum MessageHash {
    static func of(_ message: String) -> Int64 {
        var message = message
        return message.withUTF8 { Int64(bitPattern: SHA256.first64Bits(UnsafeRawBufferPointer($0))) }
    }
}
