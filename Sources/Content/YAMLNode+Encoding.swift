// A node is a tag (a scalar's style, a list, a mapping), its line and column, and what it holds: a text with its length
// before it, or a count and the parts. A mapping's part is a key's text, line and column, then the value. Numbers are
// little-endian base 128, the high bit of a byte saying that another follows.

private enum Tag {
    static let styles: [YAMLNode.Style] = [.plain, .singleQuoted, .doubleQuoted, .literal, .folded]
    static let list: UInt8 = 5
    static let mapping: UInt8 = 6
}

struct YAMLNodeEncoder {
    /// Aliases share what they stand for in memory, but not here.
    static let maximumBytes = 2 * YAMLReader.maximumBytes

    private(set) var bytes: [UInt8]

    init(_ prefix: [UInt8]) { bytes = prefix }

    /// - Returns: whether the node fits; what was written is of no use otherwise.
    mutating func add(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let text, let style):
            guard let tag = Tag.styles.firstIndex(of: style) else { return false }
            bytes.append(UInt8(tag))
            return add(node.position) && add(text)
        case .list(let items):
            bytes.append(Tag.list)
            return add(node.position) && add(items.count) && items.allSatisfy { add($0) }
        case .mapping(let entries):
            bytes.append(Tag.mapping)
            return add(node.position) && add(entries.count)
                && entries.allSatisfy { add($0.key) && add($0.keyPosition) && add($0.value) }
        }
    }

    private mutating func add(_ position: TextPosition) -> Bool { add(position.line) && add(position.column) }

    private mutating func add(_ text: String) -> Bool {
        guard add(text.utf8.count), bytes.count + text.utf8.count <= Self.maximumBytes else { return false }
        bytes.append(contentsOf: text.utf8)
        return true
    }

    private mutating func add(_ number: Int) -> Bool {
        guard (0...YAMLNodeDecoder.maximumNumber).contains(number) else { return false }
        var rest = number
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return true
    }
}

/// Reads what the encoder wrote. Any other bytes give nil or some tree within the reader's bounds.
struct YAMLNodeDecoder {
    /// Above all lines, columns and sizes of a file that is read.
    static let maximumNumber = (1 << 28) - 1

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var budget = YAMLReader.maximumNodeCount

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The one node that all bytes are.
    mutating func root() -> YAMLNode? {
        guard let node = node(depth: 0), offset == bytes.count else { return nil }
        return node
    }

    private mutating func node(depth: Int) -> YAMLNode? {
        budget -= 1
        guard budget >= 0, depth <= YAMLReader.maximumDepth, let tag = byte(), let position = position() else {
            return nil
        }
        let content: YAMLNode.Content
        switch tag {
        case Tag.list:
            guard let count = partCount() else { return nil }
            var items: [YAMLNode] = []
            items.reserveCapacity(count)
            for _ in 0..<count {
                guard let item = node(depth: depth + 1) else { return nil }
                items.append(item)
            }
            content = .list(items)
        case Tag.mapping:
            guard let count = partCount() else { return nil }
            var entries: [YAMLNode.Entry] = []
            entries.reserveCapacity(count)
            for _ in 0..<count {
                budget -= 1
                guard let key = text(), let keyPosition = self.position(), let value = node(depth: depth + 1) else {
                    return nil
                }
                entries.append(YAMLNode.Entry(key: key, keyPosition: keyPosition, value: value))
            }
            content = .mapping(entries)
        default:
            guard Int(tag) < Tag.styles.count, let text = text() else { return nil }
            content = .scalar(text, Tag.styles[Int(tag)])
        }
        return YAMLNode(content: content, position: position)
    }

    /// No part takes less than four bytes, so that room is never made for more than there can be.
    private mutating func partCount() -> Int? {
        guard let count = number(), count <= budget, count <= (bytes.count - offset) / 4 else { return nil }
        return count
    }

    private mutating func position() -> TextPosition? {
        guard let line = number(), let column = number() else { return nil }
        return TextPosition(line: line, column: column)
    }

    private mutating func text() -> String? {
        guard let count = number(), count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return String(validating: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]), as: UTF8.self)
    }

    private mutating func number() -> Int? {
        var value = 0
        var shift = 0
        while shift < 28, let byte = byte() {
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }

    private mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }
}
