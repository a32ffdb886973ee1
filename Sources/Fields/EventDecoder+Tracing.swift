public import Columns
import Formats
public import Search

// Decoding that also tells who made what. It runs step by step over all rows, not row by row, and compares the columns
// before and after each step; what the events get is the same.

/// Who gave fields their values, over the rows of one batch.
public struct FieldTrace: Sendable {
    private var makers: [FieldMaker] = []
    private var numbers: [FieldMaker: Int32] = [:]
    /// Per field and row a number of `makers`, -1 for none.
    private var makerOfRow: [String: [Int32]] = [:]
    /// Fields of several values, each with a maker of its own.
    private var shares: [String: [FieldMaker: Int]] = [:]

    /// The makers of a field, each with the number of rows whose value it made, in no order.
    public func makers(of field: String) -> [(maker: FieldMaker, rowCount: Int)] {
        if let share = shares[field] { return share.map { ($0.key, $0.value) } }
        var counts = [Int](repeating: 0, count: makers.count)
        for number in makerOfRow[field] ?? [] where number >= 0 { counts[Int(number)] += 1 }
        return counts.indices.filter { counts[$0] > 0 }.map { (makers[$0], counts[$0]) }
    }

    /// The rows of `field` that differ between two states of a batch are the maker's.
    fileprivate mutating func note(_ maker: FieldMaker, _ field: String, from before: Column?, to after: Column?) {
        guard let after else {
            makerOfRow[field] = nil
            return
        }
        let number = number(of: maker)
        var rows = makerOfRow[field] ?? [Int32](repeating: -1, count: after.rowCount)
        for row in rows.indices {
            let value = after[row]
            if value.isNull {
                rows[row] = -1
            } else if rows[row] < 0 || before.map({ $0[row] != value }) ?? true {
                rows[row] = number
            }
        }
        makerOfRow[field] = rows
    }

    /// The maker's is what `isFilled` says and nobody's yet.
    fileprivate mutating func claim(_ maker: FieldMaker, _ field: String, rowCount: Int, _ isFilled: (Int) -> Bool) {
        let number = number(of: maker)
        var rows = makerOfRow[field] ?? [Int32](repeating: -1, count: rowCount)
        for row in rows.indices where rows[row] < 0 && isFilled(row) { rows[row] = number }
        makerOfRow[field] = rows
    }

    fileprivate mutating func share(_ maker: FieldMaker, _ field: String) {
        shares[field, default: [:]][maker, default: 0] += 1
    }

    private mutating func number(of maker: FieldMaker) -> Int32 {
        if let known = numbers[maker] { return known }
        let number = Int32(makers.count)
        numbers[maker] = number
        makers.append(maker)
        return number
    }
}

extension EventDecoder {
    /// As ``decode(_:rows:)``, with who made what.
    public func decodeTracing(
        _ events: EventBatch, rows: [Int]
    ) throws(SearchError) -> (batch: Batch, trace: FieldTrace) {
        var trace = FieldTrace()
        let parsed = needsParsedTimes ? rows.map { parsedTime(events, $0) } : []
        var batch = givenFields(events, rows, parsed)
        for name in batch.names {
            if name == "_time" {
                trace.claim(.envelope, name, rowCount: rows.count) { events.envelopeTime(of: rows[$0]) != nil }
            } else if !DefaultFields.origin.contains(name), name != "_raw" {
                trace.note(.envelope, name, from: nil, to: batch.column(name))
            }
            trace.note(.defaultField, name, from: batch.column(name), to: batch.column(name))
        }
        let rawSteps = plan.steps.prefix { $0.readsText }
        extractRaw(rawSteps, events, rows, &batch, &trace)
        var before = batch
        setDateFields(&batch, parsed)
        setTextFields(&batch, events, rows)
        let defaults = DefaultFields.date.union(DefaultFields.position).union(DefaultFields.text)
        for name in batch.names where defaults.contains(name) {
            trace.note(.defaultField, name, from: before.column(name), to: batch.column(name))
        }
        for step in plan.steps.dropFirst(rawSteps.count) {
            before = batch
            try run(step, &batch)
            note(step, before, batch, &trace)
        }
        return (result(batch), trace)
    }

    private func extractRaw(
        _ steps: ArraySlice<FieldStep>, _ events: EventBatch, _ rows: [Int], _ batch: inout Batch,
        _ trace: inout FieldTrace
    ) {
        var fields = ExtractedFields(wanted: plan.base, reserved: DefaultFields.reserved)
        var columnOfName: [Int] = []
        startBatch()
        for step in steps {
            for (index, row) in rows.enumerated() {
                extract(step, events, row, index: index, to: &fields, &columnOfName, batch)
            }
            guard let maker = step.maker else { continue }
            let outputs = step.outputs.map { Set($0) }
            for (column, name) in fields.names.enumerated() where outputs?.contains(name) ?? true {
                trace.claim(maker, name, rowCount: rows.count) { fields.has(column, row: $0) }
            }
        }
        add(fields, to: &batch)
    }

    private func note(_ step: FieldStep, _ before: Batch, _ after: Batch, _ trace: inout FieldTrace) {
        switch step {
        case .indexedJSON, .table, .extract, .delimited, .keyValues: return
        case .alias, .lookup:
            guard let maker = step.maker, let outputs = step.outputs else { return }
            for name in outputs { trace.note(maker, name, from: before.column(name), to: after.column(name)) }
        case .evals(let evals):
            for eval in evals {
                trace.note(
                    .line(eval.line), eval.field, from: before.column(eval.field), to: after.column(eval.field))
            }
        case .eventtypes(let types):
            let lines = Dictionary(types.map { (Value.text($0.name), $0.line) }) { first, _ in first }
            forEachValue(after.column("eventtype")) { value in
                if let line = lines[value] { trace.share(.line(line), "eventtype") }
            }
        case .tags(let tags):
            for field in tags.fields {
                forEachValue(after.column(field)) { value in
                    guard let line = tags.line(field: field, value: value) else { return }
                    trace.share(.line(line), "tag")
                    trace.share(.line(line), "tag::" + field)
                }
            }
        }
    }

    private func forEachValue(_ column: Column?, _ body: (Value) -> Void) {
        guard let column else { return }
        for row in 0..<column.rowCount {
            for value in column[row].elements where !value.isNull { body(value) }
        }
    }
}

extension FieldStep {
    /// Nil for steps that are several lines.
    fileprivate var maker: FieldMaker? {
        switch self {
        case .indexedJSON, .table: .indexedExtractions
        case .extract(let extraction): .line(extraction.line)
        case .delimited(let extraction): .line(extraction.line)
        case .keyValues(.json): .keyValues(mode: "json")
        case .keyValues(.automatic): .keyValues(mode: "auto")
        case .keyValues(.xml): .keyValues(mode: "xml")
        case .keyValues(.table): .keyValues(mode: "multi")
        case .keyValues(.none): nil
        case .alias(_, let line), .lookup(_, let line): .line(line)
        case .evals, .eventtypes, .tags: nil
        }
    }
}
