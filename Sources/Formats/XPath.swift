public import Columns

/// The part of XPath 1.0 that `xpath` takes: child and descendant steps, `*`, `.`, `..`, attributes, `text()`, and
/// predicates by place (`[2]`, `[last()]`, `[last()-1]`, `[position()=2]`), by attribute (`[@a]`, `[@a='v']`), by child
/// (`[b]`, `[b='v']`) and by text (`[.='v']`, `[text()='v']`), with `=` or `!=`.
///
/// Prefixes of names are ignored. A path without a leading slash starts at the root elements.
public struct XPath: Hashable, Sendable {
    enum Test: Hashable, Sendable {
        case element(Text)
        case anyElement
        case itself
        case parent
        case attribute(Text)
        case anyAttribute
        case text
    }

    enum Operand: Hashable, Sendable {
        case attribute(Text)
        case child(Text)
        case ownValue
        case text
    }

    enum Predicate: Hashable, Sendable {
        case position(Int)
        /// `last()` is 0, `last()-1` is 1.
        case fromLast(Int)
        case exists(Operand)
        case compares(Operand, Text, isEqual: Bool)
    }

    struct Step: Hashable, Sendable {
        /// Two slashes stand before it.
        var isDeep: Bool
        var test: Test
        var predicates: [Predicate] = []
    }

    public let text: String
    let isAbsolute: Bool
    let steps: [Step]

    /// - Throws: for what is no path of this part of XPath.
    public init(_ text: String) throws(XPathError) {
        var parser = XPathParser(text)
        self.text = text
        (isAbsolute, steps) = try parser.parse()
    }

    /// The values of what the path selects, in document order: attributes as they are, elements and texts without the
    /// blanks around them; an element with no text gives nothing.
    /// - Throws: when they exceed 64 MiB.
    public func values(in tree: XMLTree) throws(XMLError) -> [Text] {
        var nodes = isAbsolute ? [0] : tree.elements[0].elements
        var values: [Text] = []
        var bytes = 0
        for (position, step) in steps.enumerated() {
            if step.isDeep { nodes = tree.withDescendants(nodes) }
            let isLast = position == steps.count - 1
            switch step.test {
            case .element, .anyElement, .itself, .parent:
                nodes = select(step, nodes, tree)
            case .attribute, .anyAttribute, .text:
                guard isLast else { return [] }
                for node in nodes {
                    for value in tree.leaves(of: node, step.test) { try append(value, &values, &bytes) }
                }
                return values
            }
        }
        for node in nodes {
            let value = Text(XMLText.trimmed(tree.stringValue(of: node)[...]))
            if !value.isEmpty { try append(value, &values, &bytes) }
        }
        return values
    }

    private func append(_ value: Text, _ values: inout [Text], _ bytes: inout Int) throws(XMLError) {
        bytes += value.count + 16
        guard bytes <= 64 << 20 else { throw XMLError(.resultTooLarge, byteOffset: 0) }
        values.append(value)
    }

    /// The elements that the step leads to: each once, in document order, which is the order of their numbers.
    private func select(_ step: Step, _ nodes: [Int], _ tree: XMLTree) -> [Int] {
        var selected: [Int] = []
        for node in nodes {
            var candidates: [Int]
            switch step.test {
            case .itself: candidates = [node]
            case .parent: candidates = node == 0 ? [] : [tree.elements[node].parent]
            case .element(let name): candidates = tree.elements[node].elements.filter { tree.elements[$0].name == name }
            default: candidates = tree.elements[node].elements
            }
            for predicate in step.predicates {
                let count = candidates.count
                var kept: [Int] = []
                for (index, candidate) in candidates.enumerated() {
                    let holds: Bool
                    switch predicate {
                    case .position(let wanted): holds = index + 1 == wanted
                    case .fromLast(let distance): holds = index == count - 1 - distance
                    case .exists(let operand): holds = tree.has(operand, candidate)
                    case .compares(let operand, let value, let isEqual):
                        holds = tree.compares(operand, candidate, value, isEqual: isEqual)
                    }
                    if holds { kept.append(candidate) }
                }
                candidates = kept
            }
            selected += candidates
        }
        return Set(selected).sorted()
    }
}

/// Why a text is no path that ``XPath`` takes.
public struct XPathError: Error, Hashable, Sendable {
    public let message: String
    public let offset: Int
}

extension XMLTree {
    /// The elements and all below them, each once, in document order.
    fileprivate func withDescendants(_ nodes: [Int]) -> [Int] {
        // Numbers follow document order, so what lies below an element has a higher number than it.
        var isWanted = [Bool](repeating: false, count: elements.count)
        for node in nodes { isWanted[node] = true }
        for index in elements.indices.dropFirst() where isWanted[elements[index].parent] { isWanted[index] = true }
        return elements.indices.filter { isWanted[$0] }
    }

    fileprivate func leaves(of index: Int, _ test: XPath.Test) -> [Text] {
        switch test {
        case .attribute(let name): elements[index].attributes.filter { $0.name == name }.map(\.value)
        case .anyAttribute: elements[index].attributes.map(\.value)
        case .text:
            elements[index].children.compactMap { child in
                guard case .text(let text) = child else { return nil }
                return Text(XMLText.trimmed(text.bytes[...]))
            }
        default: []
        }
    }

    /// All text in the element and below it, at most `limit` bytes and a piece.
    fileprivate func stringValue(of index: Int, limit: Int = 64 << 20) -> [UInt8] {
        var text: [UInt8] = []
        func add(_ index: Int) {
            for child in elements[index].children where text.count <= limit {
                switch child {
                case .element(let element): add(element)
                case .text(let piece): text += piece.bytes
                }
            }
        }
        add(index)
        return text
    }

    fileprivate func has(_ operand: XPath.Operand, _ index: Int) -> Bool {
        switch operand {
        case .attribute(let name): elements[index].attributes.contains { $0.name == name }
        case .child(let name): elements[index].elements.contains { elements[$0].name == name }
        case .ownValue: true
        case .text: elements[index].children.contains { if case .text = $0 { true } else { false } }
        }
    }

    /// Any value of the operand satisfies the comparison; blanks around text do not count.
    fileprivate func compares(_ operand: XPath.Operand, _ index: Int, _ value: Text, isEqual: Bool) -> Bool {
        func agrees(_ text: [UInt8]) -> Bool {
            (XMLText.trimmed(text[...]).elementsEqual(XMLText.trimmed(value.bytes[...]))) == isEqual
        }
        switch operand {
        case .attribute(let name):
            return elements[index].attributes.contains { $0.name == name && ($0.value == value) == isEqual }
        case .child(let name):
            return elements[index].elements.contains { elements[$0].name == name && agrees(self.stringValue(of: $0)) }
        case .ownValue:
            return agrees(stringValue(of: index))
        case .text:
            return leaves(of: index, .text).contains { agrees($0.bytes) }
        }
    }
}
