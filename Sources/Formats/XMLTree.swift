public import Columns

/// An XML text as a tree of elements; element 0 is the document and holds the roots.
public struct XMLTree: Sendable {
    public enum Child: Hashable, Sendable {
        case element(Int)
        case text(Text)
    }

    public struct Element: Hashable, Sendable {
        /// Without prefix; empty for the document.
        public var name: Text
        public var attributes: [XMLAttribute]
        /// The document is its own parent.
        public var parent: Int
        /// In document order; text that is only blanks is left out.
        public var children: [Child]
        /// What stands between its tags.
        public var content: Range<Int>

        public var elements: [Int] {
            children.compactMap { if case .element(let index) = $0 { index } else { nil } }
        }
        public var hasElements: Bool {
            children.contains { if case .element = $0 { true } else { false } }
        }
    }

    public private(set) var elements: [Element]
    public let bytes: [UInt8]

    /// - Parameter mayEndEarly: elements that the text leaves open count as closed at its end, without their own text,
    ///   which may be cut.
    /// - Throws: for a text that is not well-formed, exceeds a limit, or does not begin with `<` after blanks.
    public init(
        _ bytes: [UInt8], mayEndEarly: Bool = false, limits: XMLLimits = XMLLimits()
    ) throws(XMLError) {
        self.bytes = bytes
        elements = [Element(name: "", attributes: [], parent: 0, children: [], content: 0..<bytes.count)]
        guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else { throw XMLError(.notXML, byteOffset: 0) }
        var reader = XMLReader(bytes, limits: limits)
        var current = 0
        do throws(XMLError) {
            while let token = try reader.next() { current = add(token, to: current) }
        } catch {
            guard mayEndEarly, error.code == .truncated else { throw error }
            while current != 0 {
                elements[current].children.removeAll { if case .text = $0 { true } else { false } }
                elements[current].content = elements[current].content.lowerBound..<bytes.count
                current = elements[current].parent
            }
        }
        guard elements.count > 1 else { throw XMLError(.notXML, byteOffset: 0) }
    }

    /// - Returns: the element that is open then.
    private mutating func add(_ token: XMLToken, to current: Int) -> Int {
        switch token {
        case .start(let name, let attributes, let end):
            elements[current].children.append(.element(elements.count))
            elements.append(
                Element(name: name, attributes: attributes, parent: current, children: [], content: end..<end))
            return elements.count - 1
        case .end(_, let start):
            let content = elements[current].content
            elements[current].content = content.lowerBound..<max(content.lowerBound, start)
            return elements[current].parent
        case .text(let text):
            if text.bytes.contains(where: { $0 > 0x20 }) { elements[current].children.append(.text(text)) }
            return current
        }
    }

    /// The element's own text, not that of the elements in it, without blanks around it.
    public func ownText(of index: Int) -> Text {
        var text: [UInt8] = []
        for case .text(let piece) in elements[index].children { text += piece.bytes }
        return Text(XMLText.trimmed(text[...]))
    }

    /// What an element is as a field value: its text, or the source text of what is in it where that has elements.
    /// Nil for an element with nothing in it.
    public func fieldValue(of index: Int) -> Text? {
        let element = elements[index]
        let text = element.hasElements ? Text(XMLText.trimmed(bytes[element.content])) : ownText(of: index)
        return text.isEmpty ? nil : text
    }

    /// Attributes and texts by their paths, in document order: `a.b`, `a.b{@c}`. An element that repeats gives its path
    /// again. - Throws: for paths of over 8 KiB.
    public func leaves() throws(XMLError) -> [(path: Text, value: Text)] {
        var leaves: [(path: Text, value: Text)] = []
        for case .element(let root) in elements[0].children { try collectLeaves(root, path: [], &leaves) }
        return leaves
    }

    private func collectLeaves(
        _ index: Int, path outer: [UInt8], _ leaves: inout [(path: Text, value: Text)]
    ) throws(XMLError) {
        let element = elements[index]
        let path = outer.isEmpty ? element.name.bytes : outer + [UInt8(ascii: ".")] + element.name.bytes
        guard path.count <= 8 << 10 else { throw XMLError(.tooDeep, byteOffset: element.content.lowerBound) }
        for attribute in element.attributes {
            leaves.append((Text(path + Array("{@".utf8) + attribute.name.bytes + Array("}".utf8)), attribute.value))
        }
        let text = ownText(of: index)
        if !text.isEmpty { leaves.append((Text(path), text)) }
        for case .element(let child) in element.children { try collectLeaves(child, path: path, &leaves) }
    }
}
