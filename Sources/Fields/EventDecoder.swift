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
    /// As searches see it.
    let origin: EventOrigin
    /// As it was read: index-time settings are of this name, and `_sourcetype` tells it.
    let indexedSourcetype: String
    let needed: FieldSet
    let zone: TimeZoneRules
    let indexing: OriginExtraction
    let plan: FieldPlan
    let context: ExecutionContext
    let json: JSONFields?
    let readsJSONAtSearch: Bool
    let table: TableFields?
    let timestampJSON: JSONFlattener?
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
        let (indexing, found) = addons.cache.extraction(addons, origin, compileContext)
        let shown = addons.searchOrigin(of: origin)
        let (extraction, foundLater) =
            shown == origin ? (indexing, []) : addons.cache.extraction(addons, shown, compileContext)
        var problems = ProblemList()
        let (tags, foundInTags) = addons.cache.tags(addons)
        for problem in found + foundLater + foundInTags { problems.add(problem) }
        var steps = indexing.indexedSteps + extraction.steps
        if needed.contains("eventtype") || tags.outputs.contains(where: { needed.contains($0) }) {
            let (types, foundInTypes) = addons.cache.eventTypes(addons, shown, compileContext)
            for problem in foundInTypes { problems.add(problem) }
            steps.append(.eventtypes(types))
            steps.append(.tags(tags))
        }
        self.origin = shown
        indexedSourcetype = origin.sourcetype
        self.needed = needed
        self.zone = zone
        self.indexing = indexing
        plan = FieldPlan(steps: steps, needed: needed)
        context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds, zone: environment.zone)
        var wanted = plan.base
        var isIndexedJSON = false
        var timestampFields: [String] = []
        if case .json(let trimsBraces, let fields) = indexing.indexed {
            isIndexedJSON = true
            timestampFields = fields
            if trimsBraces { wanted = .all }
        }
        // Splunk reads JSON twice where both settings say so, and each value comes out double; here it does not.
        readsJSONAtSearch =
            switch extraction.keyValueMode {
            case .json: !isIndexedJSON
            case .automatic(let pairs): pairs.readsJSON && !isIndexedJSON
            case .none, .xml, .table: false
            }
        let readsJSON = plan.readsOwnNames && (isIndexedJSON || readsJSONAtSearch)
        json = readsJSON ? JSONFields(wanted: wanted) : nil
        if case .table(let rules) = indexing.indexed {
            table = TableFields(rules, wanted: plan.base)
        } else {
            table = nil
        }
        timestampJSON =
            timestampFields.isEmpty ? nil : JSONFlattener(wanted: FieldSet(names: Set(timestampFields)))
        self.problems = problems.problems
    }

    /// The fields of `rows`, one row each in that order: `_time` (epoch seconds, null where neither envelope nor text
    /// tells), then the needed fields that occur, by name.
    ///
    /// All events must be of this decoder's origin.
    public func decode(_ events: EventBatch, rows: [Int]) throws(SearchError) -> Batch {
        let parsed = needsParsedTimes ? rows.map { parsedTime(events, $0) } : []
        var batch = givenFields(events, rows, parsed)
        let rawSteps = plan.steps.prefix { $0.readsText }
        extractRaw(rawSteps, events, rows, &batch)
        setDateFields(&batch, parsed)
        setTextFields(&batch, events, rows)
        for step in plan.steps.dropFirst(rawSteps.count) { try run(step, &batch) }
        return result(batch)
    }

    /// What an event has before any rule reads it.
    func givenFields(_ events: EventBatch, _ rows: [Int], _ parsed: [ParsedTime?]) -> Batch {
        var batch = Batch(rowCount: rows.count)
        batch.set("_time", timeColumn(events, rows, parsed))
        if plan.base.contains("_raw") {
            batch.set("_raw", Column(rows.map { .text(Text(events.text(of: $0))) }))
        }
        setOrigin(&batch)
        setEnvelopeFields(&batch, events, rows)
        return batch
    }

    /// The event times of `rows` alone: UTC microseconds, nil where neither envelope nor text tells.
    public func times(_ events: EventBatch, rows: [Int]) -> [Int64?] {
        rows.map { row in time(of: row, events) { parsedTime(events, row) } }
    }

    /// Tells of a field name whether it is a raw field that nothing in the add-ons of this sourcetype can make or change.
    ///
    /// Then an event that satisfies `field=literal` holds the literal in its text: where the field is a JSON string, as
    /// long as the text has no backslash escape, since `\u0041` is an A. Envelope fields are not covered either.
    public static func plainFields(_ addons: AddonSet, _ origin: EventOrigin) -> @Sendable (String) -> Bool {
        let context = CompileContext(environment: SearchEnvironment(nowMicroseconds: 0))
        let indexing = addons.cache.extraction(addons, origin, context).extraction
        let shown = addons.searchOrigin(of: origin)
        let extraction = shown == origin ? indexing : addons.cache.extraction(addons, shown, context).extraction
        guard indexing.ownNamesArePlain || extraction.ownNamesArePlain else { return { _ in false } }
        guard let made = extraction.madeFields else { return { _ in false } }
        return { name in
            !made.contains(name) && !DefaultFields.all.contains(name) && !name.hasPrefix("tag::")
                && !name.hasPrefix("_")
        }
    }

    func run(_ step: FieldStep, _ batch: inout Batch) throws(SearchError) {
        switch step {
        case .indexedJSON, .table, .extract, .delimited, .keyValues:
            return
        case .alias(let pair, _):
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
        case .lookup(let lookup, _):
            // Most events of an origin lack the fields of most of its lookups.
            if lookup.inputs.allSatisfy({ batch.contains($0.field) }) { lookup.apply(to: &batch) }
        case .eventtypes(let types):
            EventTypeRules.apply(types, to: &batch)
        case .tags(let tags):
            tags.apply(to: &batch)
        }
    }

    func result(_ batch: Batch) -> Batch {
        var result = Batch(rowCount: batch.rowCount)
        if let time = batch.column("_time") { result.set("_time", time) }
        for name in batch.names.sorted(by: { asciiCompare($0, $1) < 0 }) where name != "_time" {
            guard needed.contains(name), let column = batch.column(name), column.hasValues else { continue }
            result.set(name, column)
        }
        return result
    }
}
