// XML as logs hold it: one pull parser for documents and for pieces of them. Namespaces are ignored: names are local
// names, and their declarations are no attributes. DOCTYPE is skipped and defines nothing, so entities cannot grow.

public import Columns

/// How large the parts of an XML text may be.
public struct XMLLimits: Hashable, Sendable {
    public var bytes: Int
    public var depth: Int
    public var elementCount: Int
    /// Of one element.
    public var attributeCount: Int
    public var nameBytes: Int

    public init(
        bytes: Int = 16 << 20, depth: Int = 512, elementCount: Int = 1 << 18, attributeCount: Int = 1_000,
        nameBytes: Int = 1 << 10
    ) {
        self.bytes = bytes
        self.depth = depth
        self.elementCount = elementCount
        self.attributeCount = attributeCount
        self.nameBytes = nameBytes
    }
}

/// Why a text is not the XML that was asked for.
public struct XMLError: Error, Hashable, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        case truncated, syntax, mismatchedTag, notXML, tooLarge, tooDeep, tooManyElements, tooManyAttributes
        case nameTooLong, resultTooLarge
    }

    public var code: Code
    /// Byte of the text where the error shows.
    public var byteOffset: Int

    public init(_ code: Code, byteOffset: Int) {
        self.code = code
        self.byteOffset = byteOffset
    }
}

public struct XMLAttribute: Hashable, Sendable {
    /// Without prefix.
    public var name: Text
    /// Decoded.
    public var value: Text
}

/// A piece of an XML text.
public enum XMLToken: Hashable, Sendable {
    /// `end` is where the tag ends. An `.end` follows a tag that closes itself, too.
    case start(name: Text, attributes: [XMLAttribute], end: Int)
    /// `start` is where the closing tag starts.
    case end(name: Text, start: Int)
    /// Decoded; CDATA is text. Neighbours may be pieces of one text.
    case text(Text)
}

/// Reads the tokens of an XML text one by one.
///
/// Attribute values may stand without quotes, since Splunk's own examples have some. An unknown entity stays as written.
public struct XMLReader: Sendable {
    public enum Form: Sendable {
        /// One or more elements, all closed; anything else is an error.
        case document
        /// Elements somewhere in a text: what is no markup is text, an end tag without start is passed over, and open
        /// elements end with the text. Only the limits are errors.
        case fragment
    }

    private let bytes: [UInt8]
    private let form: Form
    private let limits: XMLLimits
    private var position = 0
    /// Full names, prefix and all: end tags must agree.
    private var open: [ArraySlice<UInt8>] = []
    /// How many of the open elements end here.
    private var pendingEnds = 0
    private var pendingStart = 0
    private var elementCount = 0
    private var hasFailed = false

    public init(_ bytes: [UInt8], form: Form = .document, limits: XMLLimits = XMLLimits()) {
        self.bytes = bytes
        self.form = form
        self.limits = limits
    }

    /// The next token, nil at the end, and after an error.
    public mutating func next() throws(XMLError) -> XMLToken? {
        guard !hasFailed else { return nil }
        do throws(XMLError) {
            if bytes.count > limits.bytes { throw XMLError(.tooLarge, byteOffset: limits.bytes) }
            return try advance()
        } catch {
            hasFailed = true
            throw error
        }
    }

    private mutating func advance() throws(XMLError) -> XMLToken? {
        while true {
            if pendingEnds > 0, let name = open.popLast() {
                pendingEnds -= 1
                return .end(name: Self.localName(name), start: pendingStart)
            }
            guard position < bytes.count else { break }
            guard bytes[position] == UInt8(ascii: "<") else {
                let start = position
                position = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                return .text(XMLText.decoded(bytes[start..<position]))
            }
            if let token = try markup() { return token }
        }
        guard !open.isEmpty else { return nil }
        guard form == .fragment else { throw XMLError(.truncated, byteOffset: bytes.count) }
        pendingStart = bytes.count
        pendingEnds = open.count
        return try advance()
    }

    /// What begins with `<`; nil for what is no token.
    private mutating func markup() throws(XMLError) -> XMLToken? {
        let start = position
        if has("<!--") { return try skip(start, "-->") }
        if has("<![CDATA[") {
            let inner = start + 9
            guard let end = find("]]>", from: inner) else { return try stray(start, bytes.count, .truncated) }
            position = end + 3
            return .text(Text(bytes[inner..<end]))
        }
        // Splunk's page on spath shows a declaration that ends without a question mark.
        if has("<?xml ") { return try skip(start, ">") }
        if has("<?") { return try skip(start, "?>") }
        if has("<!") { return try doctype(start) }
        return has("</") ? try endTag(start) : try startTag(start)
    }

    private mutating func skip(_ start: Int, _ end: StaticString) throws(XMLError) -> XMLToken? {
        guard let found = find(end, from: start) else { return try stray(start, bytes.count, .truncated) }
        position = found + end.utf8CodeUnitCount
        return nil
    }

    /// `<!DOCTYPE a [ <!ENTITY b "c>"> ]>`: quotes and brackets hide a `>`.
    private mutating func doctype(_ start: Int) throws(XMLError) -> XMLToken? {
        var depth = 0
        var quote: UInt8?
        for index in start..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<") {
                depth += 1
            } else if byte == UInt8(ascii: ">") {
                depth -= 1
                if depth == 0 {
                    position = index + 1
                    return nil
                }
            }
        }
        return try stray(start, bytes.count, .truncated)
    }

    private mutating func endTag(_ start: Int) throws(XMLError) -> XMLToken? {
        position = start + 2
        let name = try readName()
        skipBlanks()
        guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: ">") else {
            return try stray(start, position, position < bytes.count ? .syntax : .truncated)
        }
        position += 1
        guard let depth = open.lastIndex(of: name) else {
            if form == .fragment { return nil }
            throw XMLError(.mismatchedTag, byteOffset: start)
        }
        guard form == .fragment || depth == open.count - 1 else { throw XMLError(.mismatchedTag, byteOffset: start) }
        pendingStart = start
        pendingEnds = open.count - depth
        return nil
    }

    private mutating func startTag(_ start: Int) throws(XMLError) -> XMLToken? {
        position = start + 1
        let name = try readName()
        guard !name.isEmpty else {
            return try stray(start, position, position < bytes.count ? .syntax : .truncated)
        }
        var attributes: [XMLAttribute] = []
        while true {
            skipBlanks()
            guard position < bytes.count else { return try stray(start, position, .truncated) }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                break
            }
            if has("/>") {
                position += 2
                pendingEnds = 1
                pendingStart = position
                break
            }
            guard let attribute = try readAttribute() else {
                return try stray(start, position, position < bytes.count ? .syntax : .truncated)
            }
            let isDeclaration = attribute.name.elementsEqual("xmlns".utf8) || attribute.name.starts(with: "xmlns:".utf8)
            if isDeclaration { continue }
            if attributes.count == limits.attributeCount { throw XMLError(.tooManyAttributes, byteOffset: start) }
            attributes.append(
                XMLAttribute(name: Self.localName(attribute.name), value: XMLText.decoded(attribute.value)))
        }
        guard open.count < limits.depth else { throw XMLError(.tooDeep, byteOffset: start) }
        guard elementCount < limits.elementCount else { throw XMLError(.tooManyElements, byteOffset: start) }
        elementCount += 1
        open.append(name)
        return .start(name: Self.localName(name), attributes: attributes, end: position)
    }

    private mutating func readAttribute() throws(XMLError) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        let name = try readName()
        skipBlanks()
        guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return nil }
        position += 1
        skipBlanks()
        guard position < bytes.count else { return nil }
        let quote = bytes[position]
        let start: Int
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            start = position + 1
            guard let end = bytes[start...].firstIndex(of: quote) else {
                position = bytes.count
                return nil
            }
            position = end + 1
            return (name, bytes[start..<end])
        }
        start = position
        while position < bytes.count, bytes[position] > 0x20, bytes[position] != UInt8(ascii: ">"), !has("/>") {
            position += 1
        }
        return position > start ? (name, bytes[start..<position]) : nil
    }

    /// Empty where no name stands.
    private mutating func readName() throws(XMLError) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position], isFirst: position == start) { position += 1 }
        guard position - start <= limits.nameBytes else { throw XMLError(.nameTooLong, byteOffset: start) }
        return bytes[start..<position]
    }

    /// Broken markup: text where anything may stand, else an error at `end`. What was read is never read again.
    private mutating func stray(
        _ start: Int, _ end: Int, _ code: XMLError.Code
    ) throws(XMLError) -> XMLToken? {
        guard form == .fragment else { throw XMLError(code, byteOffset: min(end, bytes.count)) }
        position = max(end, start + 1)
        return .text(Text(bytes[start..<position]))
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private func has(_ text: StaticString) -> Bool { matches(text, at: position) }

    private func matches(_ text: StaticString, at index: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        return text.withUTF8Buffer { buffer in buffer.indices.allSatisfy { bytes[index + $0] == buffer[$0] } }
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        return (start..<bytes.count).first { matches(text, at: $0) }
    }

    private static func localName(_ name: ArraySlice<UInt8>) -> Text {
        guard let colon = name.lastIndex(of: UInt8(ascii: ":")), colon + 1 < name.endIndex else { return Text(name) }
        return Text(name[(colon + 1)...])
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x80..., UInt8(ascii: "_"), UInt8(ascii: ":"): true
        case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."): !isFirst
        default: false
        }
    }
}
