/// A range of UTF-8 byte offsets in the search text after macro expansion.
///
/// Two spans are always equal: syntax trees are compared by what they say, not by where they say it, which is what
/// "prints back to text that parses to an equal tree" needs.
public struct Span: Hashable, Sendable {
    public var lowerBound: Int
    public var upperBound: Int

    public init(_ lowerBound: Int, _ upperBound: Int) {
        self.lowerBound = lowerBound
        self.upperBound = upperBound
    }

    public static func == (_: Span, _: Span) -> Bool { true }
    public func hash(into _: inout Hasher) {}
}
