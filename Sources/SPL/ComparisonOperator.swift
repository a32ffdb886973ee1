public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

extension ComparisonOperator {
    /// The operator at `index` and where it ends. `==` is `=`; a template such as `<<FIELD>>` is none.
    static func read(_ bytes: [UInt8], at index: Int) -> (ComparisonOperator, end: Int)? {
        guard index < bytes.count, bytes.endOfTemplate(at: index) == nil else { return nil }
        let isFollowedByEquals = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "=")
        switch bytes[index] {
        case UInt8(ascii: "="): return (.equal, index + (isFollowedByEquals ? 2 : 1))
        case UInt8(ascii: "<"): return isFollowedByEquals ? (.lessOrEqual, index + 2) : (.less, index + 1)
        case UInt8(ascii: ">"): return isFollowedByEquals ? (.greaterOrEqual, index + 2) : (.greater, index + 1)
        case UInt8(ascii: "!"): return isFollowedByEquals ? (.notEqual, index + 2) : nil
        default: return nil
        }
    }
}
