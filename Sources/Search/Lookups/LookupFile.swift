public import Columns
import Synchronization

/// One table as content brings it: read when a search first needs it, and indexed once for each way it is matched, for
/// all searches of a run.
public final class LookupFile: Sendable {
    private struct Key: Hashable {
        var transform: LookupTransform
        var inputs: [String]
    }

    private enum Content {
        case unread([UInt8])
        case read(LookupCSV)
    }

    private struct State {
        var content: Content
        var tables: [Key: LookupTable] = [:]

        mutating func csv() -> LookupCSV {
            switch content {
            case .read(let csv): return csv
            case .unread(let bytes):
                let csv = LookupCSV(bytes)
                content = .read(csv)
                return csv
            }
        }
    }

    private let state: Mutex<State>
    private static let maximumTables = 64

    /// A cell of several values is matched by each of them, as in a KV store collection.
    private let matchesEachValue: Bool

    public init(csv: [UInt8]) {
        state = Mutex(State(content: .unread(csv)))
        matchesEachValue = false
    }

    /// Rows as a collection has them: their cells may hold several values, each of which matches.
    public init(collection rows: Batch) {
        state = Mutex(State(content: .read(LookupCSV(rows: rows))))
        matchesEachValue = true
    }

    public var csv: LookupCSV { state.withLock { $0.csv() } }

    /// The table's rows, ready to be matched on `inputs`.
    func table(_ transform: LookupTransform, inputs: [String]) throws(MissingLookupColumn) -> LookupTable {
        let result = state.withLock { state -> Result<LookupTable, MissingLookupColumn> in
            let key = Key(transform: transform, inputs: inputs)
            if let known = state.tables[key] { return .success(known) }
            do throws(MissingLookupColumn) {
                let made = try LookupTable(
                    transform, rows: state.csv().rows, inputs: inputs, matchesEachValue: matchesEachValue)
                if state.tables.count >= Self.maximumTables { state.tables.removeAll() }
                state.tables[key] = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
