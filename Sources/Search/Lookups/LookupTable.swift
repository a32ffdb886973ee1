import Columns
import Formats
import Matching

// Exact columns go through a hash index, the first wildcard column through one over its anchors; what is left is tried
// row by row, in file order.

/// A column that a lookup names and its table does not have.
public struct MissingLookupColumn: Error, Hashable, Sendable {
    public var name: String
}

/// The rows of one table, ready to be matched by one lookup on some of its columns.
public struct LookupTable: Sendable {
    private enum Cell: Sendable {
        case wildcard(WildcardPattern)
        case block(CIDRBlock)
        /// A cell of a CIDR column without a length is this one address.
        case address(IPAddress)
        case nothing
        indirect case any([Cell])

        func matches(_ value: Text) -> Bool {
            switch self {
            case .wildcard(let pattern): pattern.matches(value.bytes)
            case .block(let block): block.contains(value.bytes)
            case .address(let address): IPAddress(value.bytes) == address
            case .nothing: false
            case .any(let cells): cells.contains { $0.matches(value) }
            }
        }
    }

    let transform: LookupTransform
    let rows: Batch
    /// Event side: which of the inputs are matched exactly.
    private let exactInputs: [Int]
    private let patternInputs: [Int]
    private let index: [[Text]: [Int]]
    private let wildcards: WildcardIndex?
    private let patterns: [[Cell]]
    /// Seconds since the epoch of each row, for a time-bounded lookup.
    private let times: [Double?]

    /// - Parameter matchesEachValue: a cell of several values is matched by each of them, not by all of them joined.
    init(
        _ transform: LookupTransform, rows: Batch, inputs: [String], matchesEachValue: Bool = false
    ) throws(MissingLookupColumn) {
        self.transform = transform
        self.rows = rows
        var columns: [Column] = []
        for name in inputs {
            guard let column = rows.column(name) else { throw MissingLookupColumn(name: name) }
            columns.append(column)
        }
        let types = inputs.map { transform.matchTypes[$0] ?? .exact }
        let exactInputs = inputs.indices.filter { types[$0] == .exact }
        let patternInputs = inputs.indices.filter { types[$0] != .exact }
        self.exactInputs = exactInputs
        self.patternInputs = patternInputs
        let keys = exactInputs.map { input in
            columns[input].values.map { value in
                Self.matched(value, matchesEachValue).map { Self.folded($0, transform) }
            }
        }
        var index: [[Text]: [Int]] = [:]
        if !exactInputs.isEmpty {
            for row in 0..<rows.rowCount {
                let choices = zip(exactInputs, keys).map { $1[Int(columns[$0].ids[row])] }
                let tuples = choices.reduce([[]]) { tuples, values in
                    tuples.flatMap { head in values.map { head + [$0] } }
                }
                for key in tuples where index[key]?.last != row { index[key, default: []].append(row) }
            }
        }
        self.index = index
        let cells = patternInputs.map { input in
            columns[input].values.map { value in
                let cells = Self.matched(value, matchesEachValue).map { Self.cell($0.bytes, types[input], transform) }
                return cells.count == 1 ? cells[0] : .any(cells)
            }
        }
        patterns = (0..<rows.rowCount).map { row in
            zip(patternInputs, cells).map { $1[Int(columns[$0].ids[row])] }
        }
        if exactInputs.isEmpty, !matchesEachValue, let first = patternInputs.first, types[first] == .wildcard {
            let column = columns[first]
            let folded = column.values.map { Self.folded($0.printed ?? "", transform).bytes }
            wildcards = WildcardIndex(column.ids.map { folded[Int($0)] })
        } else {
            wildcards = nil
        }
        times = try Self.times(transform, rows)
    }

    private static func times(_ transform: LookupTransform, _ rows: Batch) throws(MissingLookupColumn) -> [Double?] {
        guard let time = transform.time else { return [] }
        guard let column = rows.column(time.column) else { throw MissingLookupColumn(name: time.column) }
        let format = try? TimeFormat(time.format)
        let seconds = column.values.map { value -> Double? in
            if let number = value.numeric, time.format.hasPrefix("%s") { return number }
            guard let text = value.printed, let parsed = format?.parse(text.bytes, zone: .utc) else { return nil }
            return Double(parsed.microseconds) / 1_000_000
        }
        return column.ids.map { seconds[Int($0)] }
    }

    /// The texts that a cell is matched by.
    private static func matched(_ value: Value, _ matchesEachValue: Bool) -> [Text] {
        if matchesEachValue, case .multivalue(let values) = value { return values.compactMap(\.printed) }
        return [value.printed ?? ""]
    }

    private static func folded(_ text: Text, _ transform: LookupTransform) -> Text {
        transform.isCaseSensitive ? text : Text(CaseFolding.fold(text.bytes))
    }

    private static func cell(_ bytes: [UInt8], _ type: LookupTransform.MatchType, _ transform: LookupTransform) -> Cell
    {
        if type == .wildcard { return .wildcard(WildcardPattern(bytes, caseSensitive: transform.isCaseSensitive)) }
        if let block = CIDRBlock(bytes) { return .block(block) }
        return IPAddress(bytes).map { .address($0) } ?? .nothing
    }

    /// The rows that match one tuple of scalars: in file order, for a time-bounded lookup the latest first.
    ///
    /// - Parameter time: of the event, in seconds; only a time-bounded lookup asks for it.
    /// - Returns: at most `limit` rows, and whether there were more.
    func match(_ key: [Text], time: Double?, limit: Int) -> (rows: [Int], isCut: Bool) {
        var found: [Int] = []
        let candidates: [Int]
        if !exactInputs.isEmpty {
            candidates = index[exactInputs.map { Self.folded(key[$0], transform) }] ?? []
        } else if let wildcards {
            candidates = wildcards.candidates(Self.folded(key[patternInputs[0]], transform).bytes)
        } else {
            candidates = Array(0..<rows.rowCount)
        }
        for row in candidates {
            let cells = patterns[row]
            guard cells.indices.allSatisfy({ cells[$0].matches(key[patternInputs[$0]]) }) else { continue }
            if let bounds = transform.time {
                guard let time, let rowTime = times[row] else { continue }
                let offset = time - rowTime
                guard offset >= bounds.minimumOffset, offset <= bounds.maximumOffset else { continue }
            } else if found.count == limit {
                return (found, true)
            }
            found.append(row)
        }
        guard transform.time != nil else { return (found, false) }
        found.sort { (times[$0] ?? 0, $1) > (times[$1] ?? 0, $0) }
        return found.count > limit ? (Array(found.prefix(limit)), true) : (found, false)
    }
}
