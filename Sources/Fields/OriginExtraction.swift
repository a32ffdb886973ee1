import Columns
import Formats
import SPL
import Search

/// Everything that the add-ons say about events of one origin, compiled.
struct OriginExtraction: Sendable {
    let timestamps: TimestampRules
    let steps: [FieldStep]
    let keyValueMode: FieldRules.KeyValueMode
    let annotatesPunct: Bool

    init(_ addons: AddonSet, _ origin: EventOrigin, _ context: CompileContext, _ problems: inout ProblemList) {
        let settings = OriginSettings(
            props: addons.props.stanzas, sourcetype: origin.sourcetype, source: origin.source, host: origin.host)
        self.init(settings, addons, origin, context, &problems)
    }

    /// - Parameter origin: nil checks the settings of one stanza, whatever event they are for.
    init(
        _ settings: OriginSettings, _ addons: AddonSet, _ origin: EventOrigin?, _ context: CompileContext,
        _ problems: inout ProblemList
    ) {
        timestamps = TimestampRules(settings, zones: addons.zones, &problems)
        annotatesPunct = settings["ANNOTATE_PUNCT"].flatMap { splunkBoolean($0.text) } ?? true
        let rules = FieldRules(settings, transforms: addons.transforms, &problems)
        keyValueMode = rules.keyValueMode
        var steps: [FieldStep] = []
        for extract in rules.extracts {
            if let extraction = PatternExtraction(extract, &problems) { steps.append(.extract(extraction)) }
        }
        for report in rules.reports {
            if case .pattern(let pattern, let format) = report.shape {
                if let extraction = PatternExtraction(report, pattern: pattern, format: format, &problems) {
                    steps.append(.extract(extraction))
                }
            } else {
                steps.append(.delimited(DelimitedExtraction(report)))
            }
        }
        steps.append(.keyValues(rules.keyValueMode))
        steps += rules.aliases.map { .alias($0) }
        let evals = rules.evals.compactMap { Self.eval($0, context, &problems) }
        if !evals.isEmpty { steps.append(.evals(evals)) }
        for lookup in rules.lookups {
            if let compiled = Self.lookup(lookup, addons, &problems) { steps.append(.lookup(compiled)) }
        }
        if let origin {
            steps.append(
                .eventtypes(
                    EventTypeRules.compile(addons.eventtypes, origin: origin, context: context, &problems)))
            let tags = TagRules(addons.tags, &problems)
            if !tags.isEmpty { steps.append(.tags(tags)) }
        }
        self.steps = steps
    }

    private static func eval(
        _ eval: FieldRules.Eval, _ context: CompileContext, _ problems: inout ProblemList
    ) -> CompiledEval? {
        do {
            let expression = try CompiledExpression(EvalExpression.parse(eval.text), context: context)
            guard !expression.isBoolean else {
                problems.add(
                    "E454", eval.place, "EVAL-\(eval.field) gives true or false, which no field can hold",
                    hint: "write if(..., \"true\", \"false\")")
                return nil
            }
            return CompiledEval(field: eval.field, expression: expression)
        } catch {
            problems.add("E454", eval.place, "EVAL-\(eval.field): \(error.message)", hint: error.hint)
            return nil
        }
    }

    private static func lookup(
        _ lookup: FieldRules.Lookup, _ addons: AddonSet, _ problems: inout ProblemList
    ) -> CompiledLookup? {
        let rule = lookup.rule
        let definition: LookupDefinition
        if let stanza = addons.transforms.stanza(rule.table) {
            guard let read = LookupDefinition(stanza, &problems) else { return nil }
            definition = read
        } else {
            definition = LookupDefinition(filename: rule.table)
        }
        guard let csv = addons.tables[definition.filename] else {
            problems.add(
                "E455", lookup.place, "lookup table '\(shortened(definition.filename))' is not there",
                hint: "put the CSV file into the lookups directory of an add-on")
            return nil
        }
        let inputs = rule.inputs.map(\.original)
        let outputs = rule.outputs ?? csv.names.filter { !inputs.contains($0) }.map { NamePair(original: $0, alias: $0) }
        var missing: String?
        guard
            let table = LookupTable(
                definition, csv: csv, inputs: inputs, outputs: outputs.map(\.original), missing: &missing)
        else {
            problems.add(
                "E455", lookup.place,
                "lookup table '\(shortened(definition.filename))' has no column '\(shortened(missing ?? ""))'",
                hint: "its columns are \(shortened(csv.names.joined(separator: ", ")))")
            return nil
        }
        return CompiledLookup(
            table: table, inputFields: rule.inputs.map(\.alias), outputFields: outputs.map(\.alias),
            keepsExisting: rule.keepsExisting)
    }
}
