public import Columns
import Synchronization

/// What the searches of one run write and later ones read again: tables of `outputlookup`, models of `fit`, events of
/// `collect`, alert actions. It lies over the content's own tables, begins with what the caller has stored, and is thrown
/// away with the run unless the caller stores it.
public final class SearchState: Sendable {
    private let tables = Mutex<[String: Batch]>([:])
    private let collections = Mutex<[String: Batch]>([:])
    private let collected = Mutex<[String: BatchBuilder]>([:])
    private let models = Mutex<[String: DensityModel]>([:])
    private let alerts = Mutex<[AlertAction]>([])

    public init() {}

    /// The rows of a lookup file as this run wrote them; nil where it did not.
    public func table(_ name: String) -> Batch? { tables.withLock { $0[name] } }

    public func setTable(_ name: String, _ rows: Batch) { tables.withLock { $0[name] = rows } }

    /// Names of the lookup files that this run wrote, sorted.
    public var tableNames: [String] { tables.withLock { $0.keys.sorted() } }

    /// The records of a KV store collection, `_key` among their fields; nil where there are none yet.
    public func collection(_ name: String) -> Batch? { collections.withLock { $0[name] } }

    public func setCollection(_ name: String, _ records: Batch) { collections.withLock { $0[name] = records } }

    /// Names of the collections that there are, sorted.
    public var collectionNames: [String] { collections.withLock { $0.keys.sorted() } }

    /// Adds events to a summary index.
    public func collect(_ events: Batch, index: String) {
        collected.withLock { $0[index, default: BatchBuilder()].append(events) }
    }

    /// The events that this run collected into an index, in order; none where it did not.
    public func collectedEvents(index: String) -> Batch { collected.withLock { $0[index]?.finish() ?? Batch() } }

    /// Names of the indexes that this run collected events into, sorted.
    public var collectedIndexes: [String] { collected.withLock { $0.keys.sorted() } }

    /// A model that `fit` has trained, or that the caller has stored and given; nil where neither did.
    public func model(_ name: String) -> DensityModel? { models.withLock { $0[name] } }

    public func setModel(_ name: String, _ model: DensityModel) { models.withLock { $0[name] = model } }

    public func removeModel(_ name: String) { models.withLock { $0[name] = nil } }

    /// Names of the models, sorted.
    public var modelNames: [String] { models.withLock { $0.keys.sorted() } }

    public func add(_ action: AlertAction) { alerts.withLock { $0.append(action) } }

    /// What `sendalert` asked for, in order.
    public var alertActions: [AlertAction] { alerts.withLock { $0 } }
}

/// One use of `sendalert`: rows that are to become risk or a notable.
public struct AlertAction: Sendable {
    public enum Kind: String, Sendable { case risk, notable }

    /// As written, `$field$` tokens included.
    public struct Parameter: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    public var kind: Kind
    public var parameters: [Parameter]
    public var rows: Batch
}
