/// A message with `$field$` tokens, as risk messages, finding titles and drilldowns carry them.
///
/// A token is a name without blanks between two dollar signs; a `$` that is no part of one is plain text. Whether
/// Splunk reads `$$` as an escaped `$` in a risk message is unknown; here it is two plain signs.
public struct TokenTemplate: Sendable, Hashable {
    public enum Part: Sendable, Hashable {
        case text(String)
        case field(String)
    }

    public private(set) var parts: [Part] = []
    /// Every `$` belongs to a token.
    public private(set) var isBalanced = true

    public init(_ template: String) {
        guard template.utf8.contains(UInt8(ascii: "$")) else {
            if !template.isEmpty { parts.append(.text(template)) }
            return
        }
        var text = ""
        var rest = template[...]
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if let end = rest.firstIndex(where: { $0 == "$" || $0.isWhitespace }), rest[end] == "$",
                end > rest.startIndex
            {
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                parts.append(.field(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                isBalanced = false
                text += "$"
            }
        }
        text += rest
        if !text.isEmpty { parts.append(.text(text)) }
    }

    /// The fields that the message names, in order, repeated as written.
    public var fields: [String] {
        parts.compactMap { part in
            guard case .field(let name) = part else { return nil }
            return name
        }
    }
}
