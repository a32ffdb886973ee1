import Columns
import Search

// The compiled rules of one origin as a list of steps, and the walk back from the fields a search needs to the steps and
// raw names that they need.

/// One operation of the search-time sequence.
enum FieldStep: Sendable {
    /// INDEXED_EXTRACTIONS = json.
    case indexedJSON(trimsBraces: Bool)
    /// INDEXED_EXTRACTIONS of the other kinds.
    case table(TableRules)
    case extract(PatternExtraction)
    case delimited(DelimitedExtraction)
    case keyValues(FieldRules.KeyValueMode)
    case alias(NamePair, AddonLine)
    /// The evals of one origin see the fields before all of them, not each other.
    case evals([CompiledEval])
    case lookup(CompiledLookup, AddonLine)
    case eventtypes([CompiledEventType])
    case tags(TagRules)

    /// INDEXED_EXTRACTIONS, EXTRACT, REPORT and KV_MODE work row by row on the text.
    var readsText: Bool {
        switch self {
        case .indexedJSON, .table, .extract, .delimited, .keyValues: true
        default: false
        }
    }

    /// The fields it can write; nil when only the event tells.
    var outputs: [String]? {
        switch self {
        case .indexedJSON, .table: nil
        case .extract(let extraction): extraction.outputs
        case .delimited(let extraction): extraction.outputs
        case .keyValues(let mode): if case .none = mode { [] } else { nil }
        case .alias(let pair, _): [pair.alias]
        case .evals(let evals): evals.map(\.field)
        case .lookup(let lookup, _): lookup.outputs.map(\.field)
        case .eventtypes: ["eventtype"]
        case .tags(let tags): tags.outputs
        }
    }
}

struct CompiledEventType: Sendable {
    var name: String
    var line: AddonLine
    var predicate: CompiledPredicate
}

/// The steps that a set of needed fields takes.
struct FieldPlan: Sendable {
    var steps: [FieldStep] = []
    /// What raw extraction and the default fields must give.
    var base: FieldSet

    init(steps all: [FieldStep], needed: FieldSet) {
        base = needed
        var kept: [FieldStep] = []
        for step in all.reversed() {
            switch step {
            case .extract(let extraction):
                guard Self.isNeeded(step, base) else { continue }
                base.insert(extraction.sourceField)
                kept.append(step)
            case .delimited(let extraction):
                guard Self.isNeeded(step, base) else { continue }
                base.insert(extraction.sourceField)
                kept.append(step)
            case .indexedJSON, .table, .keyValues:
                if base.mayComeFromText { kept.append(step) }
            case .alias(let pair, _):
                guard base.contains(pair.alias) else { continue }
                base.insert(pair.original)
                kept.append(step)
            case .evals(let evals):
                let wanted = evals.filter { base.contains($0.field) }
                guard !wanted.isEmpty else { continue }
                for eval in wanted { base.formUnion(eval.expression.fields) }
                kept.append(.evals(wanted))
            case .lookup(let lookup, _):
                guard Self.isNeeded(step, base) else { continue }
                for field in lookup.neededFields { base.insert(field) }
                kept.append(step)
            case .eventtypes(let types):
                guard base.contains("eventtype") else { continue }
                for type in types { base.formUnion(type.predicate.fields) }
                kept.append(step)
            case .tags(let tags):
                let wanted = tags.needed(base)
                guard !wanted.fields.isEmpty else { continue }
                for field in wanted.fields { base.insert(field) }
                kept.append(.tags(wanted))
            }
        }
        steps = kept.reversed()
    }

    /// Whether any field can come out of reading the text by its own names.
    var readsOwnNames: Bool {
        steps.contains { step in
            switch step {
            case .indexedJSON, .table, .keyValues: true
            default: false
            }
        }
    }

    private static func isNeeded(_ step: FieldStep, _ needed: FieldSet) -> Bool {
        guard let outputs = step.outputs else { return true }
        return outputs.contains { needed.contains($0) }
    }
}

extension FieldSet {
    func without(_ unwanted: Set<String>) -> FieldSet {
        var copy = self
        copy.names.subtract(unwanted)
        return copy
    }

    /// False where it holds nothing but what every event has besides its text.
    fileprivate var mayComeFromText: Bool {
        isAll || !patterns.isEmpty || !names.subtracting(DefaultFields.reserved).isEmpty
    }
}
