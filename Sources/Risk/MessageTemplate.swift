import Columns

/// Text with `$field$` tokens, as in risk messages, finding titles and drilldown searches.
///
/// A token of a field that the row lacks is left out of the text as `unknown`; the names of such tokens are reported,
/// because a message that never fills is a mistake in the rule. `$$` is a dollar.
public struct MessageTemplate: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case token(String)
    }

    private let pieces: [Piece]

    public init(_ template: String) {
        var pieces: [Piece] = []
        var text = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "$") {
            text += rest[..<open]
            let after = rest.index(after: open)
            guard let close = rest[after...].firstIndex(of: "$"), Self.isFieldName(rest[after..<close]) else {
                text += "$"
                rest = rest[after...]
                // `$$` is one dollar.
                if rest.first == "$" { rest = rest.dropFirst() }
                continue
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
            pieces.append(.token(String(rest[after..<close])))
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    /// The fields whose values the template asks for, in order, each once.
    public var fields: [String] {
        var seen: Set<String> = []
        return pieces.compactMap { piece in
            if case .token(let name) = piece, seen.insert(name).inserted { name } else { nil }
        }
    }

    /// - Parameter value: the text of a field; nil when the row lacks it.
    public func filled(missing: inout Set<String>, _ value: (String) -> String?) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .token(let name):
                if let value = value(name) {
                    result += value
                } else {
                    missing.insert(name)
                    result += "unknown"
                }
            }
        }
        return result
    }

    private static func isFieldName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "\"" && $0 != "|" }
    }
}
