import Columns

// The steps that read the text, row by row.

extension EventDecoder {
    /// Runs the steps that read the text, row by row.
    func extractRaw(
        _ steps: ArraySlice<FieldStep>, _ events: EventBatch, _ rows: [Int], _ batch: inout Batch
    ) {
        guard !steps.isEmpty else { return }
        var fields = ExtractedFields(wanted: plan.base, reserved: DefaultFields.reserved)
        var columnOfName: [Int] = []
        startBatch()
        for (index, row) in rows.enumerated() {
            for step in steps { extract(step, events, row, index: index, to: &fields, &columnOfName, batch) }
        }
        add(fields, to: &batch)
    }

    /// Before the rows of a batch are read.
    func startBatch() {
        json?.reset()
        table?.reset()
    }

    /// One step that reads the text, over one row.
    func extract(
        _ step: FieldStep, _ events: EventBatch, _ row: Int, index: Int, to fields: inout ExtractedFields,
        _ columnOfName: inout [Int], _ batch: Batch
    ) {
        let text = events.text(of: row)
        switch step {
        case .indexedJSON(let trimsBraces):
            json?.apply(text, row: index, trimsBraces: trimsBraces, to: &fields, columnOfName: &columnOfName)
        case .table:
            table?.apply(text, header: events.header(of: row), row: index, to: &fields)
        case .extract(let extraction):
            withSource(extraction.sourceField, text, index, &fields, batch) {
                extraction.apply($0, row: index, to: &$1)
            }
        case .delimited(let extraction):
            withSource(extraction.sourceField, text, index, &fields, batch) {
                extraction.apply($0, row: index, to: &$1)
            }
        case .keyValues(let mode):
            if readsJSONAtSearch { json?.apply(text, row: index, to: &fields, columnOfName: &columnOfName) }
            switch mode {
            case .automatic(let pairs): KeyValueFields.addPairs(text, pairs, row: index, to: &fields)
            case .xml: KeyValueFields.addXML(text, row: index, to: &fields)
            case .table: KeyValueFields.addTables(text, row: index, to: &fields)
            case .json, .none: break
            }
        default: return
        }
    }

    /// What came with an event stays.
    func add(_ fields: consuming ExtractedFields, to batch: inout Batch) {
        for (name, column) in fields.finish(rowCount: batch.rowCount) {
            batch.set(name, batch.column(name).map { Self.filling($0, from: column) } ?? column)
        }
    }

    /// Hands `body` the text of a source field: of `_raw`, of an earlier extraction, or of a default field.
    private func withSource(
        _ name: String, _ raw: UnsafeRawBufferPointer, _ row: Int, _ fields: inout ExtractedFields, _ batch: Batch,
        _ body: (UnsafeRawBufferPointer, inout ExtractedFields) -> Void
    ) {
        if name == "_raw" { return body(raw, &fields) }
        guard let bytes = fields.text(name, row: row) ?? batch[name, row].printed?.bytes else { return }
        bytes.withUnsafeBytes { body($0, &fields) }
    }

    /// Where `first` is null, `second`.
    static func filling(_ first: Column, from second: Column) -> Column {
        var builder = ColumnBuilder()
        for row in 0..<first.rowCount {
            let value = first[row]
            builder.append(value.isNull ? second[row] : value)
        }
        return builder.finish()
    }
}
