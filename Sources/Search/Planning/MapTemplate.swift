import Columns

/// The text of `map` with its `$field$` tokens.
///
/// A value goes in as it is; within a string its quotes and backslashes are escaped, so that it stays one string
/// whatever it holds. `$$` is a dollar, `$_serial_id$` counts the searches from 1. A `$` that begins no token stands for
/// itself. Source: Splunk Search Reference 9.4, "map"; escaping: docs/decisions/0002.
struct MapTemplate: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case field(String, isInString: Bool)
        case serial
    }

    private let pieces: [Piece]
    /// The fields of the tokens, in the order of the text, each once.
    let fields: [String]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var fields: [String] = []
        var literal: [UInt8] = []
        var isInString = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "$") {
                if index + 1 < bytes.count, bytes[index + 1] == byte {
                    literal.append(byte)
                    index += 2
                    continue
                }
                if let end = Self.endOfToken(bytes, from: index) {
                    if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
                    literal = []
                    let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
                    if name == "_serial_id" {
                        pieces.append(.serial)
                    } else {
                        pieces.append(.field(name, isInString: isInString))
                        if !fields.contains(name) { fields.append(name) }
                    }
                    index = end + 1
                    continue
                }
            }
            literal.append(byte)
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "$") {
                literal.append(bytes[index + 1])
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            }
            index += 1
        }
        if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
        self.pieces = pieces
        self.fields = fields
    }

    /// The search for one row; nil, and the field's name, where the row lacks a field.
    func filled(_ rows: Batch, _ row: Int, serial: Int) -> (text: String?, missing: String?) {
        var text: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal.utf8
            case .serial: text += "\(serial)".utf8
            case .field(let name, let isInString):
                guard let value = rows[name, row].printed else { return (nil, name) }
                for byte in value.bytes {
                    if isInString, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                        text.append(UInt8(ascii: "\\"))
                    }
                    text.append(byte)
                }
            }
        }
        return (String(decoding: text, as: UTF8.self), nil)
    }

    /// The index of the `$` that closes the token which opens at `start`: a name holds no operator, quote or pipe, and
    /// blanks only inside.
    private static func endOfToken(_ bytes: [UInt8], from start: Int) -> Int? {
        var end = start + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "$") {
            if "\"'|=<>!()[]`,\\\n\r\t".utf8.contains(bytes[end]) { return nil }
            end += 1
        }
        guard end < bytes.count, end > start + 1 else { return nil }
        let blank = UInt8(ascii: " ")
        return bytes[start + 1] == blank || bytes[end - 1] == blank ? nil : end
    }
}
