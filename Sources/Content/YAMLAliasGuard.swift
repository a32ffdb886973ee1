// Yams finds duplicate keys by hashing them, and the hash of a key walks all that its aliases stand for: a file of a
// kilobyte can keep it busy for years. Values are counted after composing; keys must be looked at before. The scan
// works on text, so it may refuse a file that only looks dangerous: one that uses aliases and odd keys together.

enum YAMLAliasGuard {
    struct Refusal {
        var message: String
        var hint: String
        var position: TextPosition
    }

    static let maximumExplicitKeyCount = 100

    /// Nil when composing the text cannot take more than time in proportion to its size.
    static func refusal(of text: String) -> Refusal? {
        var scan = Scan(bytes: Array(text.utf8))
        scan.run()
        if scan.explicitKeyCount > maximumExplicitKeyCount {
            return Refusal(
                message: "file has more than \(maximumExplicitKeyCount) explicit keys ('? key')",
                hint: "write keys as 'key: value'", position: scan.firstExplicitKey)
        }
        guard !scan.anchorNames.isDisjoint(with: scan.aliasNames), let key = scan.keyThatMayHoldAlias else {
            return nil
        }
        return Refusal(
            message: "file uses aliases together with a key that is not plain text",
            hint: "write out what the aliases stand for", position: key)
    }

    private struct Scan {
        let bytes: [UInt8]
        var anchorNames: Set<ArraySlice<UInt8>> = []
        var aliasNames: Set<ArraySlice<UInt8>> = []
        var explicitKeyCount = 0
        var firstExplicitKey = TextPosition.start
        var keyThatMayHoldAlias: TextPosition?

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func run() {
            var position = TextPosition.start
            var atTokenStart = true
            for index in bytes.indices {
                let byte = bytes[index]
                if atTokenStart {
                    switch byte {
                    case UInt8(ascii: "&"):
                        let name = name(after: index)
                        if !name.isEmpty { anchorNames.insert(name) }
                    case UInt8(ascii: "*"):
                        let name = name(after: index)
                        if !name.isEmpty { aliasNames.insert(name) }
                        if isFollowedByColon(name.endIndex) { noteKey(position) }
                    case UInt8(ascii: "?"):
                        explicitKeyCount += 1
                        if explicitKeyCount == 1 { firstExplicitKey = position }
                        noteKey(position)
                    default: break
                    }
                }
                if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}"), isFollowedByColon(index + 1) {
                    noteKey(position)
                }
                atTokenStart = Self.endsToken(byte)
                if byte == UInt8(ascii: "\n") {
                    position.line += 1
                    position.column = 1
                } else if byte & 0xC0 != 0x80 {
                    position.column += 1
                }
            }
        }

        private mutating func noteKey(_ position: TextPosition) {
            if keyThatMayHoldAlias == nil { keyThatMayHoldAlias = position }
        }

        private func name(after index: Int) -> ArraySlice<UInt8> {
            let start = index + 1
            let end = bytes[start...].firstIndex { !Self.isNameByte($0) } ?? bytes.count
            return bytes[start..<end]
        }

        private func isFollowedByColon(_ start: Int) -> Bool {
            let next = bytes[start...].first { $0 != 0x20 && $0 != 0x09 }
            return next == UInt8(ascii: ":")
        }

        /// Whether a token may start after this byte; other scripts' line breaks and the byte order mark among them.
        private static func endsToken(_ byte: UInt8) -> Bool {
            switch byte {
            case 0...0x20, 0x80..., UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"),
                UInt8(ascii: "?"):
                true
            default: false
            }
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
