public import Columns
public import Formats
public import SPL
public import Search

/// Turns the texts of one origin's events into columns: the fields that a search needs, and no others.
///
/// The steps are Splunk's, in Splunk's order: EXTRACT, REPORT, KV_MODE, FIELDALIAS, EVAL, LOOKUP, eventtypes, tags. Which
/// of them run, and which raw names are looked at, follows from the needed fields.
/// Source: Splunk Knowledge Manager Manual 9.3, "The sequence of search-time operations".
///
/// Not Sendable: one per thread, and origin, and search.
public final class EventDecoder {
    let origin: EventOrigin
    private let needed: FieldSet
    let zone: TimeZoneRules
    let extraction: OriginExtraction
    let plan: FieldPlan
    let context: ExecutionContext
    private let json: JSONFields?
    /// Rules of this origin that are left out because they cannot be run.
    public let problems: [AddonProblem]

    /// - Parameter needed: the fields that the search reads. `_time` comes always.
    /// - Parameter zone: of timestamps that name none, where the sourcetype has no `TZ`.
    /// - Throws: nothing today; a rule that cannot be run is in ``problems`` and its field is missing.
    public init(
        addons: AddonSet, origin: EventOrigin, needed: FieldSet, zone: TimeZoneRules,
        search environment: SearchEnvironment
    ) throws(SearchError) {
        let compileContext = CompileContext(environment: environment)
        let (extraction, found) = addons.cache.extraction(addons, origin, compileContext)
        var problems = ProblemList()
        let (tags, foundInTags) = addons.cache.tags(addons)
        for problem in found + foundInTags { problems.add(problem) }
        var steps = extraction.steps
        if needed.contains("eventtype") || tags.outputs.contains(where: { needed.contains($0) }) {
            steps.append(
                .eventtypes(
                    EventTypeRules.compile(addons.eventtypes, origin: origin, context: compileContext, &problems)))
            steps.append(.tags(tags))
        }
        self.origin = origin
        self.needed = needed
        self.zone = zone
        self.extraction = extraction
        plan = FieldPlan(steps: steps, needed: needed)
        context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds, zone: environment.zone)
        let readsJSON =
            switch extraction.keyValueMode {
            case .json: true
            case .automatic(let pairs): pairs.readsJSON
            case .none, .xml, .table: false
            }
        json = readsJSON && plan.readsText ? JSONFields(wanted: plan.base.without(DefaultFields.reserved)) : nil
        self.problems = problems.problems
    }

    /// The fields of `rows`, one row each in that order: `_time` (epoch seconds, null where neither envelope nor text
    /// tells), then the needed fields that occur, by name.
    ///
    /// All events must be of this decoder's origin.
    public func decode(_ events: EventBatch, rows: [Int]) throws(SearchError) -> Batch {
        var batch = Batch(rowCount: rows.count)
        let parsed = needsParsedTimes ? rows.map { parsedTime(events, $0) } : []
        batch.set("_time", timeColumn(events, rows, parsed))
        if plan.base.contains("_raw") {
            batch.set("_raw", Column(rows.map { .text(Text(events.text(of: $0))) }))
        }
        setOrigin(&batch)
        setEnvelopeFields(&batch, events, rows)
        var steps = plan.steps[...]
        extractRaw(&steps, events, rows, &batch)
        setDateFields(&batch, parsed)
        setTextFields(&batch, events, rows)
        for step in steps { try run(step, &batch) }
        return result(batch)
    }

    /// The event times of `rows` alone: UTC microseconds, nil where neither envelope nor text tells.
    public func times(_ events: EventBatch, rows: [Int]) -> [Int64?] {
        rows.map { row in events.envelopeTime(of: row) ?? parsedTime(events, row)?.microseconds }
    }

    /// Tells of a field name whether it is a raw field that nothing in the add-ons of this sourcetype can make or change.
    ///
    /// Then an event that satisfies `field=literal` holds the literal in its text: where the field is a JSON string, as
    /// long as the text has no backslash escape, since `\u0041` is an A. Envelope fields are not covered either.
    public static func plainFields(_ addons: AddonSet, _ origin: EventOrigin) -> @Sendable (String) -> Bool {
        let context = CompileContext(environment: SearchEnvironment(nowMicroseconds: 0))
        let extraction = addons.cache.extraction(addons, origin, context).extraction
        if case .none = extraction.keyValueMode { return { _ in false } }
        guard let made = extraction.madeFields else { return { _ in false } }
        return { name in
            !made.contains(name) && !DefaultFields.all.contains(name) && !name.hasPrefix("tag::")
                && !name.hasPrefix("_")
        }
    }

    /// Runs the steps that read the text, row by row, and takes them off `steps`.
    private func extractRaw(
        _ steps: inout ArraySlice<FieldStep>, _ events: EventBatch, _ rows: [Int], _ batch: inout Batch
    ) {
        let rawSteps = steps.prefix { $0.readsText }
        steps = steps.dropFirst(rawSteps.count)
        guard !rawSteps.isEmpty else { return }
        var fields = ExtractedFields(wanted: plan.base, reserved: DefaultFields.reserved)
        var columnOfName: [Int] = []
        json?.reset()
        for (index, row) in rows.enumerated() {
            let text = events.text(of: row)
            for step in rawSteps {
                switch step {
                case .extract(let extraction):
                    withSource(extraction.sourceField, text, index, &fields, batch) {
                        extraction.apply($0, row: index, to: &$1)
                    }
                case .delimited(let extraction):
                    withSource(extraction.sourceField, text, index, &fields, batch) {
                        extraction.apply($0, row: index, to: &$1)
                    }
                case .keyValues(let mode):
                    json?.apply(text, row: index, to: &fields, columnOfName: &columnOfName)
                    switch mode {
                    case .automatic(let pairs): KeyValueFields.addPairs(text, pairs, row: index, to: &fields)
                    case .xml: KeyValueFields.addXML(text, row: index, to: &fields)
                    case .table: KeyValueFields.addTables(text, row: index, to: &fields)
                    case .json, .none: break
                    }
                default: continue
                }
            }
        }
        for (name, column) in fields.finish(rowCount: rows.count) {
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

    private func run(_ step: FieldStep, _ batch: inout Batch) throws(SearchError) {
        switch step {
        case .extract, .delimited, .keyValues:
            return
        case .alias(let pair):
            guard let original = batch.column(pair.original) else {
                // AS with no original removes the alias; ASNEW leaves it alone.
                if !pair.keepsExisting { batch.remove(pair.alias) }
                return
            }
            guard pair.keepsExisting, let existing = batch.column(pair.alias) else {
                batch.set(pair.alias, original)
                return
            }
            batch.set(pair.alias, Self.filling(existing, from: original))
        case .evals(let evals):
            try EvalStep.apply(evals, to: &batch, context)
        case .lookup(let lookup):
            // Most events of an origin lack the fields of most of its lookups.
            if lookup.inputs.allSatisfy({ batch.contains($0.field) }) { lookup.apply(to: &batch) }
        case .eventtypes(let types):
            EventTypeRules.apply(types, to: &batch)
        case .tags(let tags):
            tags.apply(to: &batch)
        }
    }

    private func result(_ batch: Batch) -> Batch {
        var result = Batch(rowCount: batch.rowCount)
        if let time = batch.column("_time") { result.set("_time", time) }
        for name in batch.names.sorted(by: { asciiCompare($0, $1) < 0 }) where name != "_time" {
            guard needed.contains(name), let column = batch.column(name), column.hasValues else { continue }
            result.set(name, column)
        }
        return result
    }
}
