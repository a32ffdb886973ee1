import Columns

/// Makes the rows of `transaction` from its groups of events.
struct TransactionRows {
    let arguments: TransactionArguments
    let events: Batch
    let times: [Double?]

    private static let dateFields: Set<String> = [
        "date_hour", "date_mday", "date_minute", "date_month", "date_second", "date_wday", "date_year", "date_zone",
        "timestamp",
    ]

    private struct Entry {
        /// From the oldest to the newest.
        var events: [Int]
        var result: TransactionGroups.Result
        var time: Double?
    }

    /// By descending `_time`; equal ones in the order of their newest event.
    func batch(_ results: [TransactionGroups.Result]) -> Batch {
        let entries = results.filter { !$0.isOrphan || arguments.keepsOrphans }.map(entry).sorted { left, right in
            let (a, b) = (left.time ?? -.infinity, right.time ?? -.infinity)
            return a == b ? (left.result.events.first ?? 0) < (right.result.events.first ?? 0) : a > b
        }
        var batch = Batch(rowCount: entries.count)
        for (name, column) in zip(events.names, events.columns) {
            if TransactionCommand.madeFields.contains(name) || name == "linecount" { continue }
            batch.set(name, Column(entries.map { value($0, name, column) }))
        }
        func made(_ value: (Entry) -> Value) -> Column {
            Column(entries.map { $0.result.isOrphan ? .null : value($0) })
        }
        batch.set("closed_txn", made { .number($0.result.isClosed ? 1 : 0) })
        batch.set("duration", made { .number(duration($0)) })
        batch.set("eventcount", made { .number(Double($0.events.count)) })
        batch.set("field_match_sum", made { .number(Double($0.result.matchedFields)) })
        batch.set("linecount", Column(entries.map { .number(lineCount($0)) }))
        if arguments.keepsOrphans {
            batch.set("_txn_orphan", Column(entries.map { $0.result.isOrphan ? .number(1) : .null }))
        }
        if let origins = events.origins {
            batch.origins = entries.map { $0.result.events.flatMap { origins[$0] } }
        }
        return batch
    }

    private func entry(_ result: TransactionGroups.Result) -> Entry {
        // The input is newest first: turned round, equal times stand in the order in which they happened.
        let reversed = Array(result.events.reversed())
        let order = reversed.indices.sorted { left, right in
            let (a, b) = (times[reversed[left]] ?? -.infinity, times[reversed[right]] ?? -.infinity)
            return a == b ? left < right : a < b
        }
        return Entry(
            events: order.map { reversed[$0] }, result: result, time: result.events.compactMap { times[$0] }.min())
    }

    private func value(_ entry: Entry, _ name: String, _ column: Column) -> Value {
        if entry.result.isOrphan { return entry.events.first.map { column[$0] } ?? .null }
        if name == "_time" { return entry.time.map { .number($0) } ?? .null }
        if name == "_raw" { return raw(entry, column) }
        if Self.dateFields.contains(name) { return entry.events.first.map { column[$0] } ?? .null }
        return arguments.lists.contains(name) ? list(entry, column) : set(entry, column)
    }

    private func raw(_ entry: Entry, _ column: Column) -> Value {
        let texts = entry.events.map { column[$0] }.filter { !$0.isNull }
        if arguments.isRawList || texts.count < 2 { return .list(texts) }
        return .text(Text(Array(texts.map { $0.printed?.bytes ?? [] }.joined(separator: [UInt8(ascii: "\n")]))))
    }

    /// Each event's values, with the null text where an event has none; null where none has any.
    private func list(_ entry: Entry, _ column: Column) -> Value {
        guard entry.events.contains(where: { !column[$0].isNull }) else { return .null }
        return .list(entry.events.map { column[$0].isNull ? .text(arguments.nullText) : column[$0] })
    }

    private func set(_ entry: Entry, _ column: Column) -> Value {
        var ids: Set<UInt32> = []
        var seen: Set<Text> = []
        var values: [(Text, Value)] = []
        for event in entry.events where ids.insert(column.ids[event]).inserted {
            for element in column[event].elements {
                guard let text = element.printed, seen.insert(text).inserted else { continue }
                values.append((text, element))
            }
        }
        return .list(values.sorted { $0.0 < $1.0 }.map(\.1))
    }

    private func duration(_ entry: Entry) -> Double {
        let times = entry.events.compactMap { self.times[$0] }
        guard let oldest = times.min(), let newest = times.max() else { return 0 }
        // Through microseconds, so that 0.3 - 0.1 is 0.2.
        return ((newest - oldest) * 1_000_000).rounded() / 1_000_000
    }

    /// The events' own `linecount`, else the lines of their texts; an event is at least one line.
    private func lineCount(_ entry: Entry) -> Double {
        let counts = events.column("linecount")
        let raw = events.column("_raw")
        return entry.events.reduce(0) { sum, event in
            if let count = counts?[event].numeric { return sum + count }
            let breaks = raw?[event].printed?.bytes.count { $0 == UInt8(ascii: "\n") } ?? 0
            return sum + Double(breaks + 1)
        }
    }
}
