import Columns
import SPL

/// Puts events into transactions, one after the other, from the newest back in time.
struct TransactionGroups {
    /// What becomes a row of the result.
    struct Result {
        /// Rows of the input, in its order.
        var events: [Int]
        var isClosed: Bool
        var matchedFields: Int
        var isOrphan: Bool
    }

    private struct Transaction {
        var events: [Int] = []
        /// Per field the number of its value; -1 where no event has had one.
        var keys: [Int32]
        var hasStart = false
        var hasEnd = false
        var newest: Double?
        var last: Double?
        var matchedFields = 0
        var stamp = 0
        var isOpen = true
        var isFull = false
    }

    private enum Ending { case limit, start, displaced, memory, input }

    let times: [Double?]
    private(set) var results: [Result] = []

    private let arguments: TransactionArguments
    private let isStart: [Bool]?
    private let isEnd: [Bool]?
    /// Per field and row the number of the value; -1 for null.
    private let keys: [[Int32]]
    private let maximumEvents: Int
    private let maximumOpen: Int
    private let maximumOpenEvents: Int

    private var all: [Transaction] = []
    /// Open ones that have all fields, by these; they match in one look-up.
    private var full: [[Int32]: Int] = [:]
    /// Open ones that lack a field, in no order.
    private var open: Set<Int> = []
    private var partial: Set<Int> = []
    /// Open ones by each value that they have, per field.
    private var sharing: [[Int32: Set<Int>]]
    private var openEvents = 0
    private var stamp = 0
    /// Oldest use first; an entry whose stamp is no longer that of its transaction is void.
    private var uses = Queue()
    private var openings = Queue()

    init(
        _ arguments: TransactionArguments, _ rows: Batch, _ context: ExecutionContext
    ) throws(SearchError) {
        self.arguments = arguments
        let column = rows.column("_time")
        times = (0..<rows.rowCount).map { column?[$0].numeric }
        isStart = try arguments.start?.rows(rows, context)
        isEnd = try arguments.end?.rows(rows, context)
        keys = arguments.fields.map { Self.numbers(rows.column($0), rows.rowCount) }
        sharing = Array(repeating: [:], count: keys.count)
        let events = arguments.maximumEvents ?? context.limits.transactionEvents
        maximumEvents = events < 0 ? .max : events
        maximumOpen = arguments.maximumOpen ?? context.limits.openTransactions
        maximumOpenEvents = arguments.maximumOpenEvents ?? context.limits.openTransactionEvents
    }

    mutating func run(_ context: inout ExecutionContext) throws(SearchError) {
        var previous = Double.infinity
        for row in times.indices {
            if row % 1024 == 0 { try context.checkTime() }
            if let time = times[row] {
                if time > previous {
                    context.warn(
                        "W328", "transaction needs events in descending time order", hint: "put sort 0 -_time before it"
                    )
                }
                previous = time
            }
            add(row, &context)
        }
        for number in all.indices where all[number].isOpen { close(number, .input) }
    }

    private mutating func add(_ row: Int, _ context: inout ExecutionContext) {
        closeExpired(times[row])
        let starts = isStart?[row] ?? false
        let ends = isEnd?[row] ?? false
        let tuple = keys.map { $0[row] }
        let mustShare = !tuple.isEmpty && (starts || ends ? arguments.unifiesEnds : arguments.isConnected)
        var found = candidate(tuple, mustShare: mustShare)
        if let number = found, ends, !(starts && all[number].hasEnd) {
            close(number, .displaced)
            found = nil
        }
        if let number = found, exceedsLimit(all[number], times[row]) {
            close(number, .limit)
            found = nil
        }
        if found == nil, !tuple.isEmpty, tuple.allSatisfy({ $0 < 0 }), !(ends && !mustShare) {
            results.append(Result(events: [row], isClosed: false, matchedFields: 0, isOrphan: true))
            return
        }
        let number = found ?? begin(tuple)
        use(number, row, tuple)
        if ends { all[number].hasEnd = true }
        if starts {
            all[number].hasStart = true
            close(number, .start)
        } else if all[number].events.count >= maximumEvents {
            if arguments.maximumEvents == nil {
                context.warn(
                    "W328", "a transaction has \(maximumEvents) events, the next ones begin another",
                    hint: "write maxevents=-1 for no limit")
            }
            close(number, .limit)
        }
        evict(&context)
    }

    /// The open transaction, used last, that the event fits.
    private func candidate(_ tuple: [Int32], mustShare: Bool) -> Int? {
        var best: Int?
        let isFull = tuple.allSatisfy { $0 >= 0 }
        if isFull { best = full[tuple] }
        func consider(_ number: Int) {
            let keys = all[number].keys
            var shares = false
            for (own, other) in zip(keys, tuple) where own >= 0 && other >= 0 {
                guard own == other else { return }
                shares = true
            }
            if mustShare && !shares { return }
            if let known = best, all[known].stamp > all[number].stamp { return }
            best = number
        }
        let rest = isFull ? partial : open
        let shared = mustShare ? tuple.indices.compactMap { sharing[$0][tuple[$0]] } : []
        if mustShare, shared.reduce(0, { $0 + $1.count }) < rest.count {
            for numbers in shared { for number in numbers { consider(number) } }
        } else {
            for number in rest { consider(number) }
        }
        return best
    }

    private mutating func begin(_ tuple: [Int32]) -> Int {
        let number = all.count
        all.append(Transaction(keys: [Int32](repeating: -1, count: tuple.count)))
        open.insert(number)
        partial.insert(number)
        openings.append(number, stamp: 0)
        return number
    }

    private mutating func use(_ number: Int, _ row: Int, _ tuple: [Int32]) {
        stamp += 1
        all[number].events.append(row)
        all[number].stamp = stamp
        for (field, key) in tuple.enumerated() where key >= 0 {
            if all[number].keys[field] < 0 { sharing[field][key, default: []].insert(number) }
            all[number].keys[field] = key
            all[number].matchedFields += 1
        }
        if let time = times[row] {
            all[number].newest = max(all[number].newest ?? time, time)
            all[number].last = time
        }
        if !all[number].isFull, all[number].keys.allSatisfy({ $0 >= 0 }) {
            all[number].isFull = true
            partial.remove(number)
            full[all[number].keys] = number
        }
        openEvents += 1
        uses.append(number, stamp: stamp)
    }

    private mutating func close(_ number: Int, _ ending: Ending) {
        let transaction = all[number]
        all[number].isOpen = false
        all[number].events = []
        openEvents -= transaction.events.count
        open.remove(number)
        partial.remove(number)
        if full[transaction.keys] == number { full[transaction.keys] = nil }
        for (field, key) in transaction.keys.enumerated() where key >= 0 {
            sharing[field][key]?.remove(number)
            if sharing[field][key]?.isEmpty == true { sharing[field][key] = nil }
        }
        let lacksMarker =
            isStart != nil && (!transaction.hasStart || (isEnd != nil && !transaction.hasEnd))
        if ending != .memory, isStart != nil, isEnd != nil, !transaction.hasStart, !transaction.hasEnd {
            // Neither its first nor its last event was seen: the events belong to nothing.
            for event in transaction.events {
                results.append(Result(events: [event], isClosed: false, matchedFields: 0, isOrphan: true))
            }
            return
        }
        let isEvicted = ending == .memory || lacksMarker
        if isEvicted, !arguments.keepsEvicted { return }
        results.append(
            Result(
                events: transaction.events, isClosed: !isEvicted && (ending == .limit || ending == .start),
                matchedFields: transaction.matchedFields, isOrphan: false))
    }

    // MARK: Limits

    private func exceedsLimit(_ transaction: Transaction, _ time: Double?) -> Bool {
        guard let time else { return false }
        if let span = arguments.maximumSpan, let newest = transaction.newest, newest - time > span { return true }
        if let pause = arguments.maximumPause, let last = transaction.last, last - time > pause { return true }
        return false
    }

    /// Whatever comes is at this time or before: transactions that cannot take it are over.
    private mutating func closeExpired(_ time: Double?) {
        guard let time else { return }
        if arguments.maximumPause != nil {
            while let (number, stamp) = uses.first, isVoid(number, stamp) || exceedsLimit(all[number], time) {
                uses.removeFirst()
                if !isVoid(number, stamp) { close(number, .limit) }
            }
        }
        if arguments.maximumSpan != nil {
            while let (number, _) = openings.first, !all[number].isOpen || exceedsLimit(all[number], time) {
                openings.removeFirst()
                if all[number].isOpen { close(number, .limit) }
            }
        }
    }

    private mutating func evict(_ context: inout ExecutionContext) {
        while open.count > maximumOpen || openEvents > maximumOpenEvents, let (number, stamp) = uses.first {
            uses.removeFirst()
            if isVoid(number, stamp) { continue }
            close(number, .memory)
            context.warn(
                "W328", "transaction evicts transactions that are open, there are too many",
                hint: "set maxspan or maxpause, or raise maxopentxn and maxopenevents")
        }
    }

    private func isVoid(_ number: Int, _ stamp: Int) -> Bool { !all[number].isOpen || all[number].stamp != stamp }

    private static func numbers(_ column: Column?, _ rowCount: Int) -> [Int32] {
        guard let column else { return [Int32](repeating: -1, count: rowCount) }
        var known: [Text: Int32] = [:]
        let numbers = column.values.map { value -> Int32 in
            guard let text = value.printed else { return -1 }
            if let number = known[text] { return number }
            let number = Int32(known.count)
            known[text] = number
            return number
        }
        return column.ids.map { numbers[Int($0)] }
    }

    private struct Queue {
        private var entries: [(number: Int, stamp: Int)] = []
        private var head = 0

        var first: (number: Int, stamp: Int)? { head < entries.count ? entries[head] : nil }
        mutating func append(_ number: Int, stamp: Int) { entries.append((number, stamp)) }
        mutating func removeFirst() { head += 1 }
    }
}
