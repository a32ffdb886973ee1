import Formats

// One stanza of transforms.conf, read for search time: a field extraction (REPORT-) or a lookup table (LOOKUP-).
// Source: Admin Manual 9.3, transforms.conf.

struct TransformRule: Sendable {
    enum Shape: Sendable {
        /// FORMAT `name::$1 other::$2`, or the named groups of the pattern where there is no FORMAT.
        case pattern(String, format: [FormatPair])
        /// DELIMS `pairs, names`: `a=1;b=2`.
        case pairs(pairDelimiters: [UInt8], nameDelimiters: [UInt8])
        /// DELIMS with FIELDS: columns by position.
        case columns(delimiters: [UInt8], names: [String])
    }

    struct FormatPair: Hashable, Sendable {
        var name: [FormatPiece]
        var value: [FormatPiece]
        /// The name is not known before the event is read.
        var isDynamic: Bool { name.contains { if case .group = $0 { true } else { false } } }
        var fixedName: String {
            name.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        }
    }

    enum FormatPiece: Hashable, Sendable {
        case text(String)
        case group(Int)
    }

    var shape: Shape
    var sourceKey: String
    /// MV_ADD: a field that is there gets more values instead of being left alone.
    var addsValues: Bool
    var cleansNames: Bool
    var keepsEmptyValues: Bool
    var place: ConfValue

    static let supported: Set<String> = [
        "REGEX", "FORMAT", "SOURCE_KEY", "DELIMS", "FIELDS", "MV_ADD", "CLEAN_KEYS", "KEEP_EMPTY_VALS",
        "MATCH_LIMIT", "DEPTH_LIMIT",
    ]

    init?(_ stanza: ConfLayers.Stanza, _ problems: inout ProblemList) {
        place = stanza.place
        sourceKey = stanza["SOURCE_KEY"]?.text ?? "_raw"
        if sourceKey.hasPrefix("field:") { sourceKey = String(sourceKey.dropFirst("field:".count)) }
        addsValues = stanza["MV_ADD"].flatMap { ConfFile.boolean($0.text) } ?? false
        cleansNames = stanza["CLEAN_KEYS"].flatMap { ConfFile.boolean($0.text) } ?? true
        keepsEmptyValues = stanza["KEEP_EMPTY_VALS"].flatMap { ConfFile.boolean($0.text) } ?? false
        if let delimiters = stanza["DELIMS"] {
            let sets = Self.quotedList(delimiters.text).map(Self.unescaped)
            if let fields = stanza["FIELDS"] {
                guard sets.count == 1, !sets[0].isEmpty else {
                    problems.add("E452", delimiters, "DELIMS '\(delimiters.text)' with FIELDS needs one quoted set")
                    return nil
                }
                shape = .columns(delimiters: sets[0], names: Self.quotedList(fields.text))
            } else {
                guard sets.count == 2, !sets[0].isEmpty, !sets[1].isEmpty else {
                    problems.add("E452", delimiters, "DELIMS '\(delimiters.text)' without FIELDS needs two quoted sets")
                    return nil
                }
                shape = .pairs(pairDelimiters: sets[0], nameDelimiters: sets[1])
            }
            return
        }
        guard let pattern = stanza["REGEX"] else {
            problems.add("E452", stanza.place, "transform '\(stanza.name)' has neither REGEX nor DELIMS")
            return nil
        }
        var pairs: [FormatPair] = []
        if let format = stanza["FORMAT"] {
            guard let read = Self.format(format.text) else {
                problems.add(
                    "E452", format, "FORMAT '\(format.text)' is not a list of name::value",
                    hint: "write for example FORMAT = user::$1 src::$2")
                return nil
            }
            pairs = read
        }
        shape = .pattern(pattern.text, format: pairs)
    }

    /// The fields it can make; nil when only the event tells.
    func fixedOutputs(groupNames: [String]) -> [String]? {
        switch shape {
        case .pairs: nil
        case .columns(_, let names): names
        case .pattern(_, let format):
            if format.isEmpty {
                groupNames.contains { $0.hasPrefix("_KEY_") } ? nil : groupNames.filter { !$0.hasPrefix("_VAL_") }
            } else {
                format.contains(where: \.isDynamic) ? nil : format.map(\.fixedName)
            }
        }
    }

    /// `a, "b c", d`: blanks around an item are not part of it, unless in quotes.
    static func quotedList(_ text: String) -> [String] {
        var items: [String] = []
        var current: [UInt8] = []
        var inQuotes = false, wasQuoted = false
        func close() {
            while !wasQuoted, let last = current.last, isBlank(last) { current.removeLast() }
            if wasQuoted || !current.isEmpty { items.append(String(decoding: current, as: UTF8.self)) }
            current = []
            wasQuoted = false
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") {
                inQuotes.toggle()
                wasQuoted = true
            } else if !inQuotes, byte == UInt8(ascii: ",") {
                close()
            } else if !inQuotes, isBlank(byte), wasQuoted || current.isEmpty {
                continue
            } else {
                current.append(byte)
            }
        }
        close()
        return items
    }

    /// A list may go over several lines.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\"), let next = iterator.next() else {
                bytes.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            default: bytes.append(next)
            }
        }
        return bytes
    }

    static func format(_ text: String) -> [FormatPair]? {
        var pairs: [FormatPair] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
            let bytes = Array(word.utf8)
            guard let colon = bytes.indices.dropLast().first(where: { bytes[$0] == 58 && bytes[$0 + 1] == 58 }),
                colon > 0, colon + 2 < bytes.count
            else { return nil }
            pairs.append(FormatPair(name: pieces(bytes[..<colon]), value: pieces(bytes[(colon + 2)...])))
        }
        return pairs.isEmpty ? nil : pairs
    }

    static func pieces(_ text: String) -> [FormatPiece] { pieces(Array(text.utf8)[...]) }

    private static func pieces(_ bytes: ArraySlice<UInt8>) -> [FormatPiece] {
        var pieces: [FormatPiece] = []
        var literal: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var end = index + 1
            while end < bytes.endIndex, bytes[end] &- 48 < 10, end - index < 4 { end += 1 }
            if bytes[index] == UInt8(ascii: "$"), end > index + 1,
                let group = Int(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
            {
                if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
                literal = []
                pieces.append(.group(group))
                index = end
            } else {
                literal.append(bytes[index])
                index += 1
            }
        }
        if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
        return pieces
    }
}
