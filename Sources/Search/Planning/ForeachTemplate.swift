import Columns
import SPL

/// The pipeline that `foreach` runs again and again, with other text in the place of its placeholders.
///
/// Text goes in as it is; within quotes those of its own are escaped. What comes out must be the same commands: a field
/// name with a pipe in it cannot add one. Source: Splunk Search Reference 9.4, "foreach".
struct ForeachTemplate: Sendable {
    enum Slot: Hashable, Sendable { case field, match, segment(Int), item, iteration }

    /// Where a placeholder stands.
    enum Place: Hashable, Sendable {
        /// By itself in an expression: it can be replaced by a field.
        case operand
        case string
        case quotedName
        /// It is a part of a word, or the target of an assignment.
        case word
    }

    /// The name of the field that holds the element of an iteration.
    static let itemField = "<<ITEM>>"

    private enum Piece: Sendable {
        case text([UInt8])
        case slot(Slot, Place)
    }

    private let pieces: [Piece]
    private let commandNames: [String]

    /// - Parameter placeholders: each placeholder's text.
    init(_ pipeline: Pipeline, placeholders: [Slot: String]) {
        commandNames = pipeline.commands.map(\.name)
        let text = pipeline.description
        var scanner = PlaceholderScanner(
            bytes: Array((text.hasPrefix("|") ? text : "| " + text).utf8),
            placeholders: placeholders.map { ($0.key, Array($0.value.utf8)) }
                .sorted { $0.1.count > $1.1.count })
        pieces = scanner.scan().map { $0.slot.map { .slot($0, $1) } ?? .text($0.text) }
    }

    /// Places of the slot in the template.
    func places(of slot: Slot) -> Set<Place> {
        var places: Set<Place> = []
        for case .slot(slot, let place) in pieces { places.insert(place) }
        return places
    }

    /// - Throws: what parsing and compiling throw, without places: they are in no text that the reader has written.
    func commands(
        _ values: [Slot: String], _ context: CompileContext
    ) throws(Diagnostic) -> Subpipeline {
        var text: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .slot(.item, .operand): text += "'\(Self.itemField)'".utf8
            case .slot(let slot, let place): text += Self.escaped(values[slot] ?? "", place)
            }
        }
        do throws(Diagnostic) {
            let pipeline = try Pipeline.parse(String(decoding: text, as: UTF8.self))
            guard pipeline.commands.map(\.name) == commandNames else {
                throw Diagnostic("E733", "the name makes other commands of the template of foreach")
            }
            return try Subpipeline(pipeline, context)
        } catch {
            throw Diagnostic(error.code, error.message, hint: error.hint)
        }
    }

    private static func escaped(_ text: String, _ place: Place) -> [UInt8] {
        let quote: UInt8
        switch place {
        case .operand, .word: return Array(text.utf8)
        case .string: quote = UInt8(ascii: "\"")
        case .quotedName: quote = UInt8(ascii: "'")
        }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == quote || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return bytes
    }
}

/// Cuts a template at its placeholders.
private struct PlaceholderScanner {
    let bytes: [UInt8]
    /// Longest first.
    let placeholders: [(slot: ForeachTemplate.Slot, text: [UInt8])]
    private var index = 0
    private var depth = 0
    private var quote: UInt8?
    /// The last byte that is no blank: tells a target from an operand.
    private var previous: UInt8 = UInt8(ascii: "|")

    init(bytes: [UInt8], placeholders: [(ForeachTemplate.Slot, [UInt8])]) {
        self.bytes = bytes
        self.placeholders = placeholders.filter { !$0.1.isEmpty }
    }

    mutating func scan() -> [(text: [UInt8], slot: (ForeachTemplate.Slot, ForeachTemplate.Place)?)] {
        var pieces: [(text: [UInt8], slot: (ForeachTemplate.Slot, ForeachTemplate.Place)?)] = []
        var literal: [UInt8] = []
        while index < bytes.count {
            if let (slot, text) = placeholders.first(where: { startsHere($0.text) }) {
                if !literal.isEmpty { pieces.append((literal, nil)) }
                literal = []
                pieces.append(([], (slot, place(of: text))))
                index += text.count
                previous = UInt8(ascii: ">")
                continue
            }
            let byte = bytes[index]
            literal.append(byte)
            if quote != nil, byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
                literal.append(bytes[index + 1])
                index += 1
            } else if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "(") {
                depth += 1
            } else if byte == UInt8(ascii: ")") {
                depth -= 1
            }
            if byte != UInt8(ascii: " ") { previous = byte }
            index += 1
        }
        if !literal.isEmpty { pieces.append((literal, nil)) }
        return pieces
    }

    private func startsHere(_ text: [UInt8]) -> Bool { bytes[index...].starts(with: text) }

    private func place(of text: [UInt8]) -> ForeachTemplate.Place {
        if quote == UInt8(ascii: "\"") { return .string }
        if quote != nil { return .quotedName }
        let end = index + text.count
        if index > 0, Self.isWordByte(bytes[index - 1]) { return .word }
        if end < bytes.count, Self.isWordByte(bytes[end]) { return .word }
        return isTarget(endingAt: end) ? .word : .operand
    }

    /// `eval <<ITEM>> = 1, <<ITEM>>=2`: an equals sign follows, and a comma or the command's name comes before.
    private func isTarget(endingAt end: Int) -> Bool {
        guard depth == 0 else { return false }
        var next = end
        while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
        guard next < bytes.count, bytes[next] == UInt8(ascii: "=") else { return false }
        if next + 1 < bytes.count, bytes[next + 1] == UInt8(ascii: "=") { return false }
        if previous == UInt8(ascii: ",") { return true }
        let before = bytes[..<index].split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).last ?? []
        return before.allSatisfy { $0 == UInt8(ascii: " ") || Self.isWordByte($0) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}
