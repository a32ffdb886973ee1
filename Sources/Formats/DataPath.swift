public import Columns

/// A location path of `spath`: `a.b{}.c{0}.d{@e}`.
///
/// Steps are names, joined by dots; `{}` is every element of an array, `{n}` one of them, counted from 0 in JSON and
/// from 1 in XML; `{@a}` is an XML attribute. A name that holds dots itself is found as it stands.
/// Source: Splunk Search Reference 9.4, "spath".
public struct DataPath: Hashable, Sendable {
    let bytes: [UInt8]

    public init(_ text: String) throws(DataPathError) {
        bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw DataPathError(message: "the path is empty", offset: 0) }
        guard bytes.count <= 8 << 10 else { throw DataPathError(message: "the path is too long", offset: 0) }
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "}") {
                throw DataPathError(message: "a '}' closes nothing", offset: index)
            }
            guard bytes[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            guard let (selector, end) = selector(at: index) else {
                throw DataPathError(message: "an index is neither {}, {<number>} nor {@<attribute>}", offset: index)
            }
            if case .attribute = selector, end < bytes.count {
                throw DataPathError(message: "an attribute is not the last step", offset: index)
            }
            guard end == bytes.count || bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: "{") else {
                throw DataPathError(message: "an index is not followed by a dot", offset: end)
            }
            index = end
        }
    }

    enum Selector {
        case all
        case index(Int)
        case attribute(Text)
    }

    /// The selector that opens at `start`, and where it ends; nil for anything else.
    func selector(at start: Int) -> (Selector, end: Int)? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{"),
            let close = bytes[start...].firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        let inner = bytes[(start + 1)..<close]
        if inner.isEmpty { return (.all, close + 1) }
        if inner.first == UInt8(ascii: "@") {
            return inner.count > 1 ? (.attribute(Text(inner.dropFirst())), close + 1) : nil
        }
        guard inner.count <= 9, inner.allSatisfy({ $0 &- 48 < 10 }),
            let number = Int(String(decoding: inner, as: UTF8.self))
        else { return nil }
        return (.index(number), close + 1)
    }

    /// Where the path goes on behind `name`, which must stand at `start` as a whole step; nil where it does not.
    func end(of name: [UInt8], at start: Int) -> Int? {
        guard !name.isEmpty, bytes[start...].starts(with: name) else { return nil }
        let end = start + name.count
        if end == bytes.count || bytes[end] == UInt8(ascii: "{") { return end }
        return bytes[end] == UInt8(ascii: ".") ? end + 1 : nil
    }
}

/// Why a text is no location path.
public struct DataPathError: Error, Hashable, Sendable {
    public let message: String
    public let offset: Int
}

extension DataPath {
    /// What the path leads to in a JSON text, in document order: strings decoded, objects and arrays as their source
    /// text, all else as written. Empty where it leads nowhere.
    public func values(
        in text: UnsafeRawBufferPointer, _ parser: JSONParser
    ) throws(JSONError) -> [Text] {
        let tokens = try parser.tokens(of: text)
        var values: [Text] = []
        collect(tokens, 0, from: 0, text, &values)
        return values
    }

    /// Every value of the text is visited at most once: a key leads on at one place of the path only.
    private func collect(
        _ tokens: [JSONToken], _ index: Int, from offset: Int, _ text: UnsafeRawBufferPointer, _ values: inout [Text]
    ) {
        let token = tokens[index]
        if offset == bytes.count {
            values.append(tokens.valueText(at: index, in: text))
            return
        }
        switch token.kind {
        case .object:
            var steps: [(value: Int, end: Int)] = []
            var next = index + 1
            while tokens[next].kind != .end {
                let key = tokens.valueText(at: next, in: text)
                if let end = end(of: key.bytes, at: offset) { steps.append((next + 1, end)) }
                next = tokens.indexBehindValue(at: next + 1)
            }
            // A name that is all of the path, dots and braces included, is meant before its parts are.
            if steps.contains(where: { $0.end == bytes.count }) { steps.removeAll { $0.end < bytes.count } }
            for step in steps { collect(tokens, step.value, from: step.end, text, &values) }
        case .array:
            guard let (selector, close) = selector(at: offset) else { return }
            let rest = close < bytes.count && bytes[close] == UInt8(ascii: ".") ? close + 1 : close
            var next = index + 1
            var position = 0
            while tokens[next].kind != .end {
                switch selector {
                case .index(let wanted) where wanted != position: break
                case .attribute: break
                default: collect(tokens, next, from: rest, text, &values)
                }
                next = tokens.indexBehindValue(at: next)
                position += 1
            }
        default:
            return
        }
    }

    /// What the path leads to in an XML text, in document order: attribute values, texts, and the source text of what
    /// is in an element that holds others. Empty where it leads nowhere.
    public func values(in tree: XMLTree) -> [Text] {
        var values: [Text] = []
        collect(tree, 0, from: 0, &values)
        return values
    }

    private func collect(_ tree: XMLTree, _ index: Int, from offset: Int, _ values: inout [Text]) {
        var ordinals: [Text: Int] = [:]
        for case .element(let child) in tree.elements[index].children {
            let element = tree.elements[child]
            let ordinal = ordinals[element.name, default: 0] + 1
            ordinals[element.name] = ordinal
            guard var next = end(of: element.name.bytes, at: offset) else { continue }
            var isWanted = true
            while isWanted, next < bytes.count, let (selector, end) = selector(at: next) {
                switch selector {
                case .all: break
                case .index(let wanted): isWanted = wanted == ordinal
                case .attribute(let name):
                    values += element.attributes.filter { $0.name == name }.map(\.value)
                    isWanted = false
                }
                next = end < bytes.count && bytes[end] == UInt8(ascii: ".") ? end + 1 : end
            }
            guard isWanted else { continue }
            if next == bytes.count {
                if let value = tree.fieldValue(of: child) { values.append(value) }
            } else {
                collect(tree, child, from: next, &values)
            }
        }
    }
}
