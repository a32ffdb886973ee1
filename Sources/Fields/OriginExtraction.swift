import Columns
import Formats
import SPL
import Search

/// What the settings of props.conf say about an event, compiled: its timestamp and the steps up to the lookups.
struct OriginExtraction: Sendable {
    let timestamps: TimestampRules
    let indexed: IndexedFormat?
    let steps: [FieldStep]
    let keyValueMode: FieldRules.KeyValueMode
    let annotatesPunct: Bool
    /// All names that the steps can write besides raw fields; nil when only the event tells.
    let madeFields: Set<String>?

    init(
        _ settings: OriginSettings, _ addons: AddonSet, _ context: CompileContext, _ problems: inout ProblemList
    ) {
        timestamps = TimestampRules(settings, zones: addons.zones, &problems)
        annotatesPunct = settings.flag("ANNOTATE_PUNCT", &problems) ?? true
        indexed = IndexedFormat(settings, &problems)
        let rules = FieldRules(settings, transforms: addons.transforms, &problems)
        keyValueMode = rules.keyValueMode
        var steps: [FieldStep] = []
        for extract in rules.extracts {
            if let extraction = PatternExtraction(extract, &problems) { steps.append(.extract(extraction)) }
        }
        for report in rules.reports {
            if case .pattern(let pattern, let format) = report.rule.shape {
                if let extraction = PatternExtraction(report, pattern: pattern, format: format, &problems) {
                    steps.append(.extract(extraction))
                }
            } else {
                steps.append(.delimited(DelimitedExtraction(report)))
            }
        }
        steps.append(.keyValues(rules.keyValueMode))
        steps += rules.aliases.map { .alias($0.pair, $0.line) }
        let evals = rules.evals.compactMap { Self.eval($0, context, &problems) }
        if !evals.isEmpty { steps.append(.evals(evals)) }
        for lookup in rules.lookups {
            if let compiled = Self.lookup(lookup, addons, &problems) {
                steps.append(.lookup(compiled, lookup.line))
            }
        }
        self.steps = steps
        madeFields = Self.madeFields(steps)
    }

    /// What runs before ``steps``: the extraction that belongs to indexing.
    var indexedSteps: [FieldStep] {
        switch indexed {
        case .json(let trimsBraces, _): [.indexedJSON(trimsBraces: trimsBraces)]
        case .table(let rules): [.table(rules)]
        case nil: []
        }
    }

    /// Whether a value of a field that the text itself names stands in the text as it is, wherever it is needed to find
    /// events by their words: XML may write a letter as `&#65;`.
    var ownNamesArePlain: Bool {
        if indexed != nil { return true }
        switch keyValueMode {
        case .none, .xml: return false
        case .automatic, .json, .table: return true
        }
    }

    private static func madeFields(_ steps: [FieldStep]) -> Set<String>? {
        var made: Set<String> = []
        for step in steps {
            if case .keyValues(let mode) = step {
                if case .xml = mode { return nil }
                continue
            }
            guard let outputs = step.outputs else { return nil }
            made.formUnion(outputs)
        }
        return made
    }

    private static func eval(
        _ eval: FieldRules.Eval, _ context: CompileContext, _ problems: inout ProblemList
    ) -> CompiledEval? {
        do {
            let compiled = try CompiledEval(eval, context: context)
            guard !compiled.expression.isBoolean else {
                problems.add(
                    "E454", eval.place, "EVAL-\(eval.field) gives true or false, which no field can hold",
                    hint: "write if(..., \"true\", \"false\")")
                return nil
            }
            return compiled
        } catch {
            problems.add("E454", eval.place, "EVAL-\(eval.field): \(error.message)", hint: error.hint)
            return nil
        }
    }

    private static func lookup(
        _ lookup: FieldRules.Lookup, _ addons: AddonSet, _ problems: inout ProblemList
    ) -> CompiledLookup? {
        let rule = lookup.rule
        let transform: LookupTransform
        if let stanza = addons.transforms.stanza(rule.table) {
            guard let read = LookupTransform(stanza, &problems) else { return nil }
            transform = read
        } else {
            transform = LookupTransform(name: rule.table, store: .file(rule.table))
        }
        guard case .file(let name) = transform.store else {
            problems.add(
                "E451", lookup.place, "lookup '\(shortened(rule.table))' is no CSV file, so it adds nothing to events",
                hint: "use it in a search with the lookup command")
            return nil
        }
        guard let file = addons.tables[name]?.file else {
            problems.add(
                "E455", lookup.place, "lookup table '\(shortened(name))' is not there",
                hint: "put the CSV file into the lookups directory of an add-on")
            return nil
        }
        // Lists that nobody has filled are in every event's way otherwise.
        if file.csv.rows.rowCount == 0, transform.minimumMatches == 0, file.csv.problems.isEmpty { return nil }
        func pairs(_ names: [NamePair]) -> [CompiledLookup.Pair] {
            names.map { CompiledLookup.Pair(column: $0.original, field: $0.alias) }
        }
        do {
            var compiled = try CompiledLookup(
                transform, file: file, inputs: pairs(rule.inputs), outputs: rule.outputs.map(pairs),
                keepsExisting: rule.keepsExisting)
            compiled.keepsFieldsApart = true
            return compiled
        } catch {
            problems.add(
                "E455", lookup.place,
                "lookup table '\(shortened(name))' has no column '\(shortened(error.name))'",
                hint: "its columns are \(shortened(file.csv.names.joined(separator: ", ")))")
            return nil
        }
    }
}
