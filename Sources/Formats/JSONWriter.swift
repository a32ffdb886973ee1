public import Columns

/// Appends JSON to bytes, commas included: values and keys in the order they are to stand.
///
/// Whatever goes in, the output is valid UTF-8: broken sequences become U+FFFD.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    public init(appendingTo bytes: [UInt8] = []) { self.bytes = bytes }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func key(_ key: Text) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func key(_ key: String) { self.key(Text(key)) }

    public mutating func string(_ text: Text) { text.bytes.withUnsafeBytes { string($0) } }
    public mutating func string(_ string: String) { self.string(Text(string)) }

    public mutating func string(_ text: UnsafeRawBufferPointer) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if JSONText.isUTF8(text) {
            appendEscaped(text)
        } else {
            Array(String(decoding: text, as: UTF8.self).utf8).withUnsafeBytes { appendEscaped($0) }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A JSON number; one that JSON cannot hold (nan, inf) becomes a string.
    public mutating func number(_ number: Double) {
        if number.isFinite {
            raw(Array(NumberText.print(number).utf8))
        } else {
            string(NumberText.print(number))
        }
    }

    public mutating func number(_ number: Int) { raw(Array(String(number).utf8)) }
    public mutating func boolean(_ flag: Bool) { raw(Array((flag ? "true" : "false").utf8)) }
    public mutating func null() { raw(Array("null".utf8)) }

    /// JSON text that is known to be one value.
    public mutating func raw(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    /// A field value: numbers as JSON numbers, text as text, a multivalue as an array.
    public mutating func value(_ value: Value) {
        switch value {
        case .null: null()
        case .boolean(let flag): boolean(flag)
        case .number(let number): self.number(number)
        case .text(let text): string(text)
        case .multivalue(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        }
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .boolean(let flag): boolean(flag)
        case .number(let text): raw(text.bytes)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Ends a line of NDJSON.
    public mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        var plainStart = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[plainStart..<index])
            plainStart = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
            case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
            case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
            case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
            default:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: Array("u00".utf8))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        bytes.append(contentsOf: text[plainStart...])
    }
}
