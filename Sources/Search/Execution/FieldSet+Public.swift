import Columns

extension FieldSet {
    /// As ``matches(_:_:)``, but a wildcard leaves internal fields alone unless it begins with `_` itself
    /// (docs/decisions/0002, wildcard-skips-internal).
    static func matchesPublic(_ pattern: String, _ name: String) -> Bool {
        if name.hasPrefix("_"), !pattern.hasPrefix("_") { return false }
        return matches(pattern, name)
    }
}
