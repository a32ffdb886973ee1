import Columns

/// What is known before a run about the columns of a result.
public struct Schema: Hashable, Sendable {
    /// More fields may exist than `names` lists.
    public var isOpen: Bool
    /// Known names, in order; a name with `*` stands for a group that is only known at run time.
    public var names: [String]

    public init(isOpen: Bool, names: [String] = []) {
        self.isOpen = isOpen
        self.names = names
    }

    public static let open = Schema(isOpen: true)

    /// Whether a field of this name can exist in the result.
    public func mayContain(_ name: String) -> Bool {
        isOpen || names.contains { $0 == name || ($0.contains("*") && matches($0, name)) }
    }

    /// These columns, then the new ones of `other`.
    func united(with other: Schema) -> Schema {
        Schema(isOpen: isOpen || other.isOpen, names: names + other.names.filter { !names.contains($0) })
    }

    private func matches(_ pattern: String, _ name: String) -> Bool { FieldSet.matches(pattern, name) }
}
