// Events are cut off: syslog, TRUNCATE, copy and paste. What stood before the cut is still there.

/// The end of a JSON text that was cut off.
public enum JSONCut {
    private enum Place {
        case key, colon, value, afterValue
    }

    /// The part of `text` up to its last whole value, with the containers around it closed; nil where there is none.
    ///
    /// A value that is itself cut is left out, with its key; so is a number at the very end, which may be cut. Only what
    /// is needed to find the values is checked: a text that is no JSON for another reason gives no JSON either.
    ///
    /// - Parameter text: a JSON object or array without its end.
    public static func closed(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var open: [UInt8] = []
        var place = Place.value
        var whole: (end: Int, open: [UInt8])?
        var index = 0
        func finish(at end: Int) {
            place = .afterValue
            if !open.isEmpty { whole = (end, open) }
        }
        while index < text.count {
            let byte = text[index]
            switch (byte, place) {
            case (0x20, _), (0x09, _), (0x0A, _), (0x0D, _):
                index += 1
            case (UInt8(ascii: "{"), .value), (UInt8(ascii: "["), .value):
                guard open.count < JSONParser.maxDepth else { return nil }
                open.append(byte)
                place = byte == UInt8(ascii: "{") ? .key : .value
                index += 1
            case (UInt8(ascii: "}"), .key), (UInt8(ascii: "}"), .afterValue), (UInt8(ascii: "]"), .value),
                (UInt8(ascii: "]"), .afterValue):
                // `}` is two bytes behind `{`, and `]` behind `[`.
                guard let opened = open.popLast(), opened == byte - 2 else { return nil }
                index += 1
                finish(at: index)
            case (UInt8(ascii: ","), .afterValue):
                guard let opened = open.last else { return nil }
                place = opened == UInt8(ascii: "{") ? .key : .value
                index += 1
            case (UInt8(ascii: ":"), .colon):
                place = .value
                index += 1
            case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .value):
                guard let end = stringEnd(text, from: index + 1) else { return closed(text, whole) }
                index = end
                if place == .key { place = .colon } else { finish(at: end) }
            case (_, .value) where isScalar(byte):
                while index < text.count, isScalar(text[index]) { index += 1 }
                if index < text.count { finish(at: index) }
            default:
                return nil
            }
        }
        return closed(text, whole)
    }

    private static func closed(_ text: UnsafeRawBufferPointer, _ whole: (end: Int, open: [UInt8])?) -> [UInt8]? {
        guard let whole else { return nil }
        return Array(text[..<whole.end]) + whole.open.reversed().map { $0 + 2 }
    }

    private static func stringEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < text.count {
            if text[index] == UInt8(ascii: "\"") { return index + 1 }
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// Part of a number, or of `true`, `false`, `null`.
    private static func isScalar(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2B || byte == 0x2D || byte == 0x2E
    }
}
