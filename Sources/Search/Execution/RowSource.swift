public import Columns
public import SPL

/// Brings the rows that a search starts from. The engine implements it; a search without inputs has ``NoRowSource``.
public protocol RowSource: Sendable {
    /// - Parameters:
    ///   - search: its `source` and `needed` say what it wants. `.rows` never comes here.
    ///   - range: half-open, what the search itself says already taken in.
    /// - Returns: newest first. Events need not satisfy the first command yet: it runs over them again.
    func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch
}

/// For searches that read nothing from outside.
public struct NoRowSource: RowSource {
    public init() {}

    public func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch {
        throw Diagnostic(
            "E353", "the search reads events, but no input is given",
            hint: "add --input FILE, or search index=risk or index=notable")
    }
}
