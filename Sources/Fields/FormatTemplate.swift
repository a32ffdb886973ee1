import Matching

/// FORMAT, or one side of a pair in it, ready to be filled from a match.
struct FormatTemplate: Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        case group(Int)
    }

    private let parts: [Part]
    /// The group that is all of it; nil where there is more, or less.
    let onlyGroup: Int?
    /// It holds `$0`.
    let readsBefore: Bool

    init(_ pieces: [TransformRule.FormatPiece]) {
        parts = pieces.map { piece in
            switch piece {
            case .text(let text): .text(Array(text.utf8))
            case .group(let group): .group(group)
            }
        }
        if pieces.count == 1, case .group(let group) = pieces[0] { onlyGroup = group } else { onlyGroup = nil }
        readsBefore = pieces.contains(.group(0))
    }

    /// A group that took no part counts as empty where anything else is there; nil where nothing is.
    ///
    /// - Parameter before: what `$0` stands for, the old value of DEST_KEY; nil where there is none.
    func filled(_ match: RegexMatch, _ text: UnsafeRawBufferPointer, before: [UInt8]? = nil) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isMade = false
        for part in parts {
            switch part {
            case .text(let literal):
                bytes += literal
            case .group(0):
                guard let before else { continue }
                bytes += before
            case .group(let group):
                guard let range = match[group] else { continue }
                bytes += text[range]
            }
            isMade = true
        }
        return isMade ? bytes : nil
    }
}
