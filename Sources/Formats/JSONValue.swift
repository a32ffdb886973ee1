public import Columns

/// A JSON document as a tree, for things of configuration size; events go through ``JSONFlattener``.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The number as written.
    case number(Text)
    case string(Text)
    case array([JSONValue])
    /// Members in source order, duplicates kept.
    case object([Member])

    public struct Member: Hashable, Sendable {
        public var key: Text
        public var value: JSONValue

        public init(key: Text, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Reads exactly one JSON value.
    ///
    /// - Parameter maxDepth: at most 1,024; deeper nesting is ``JSONError/Code/tooDeep``.
    public static func parse(
        _ text: UnsafeRawBufferPointer, maxDepth: Int = JSONParser.maxDepth
    ) throws(JSONError) -> JSONValue {
        let tokens = try JSONParser().tokens(of: text, maxDepth: maxDepth)
        var next = 0
        return JSONValue(tokens, &next, text)
    }

    public static func parse(
        _ bytes: [UInt8], maxDepth: Int = JSONParser.maxDepth
    ) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { text in
            Result { () throws(JSONError) in try parse(text, maxDepth: maxDepth) }
        }
        return try result.get()
    }

    /// The value of the first member `key`; nil where there is none, or this is no object.
    public subscript(key: Text) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The element at `index`; nil where there is none, or this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    // Recursion is bounded by the depth that the parser accepted.
    private init(_ tokens: [JSONToken], _ next: inout Int, _ text: UnsafeRawBufferPointer) {
        let token = tokens[next]
        next += 1
        switch token.kind {
        case .object:
            var members: [Member] = []
            while tokens[next].kind != .end {
                let key = JSONValue.text(tokens[next], text)
                next += 1
                members.append(Member(key: key, value: JSONValue(tokens, &next, text)))
            }
            next += 1
            self = .object(members)
        case .array:
            var elements: [JSONValue] = []
            while tokens[next].kind != .end { elements.append(JSONValue(tokens, &next, text)) }
            next += 1
            self = .array(elements)
        case .string: self = .string(JSONValue.text(token, text))
        case .number: self = .number(JSONValue.text(token, text))
        case .true: self = .boolean(true)
        case .false: self = .boolean(false)
        case .null: self = .null
        case .end, .key: preconditionFailure("token that starts no value")
        }
    }

    private static func text(_ token: JSONToken, _ text: UnsafeRawBufferPointer) -> Text {
        let source = UnsafeRawBufferPointer(rebasing: text[token.range])
        return token.hasEscapes ? Text(JSONText.decoded(source)) : Text(source)
    }
}
