// An event that was cut, by a length limit or on its way, is still worth its fields: Splunk gives all that stand before
// the cut. Source: field list of a GitHub event of 10,000 characters in security_content, data_sources/github.yml.

/// Makes a JSON object that ends too early whole again: what was cut is left out and the open brackets are closed.
public enum JSONCompletion {
    /// The text up to the last value that stands whole, closed; nil for text that is no cut object. A number that stands at
    /// the cut may be longer and is left out. Nothing is checked: text that was broken before the cut stays so.
    public static func completed(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var scan = Scan()
        for (offset, byte) in text.enumerated() {
            guard scan.take(byte, at: offset) else { return nil }
        }
        guard !scan.closers.isEmpty, scan.wholeEnd > 0 else { return nil }
        return Array(text[..<scan.wholeEnd]) + scan.closers.reversed()
    }

    private struct Scan {
        /// Closing brackets of what is open, the outermost first.
        var closers: [UInt8] = []
        /// Behind the last whole value or opening bracket.
        var wholeEnd = 0
        private var isInString = false
        private var isEscaped = false
        private var isValue = false
        private var isInScalar = false

        private static let objectEnd = UInt8(ascii: "}"), arrayEnd = UInt8(ascii: "]")

        /// - Returns: false for what cannot be a cut object.
        mutating func take(_ byte: UInt8, at offset: Int) -> Bool {
            if isInString {
                inString(byte, offset)
                return true
            }
            if isInScalar {
                switch byte {
                case UInt8(ascii: ","), Self.objectEnd, Self.arrayEnd, 0x20, 0x09, 0x0A, 0x0D:
                    isInScalar = false
                    wholeEnd = offset
                default: return true
                }
            }
            return outside(byte, offset)
        }

        private mutating func inString(_ byte: UInt8, _ offset: Int) {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                if isValue { wholeEnd = offset + 1 }
            }
        }

        private mutating func outside(_ byte: UInt8, _ offset: Int) -> Bool {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: return true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = byte == UInt8(ascii: "{")
                guard closers.count < JSONParser.maxDepth, isObject || !closers.isEmpty else { return false }
                closers.append(isObject ? Self.objectEnd : Self.arrayEnd)
                isValue = !isObject
                wholeEnd = offset + 1
                return true
            case Self.objectEnd, Self.arrayEnd:
                guard closers.popLast() == byte, !closers.isEmpty else { return false }
                wholeEnd = offset + 1
                return true
            case UInt8(ascii: ","): isValue = closers.last == Self.arrayEnd
            case UInt8(ascii: ":"): isValue = true
            case UInt8(ascii: "\""): isInString = true
            default: isInScalar = true
            }
            return !closers.isEmpty
        }
    }
}
