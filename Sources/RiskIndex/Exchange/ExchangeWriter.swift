import Formats

/// Lines as bytes. Texts come as their columns hold them.
struct ExchangeWriter {
    private(set) var bytes: [UInt8] = []
    private var isFirstMember = true

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func begin(_ kind: ExchangeKind) {
        bytes.append(UInt8(ascii: "{"))
        isFirstMember = true
        member("kind")
        string(kind.rawValue)
    }

    mutating func end() {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The name of the next value; of plain ASCII.
    mutating func member(_ name: String) {
        if !isFirstMember { bytes.append(UInt8(ascii: ",")) }
        isFirstMember = false
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Members that were written before, with their names and the commas between.
    mutating func members(_ written: [UInt8]) {
        if !isFirstMember { bytes.append(UInt8(ascii: ",")) }
        isFirstMember = false
        bytes.append(contentsOf: written)
    }

    mutating func integer(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }

    /// The shortest text that gives the same number back. - Precondition: finite.
    mutating func double(_ value: Double) { bytes.append(contentsOf: value.description.utf8) }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    mutating func string(_ stored: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var plainStart = 0
        var at = 0
        while at < stored.count {
            let byte = stored[at]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            bytes.append(contentsOf: stored[plainStart..<at])
            at += 1
            if byte == StoredText.escapeByte, at < stored.count {
                escape(stored[at] == UInt8(ascii: "0") ? 0 : stored[at])
                at += 1
            } else {
                escape(byte)
            }
            plainStart = at
        }
        bytes.append(contentsOf: stored[plainStart...])
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.digits[Int(byte >> 4)])
            bytes.append(Self.digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// A column of lists. - Throws: `damagedRecord` for what would not stay on one line.
    mutating func json(_ stored: UnsafeRawBufferPointer, _ damaged: @autoclosure () -> IndexError) throws {
        guard !stored.contains(where: { $0 < 0x20 }) else { throw damaged() }
        bytes.append(contentsOf: stored)
    }

    mutating func beginArray() { bytes.append(UInt8(ascii: "[")) }
    mutating func comma() { bytes.append(UInt8(ascii: ",")) }
    mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    mutating func raw(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }
}
