import Columns
import Formats
import SPL

// Between fields and JSON. A field holds a JSON document as its text; numbers keep their digits, members their order.

extension Value {
    /// The document that the text of a field is; nil for text that is no JSON, and for anything but text.
    var json: JSONValue? {
        guard case .text(let text) = self else { return nil }
        return try? JSONValue.parse(text.bytes)
    }

    /// The JSON value of an argument: an object or array where the text is one, a string for other text, an array for a
    /// multivalue.
    var asJSON: JSONValue {
        switch self {
        case .null: return .null
        case .boolean(let flag): return .boolean(flag)
        case .number(let number):
            return number.isFinite ? .number(Text(NumberText.print(number))) : .string(Text(NumberText.print(number)))
        case .text(let text):
            guard let first = text.bytes.first(where: { $0 > 0x20 }), "{[".utf8.contains(first) else {
                return .string(text)
            }
            return json ?? .string(text)
        case .multivalue(let values): return .array(values.map(\.asJSON))
        }
    }
}

extension JSONValue {
    var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    /// The value as a field has it: strings without quotes, objects and arrays as JSON text; numbers as numbers, those
    /// that would print otherwise than written as text.
    var native: Value {
        switch self {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .string(let text): .text(text)
        case .number(let text): Self.number(text)
        case .array, .object: .text(text)
        }
    }

    static func number(_ text: Text) -> Value {
        guard let number = NumberText.parse(text.bytes), NumberText.print(number) == text.string else {
            return .text(text)
        }
        return .number(number)
    }

    /// JSON text without blanks.
    var text: Text {
        var writer = JSONWriter()
        writer.value(self)
        return Text(writer.bytes)
    }

    /// - Throws: E373 where the document grows out of bounds.
    func field(of function: String) throws(SearchError) -> Value {
        let text = text
        try ValueBounds.check(textBytes: text.count, of: function)
        return .text(text)
    }
}

extension Arguments {
    /// The document in an argument; nil for null and for text that is no JSON.
    mutating func json(_ index: Int) throws(SearchError) -> JSONValue? { try value(index).json }

    /// The path in an argument; nil for null and text that is no path.
    mutating func path(_ index: Int) throws(SearchError) -> JSONPath? { try text(index).flatMap { JSONPath($0) } }
}
