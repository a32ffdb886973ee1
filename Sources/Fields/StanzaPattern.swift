// The patterns of `[source::...]`, `[host::...]` and `[(?::){0}...]` headers: `...` is any run of characters, `*` any run
// without a path separator, `|` separates alternatives, parentheses group, everything else is itself.
// Source: Admin Manual 9.3, props.conf, "Pattern matching".

/// A stanza header of props.conf, read.
struct StanzaPattern: Sendable {
    enum Kind: Int, Sendable { case fallback = 0, sourcetype, host, source }

    var kind: Kind
    var stanza: String
    private var alternatives: [[Piece]]
    /// Literal headers have priority 100, patterns 0, unless the stanza says otherwise.
    let isLiteral: Bool

    private enum Piece: Hashable, Sendable {
        case byte(UInt8)
        /// `*`: does not cross `/`.
        case run
        /// `...`.
        case anything
    }

    /// Nested groups multiply; more alternatives than this are refused.
    static let maximumAlternatives = 256

    /// - Returns: nil for headers that are no event pattern (`rule::`, `delayedrule::`), and for malformed ones.
    init?(stanza: String) {
        self.stanza = stanza
        var body = Substring(stanza)
        if stanza == "default" {
            kind = .fallback
            alternatives = []
            isLiteral = true
            return
        }
        if stanza.hasPrefix("source::") {
            kind = .source
            body = body.dropFirst("source::".count)
        } else if stanza.hasPrefix("host::") {
            kind = .host
            body = body.dropFirst("host::".count)
        } else if stanza.hasPrefix("rule::") || stanza.hasPrefix("delayedrule::") {
            return nil
        } else if stanza.hasPrefix("(?::){0}") {
            kind = .sourcetype
            body = body.dropFirst("(?::){0}".count)
        } else {
            kind = .sourcetype
            isLiteral = true
            alternatives = [stanza.utf8.map { .byte($0) }]
            return
        }
        guard let parsed = Self.alternatives(Array(body.utf8)) else { return nil }
        alternatives = parsed
        isLiteral = parsed.count == 1 && !parsed[0].contains(.run) && !parsed[0].contains(.anything)
    }

    func matches(sourcetype: String, source: String, host: String) -> Bool {
        switch kind {
        case .fallback: true
        case .source: matches(source, ignoringCase: false)
        case .host: matches(host, ignoringCase: true)
        // Shippers disagree on the case of sourcetypes (`XmlWinEventLog`), so here it is ignored.
        case .sourcetype: matches(sourcetype, ignoringCase: true)
        }
    }

    private func matches(_ text: String, ignoringCase: Bool) -> Bool {
        let bytes = Array(text.utf8)
        return alternatives.contains { Self.matches($0, bytes, ignoringCase: ignoringCase) }
    }

    /// Greedy with one backtrack point for each kind of run: linear in practice, quadratic at worst.
    private static func matches(_ pieces: [Piece], _ text: [UInt8], ignoringCase: Bool) -> Bool {
        var reachable = [Bool](repeating: false, count: text.count + 1)
        reachable[0] = true
        for piece in pieces {
            var next = [Bool](repeating: false, count: text.count + 1)
            switch piece {
            case .byte(let byte):
                for index in text.indices where reachable[index] {
                    let other = text[index]
                    if byte == other || (ignoringCase && folded(byte) == folded(other)) { next[index + 1] = true }
                }
            case .run, .anything:
                var open = false
                for index in 0...text.count {
                    if reachable[index] { open = true }
                    next[index] = open
                    if index < text.count, piece == .run, text[index] == UInt8(ascii: "/") { open = false }
                }
            }
            reachable = next
        }
        return reachable[text.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte + 32 : byte }

    private static func alternatives(_ text: [UInt8]) -> [[Piece]]? {
        var position = 0
        let result = parse(text, &position, depth: 0)
        return position == text.count ? result : nil
    }

    /// Expands groups and `|` into plain alternatives.
    private static func parse(_ text: [UInt8], _ position: inout Int, depth: Int) -> [[Piece]]? {
        guard depth < 8 else { return nil }
        var done: [[Piece]] = []
        var current: [[Piece]] = [[]]
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: ")"), depth > 0 { break }
            position += 1
            var additions: [[Piece]]
            switch byte {
            case UInt8(ascii: "|"):
                done += current
                current = [[]]
                continue
            case UInt8(ascii: "("):
                guard let inner = parse(text, &position, depth: depth + 1), position < text.count else { return nil }
                position += 1
                additions = inner
            case UInt8(ascii: "*"):
                additions = [[.run]]
            case UInt8(ascii: ".") where text[position...].prefix(2).elementsEqual([0x2E, 0x2E]):
                position += 2
                additions = [[.anything]]
            case UInt8(ascii: "\\") where position < text.count:
                additions = [[.byte(text[position])]]
                position += 1
            default:
                additions = [[.byte(byte)]]
            }
            guard current.count * additions.count <= maximumAlternatives else { return nil }
            current = current.flatMap { head in additions.map { head + $0 } }
        }
        done += current
        return done.count <= maximumAlternatives ? done : nil
    }
}
