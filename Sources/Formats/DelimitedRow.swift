public import Columns

/// How the values of a line are told apart: by one byte, or by blanks; a value may stand in quotes.
public struct DelimitedRow: Hashable, Sendable {
    public enum Delimiter: Hashable, Sendable {
        case byte(UInt8)
        /// Any run of blanks and tabs; those at the ends of the line delimit nothing.
        case blanks
    }

    /// One value, as it stands in the line.
    public struct Value: Hashable, Sendable {
        /// Without the quotes around it.
        public var range: Range<Int>
        /// Quotes in it stand twice.
        public var hasDoubledQuotes: Bool
    }

    public var delimiter: Delimiter
    /// A quote at the start of a value opens it; nil where quotes are bytes like others.
    public var quote: UInt8?

    public init(delimiter: Delimiter, quote: UInt8?) {
        self.delimiter = delimiter
        self.quote = quote
    }

    /// Calls `body` with each value from left to right, until it returns false. A quote that never closes takes the rest
    /// of the line; what stands between a closing quote and the next delimiter is passed over.
    public func forEachValue(in line: UnsafeRawBufferPointer, _ body: (_ number: Int, Value) -> Bool) {
        var position = 0
        var number = 0
        if delimiter == .blanks { skipBlanks(line, &position) }
        if delimiter == .blanks, position == line.count { return }
        while true {
            guard body(number, value(in: line, &position)) else { return }
            number += 1
            guard position < line.count else { return }
            position += 1
            guard delimiter == .blanks else { continue }
            skipBlanks(line, &position)
            if position == line.count { return }
        }
    }

    /// All values, quotes taken away.
    public func values(of line: UnsafeRawBufferPointer) -> [Text] {
        var values: [Text] = []
        forEachValue(in: line) { _, value in
            values.append(Text(bytes(of: value, in: line)))
            return true
        }
        return values
    }

    /// A value's own bytes.
    public func bytes(of value: Value, in line: UnsafeRawBufferPointer) -> [UInt8] {
        guard value.hasDoubledQuotes, let quote else { return Array(line[value.range]) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.range.count)
        var index = value.range.lowerBound
        while index < value.range.upperBound {
            bytes.append(line[index])
            index += line[index] == quote ? 2 : 1
        }
        return bytes
    }

    /// Leaves `position` at the delimiter behind the value, or at the end.
    private func value(in line: UnsafeRawBufferPointer, _ position: inout Int) -> Value {
        if let quote, position < line.count, line[position] == quote {
            position += 1
            let start = position
            var isDoubled = false
            while position < line.count {
                if line[position] == quote {
                    guard position + 1 < line.count, line[position + 1] == quote else { break }
                    isDoubled = true
                    position += 1
                }
                position += 1
            }
            let range = start..<min(position, line.count)
            skipToDelimiter(line, &position)
            return Value(range: range, hasDoubledQuotes: isDoubled)
        }
        let start = position
        skipToDelimiter(line, &position)
        return Value(range: start..<position, hasDoubledQuotes: false)
    }

    private func skipToDelimiter(_ line: UnsafeRawBufferPointer, _ position: inout Int) {
        switch delimiter {
        case .byte(let byte): while position < line.count, line[position] != byte { position += 1 }
        case .blanks: while position < line.count, !Self.isBlank(line[position]) { position += 1 }
        }
        position = min(position, line.count)
    }

    private func skipBlanks(_ line: UnsafeRawBufferPointer, _ position: inout Int) {
        while position < line.count, Self.isBlank(line[position]) { position += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
