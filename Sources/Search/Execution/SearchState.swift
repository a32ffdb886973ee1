public import Columns
import Synchronization

/// What the searches of one run write and later ones read again: tables of `outputlookup`, models of `fit`. It begins
/// empty, lies over the content's own tables, and is thrown away with the run unless the caller stores it.
public final class SearchState: Sendable {
    private let tables = Mutex<[String: Batch]>([:])

    public init() {}

    /// A lookup's rows as this run wrote them; nil where it did not.
    public func table(_ name: String) -> Batch? { tables.withLock { $0[name] } }

    public func setTable(_ name: String, _ rows: Batch) { tables.withLock { $0[name] = rows } }

    /// Names of the tables that this run wrote, sorted.
    public var tableNames: [String] { tables.withLock { $0.keys.sorted() } }
}
