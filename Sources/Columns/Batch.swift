/// Rows in columns: an ordered schema, one column a field.
///
/// `origins`, when kept, names for each row the events it was made from, as indices that the caller gave meaning to;
/// operators carry it along so that a result row can be traced to its contributing events.
public struct Batch: Sendable {
    public private(set) var rowCount: Int
    public private(set) var names: [String]
    public private(set) var columns: [Column]
    public var origins: [[UInt32]]? {
        get {
            switch originStore {
            case .none: nil
            case .one(let events): events.map { [$0] }
            case .lists(let lists): lists
            }
        }
        set { originStore = newValue.map { .lists($0) } ?? .none }
    }

    /// Rows as they come from a source have one event each, and most are filtered out: no list is made for those.
    private enum OriginStore: Sendable {
        case none
        case one([UInt32])
        case lists([[UInt32]])
    }

    private var originStore = OriginStore.none
    private var position: [String: Int]

    public init(rowCount: Int = 0) {
        self.rowCount = rowCount
        names = []
        columns = []
        position = [:]
    }

    /// - Parameter columns: in schema order; all of `rowCount` rows; a name that comes twice keeps its first place and
    ///   last column.
    public init(rowCount: Int, columns: [(name: String, column: Column)]) {
        self.init(rowCount: rowCount)
        for (name, column) in columns { set(name, column) }
    }

    public func column(_ name: String) -> Column? {
        guard let index = position[name] else { return nil }
        return columns[index]
    }

    /// Each row was made from one event.
    public mutating func setOrigins(_ events: [UInt32]) {
        precondition(events.count == rowCount, "origins of another batch")
        originStore = .one(events)
    }

    public var hasOrigins: Bool {
        if case .none = originStore { return false }
        return true
    }

    /// The events of one row, in order; none where no origins are kept.
    public func forEachOrigin(of row: Int, _ body: (UInt32) -> Void) {
        switch originStore {
        case .none: break
        case .one(let events): body(events[row])
        case .lists(let lists): lists[row].forEach(body)
        }
    }

    public func contains(_ name: String) -> Bool { position[name] != nil }

    /// The value of `name` in `row`, null where there is no such column.
    public subscript(_ name: String, row: Int) -> Value {
        guard let index = position[name] else { return .null }
        return columns[index][row]
    }

    /// Replaces the column in its place, or appends it at the end of the schema.
    public mutating func set(_ name: String, _ column: Column) {
        precondition(column.rowCount == rowCount, "column '\(name)' is of another batch")
        if let index = position[name] {
            columns[index] = column
        } else {
            position[name] = names.count
            names.append(name)
            columns.append(column)
        }
    }

    public mutating func remove(_ name: String) {
        guard let index = position[name] else { return }
        names.remove(at: index)
        columns.remove(at: index)
        reindex()
    }

    /// Gives the column at `name` the name `newName`; a column that had that name vanishes, the place is kept.
    public mutating func rename(_ name: String, to newName: String) {
        guard name != newName, position[name] != nil else { return }
        remove(newName)
        guard let index = position[name] else { return }
        names[index] = newName
        reindex()
    }

    /// The columns `wanted`, in that order; a name that is not there becomes an empty column.
    public func selecting(_ wanted: [String]) -> Batch {
        var batch = Batch(rowCount: rowCount)
        for name in wanted { batch.set(name, column(name) ?? .nulls(rowCount: rowCount)) }
        batch.originStore = originStore
        return batch
    }

    /// The rows at `rows`, in that order.
    public func gathered(_ rows: [Int]) -> Batch {
        var batch = Batch(rowCount: rows.count)
        for (name, column) in zip(names, columns) { batch.set(name, column.gathered(rows)) }
        switch originStore {
        case .none: break
        case .one(let events): batch.originStore = .one(rows.map { events[$0] })
        case .lists(let lists): batch.originStore = .lists(rows.map { lists[$0] })
        }
        return batch
    }

    public func filtered(_ keep: [Bool]) -> Batch {
        precondition(keep.count == rowCount, "mask of another batch")
        return keeping(keep.indices.filter { keep[$0] })
    }

    /// - Parameter rows: ascending, none twice.
    public func keeping(_ rows: [Int]) -> Batch { rows.count == rowCount ? self : gathered(rows) }

    public func prefix(_ count: Int) -> Batch {
        count >= rowCount ? self : gathered(Array(0..<max(0, count)))
    }

    /// What the rows take in memory, roughly; shared dictionaries count in full.
    public var estimatedBytes: Int {
        let bytesOfOrigins =
            switch originStore {
            case .none: 0
            case .one(let events): 4 * events.count
            case .lists(let lists): lists.reduce(0) { $0 + 16 + 4 * $1.count }
            }
        return columns.reduce(names.count * 64) { $0 + $1.estimatedBytes } + bytesOfOrigins
    }

    private mutating func reindex() {
        position.removeAll(keepingCapacity: true)
        for (index, name) in names.enumerated() { position[name] = index }
    }
}

/// Joins batches one under the other; columns that a batch lacks are null in its rows.
public struct BatchBuilder {
    private var rowCount = 0
    private var names: [String] = []
    private var builders: [ColumnBuilder] = []
    private var position: [String: Int] = [:]
    private var origins: [[UInt32]]?
    /// The only batch so far: a lone batch is handed on as it is, for hashing its values again costs more than most
    /// commands do.
    private var lone: Batch?

    public init() {}

    public var count: Int { lone?.rowCount ?? rowCount }

    public mutating func append(_ batch: Batch) {
        guard batch.rowCount > 0 || !batch.names.isEmpty else { return }
        if lone == nil, names.isEmpty, rowCount == 0 {
            lone = batch
            return
        }
        if let first = lone {
            lone = nil
            add(first)
        }
        add(batch)
    }

    private mutating func add(_ batch: Batch) {
        if let more = batch.origins {
            if origins == nil { origins = [[UInt32]](repeating: [], count: rowCount) }
            origins!.append(contentsOf: more)
        } else if origins != nil {
            origins!.append(contentsOf: [[UInt32]](repeating: [], count: batch.rowCount))
        }
        for (name, column) in zip(batch.names, batch.columns) {
            let index: Int
            if let known = position[name] {
                index = known
            } else {
                index = names.count
                names.append(name)
                position[name] = index
                var builder = ColumnBuilder()
                builder.padNulls(to: rowCount)
                builders.append(builder)
            }
            builders[index].append(column)
        }
        rowCount += batch.rowCount
        for index in builders.indices { builders[index].padNulls(to: rowCount) }
    }

    public consuming func finish() -> Batch {
        if let lone { return lone }
        var batch = Batch(rowCount: rowCount)
        for (name, builder) in zip(names, builders) { batch.set(name, builder.finish()) }
        batch.origins = origins
        return batch
    }
}
