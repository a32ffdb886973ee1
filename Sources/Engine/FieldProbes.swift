import Columns
import Content
import SPL
import Search

// What content could read: for each dataset, and for each distinct set of terms on where events come from, which events
// it accepts and which of its fields they must fill. Hundreds of detections share a few dozen of these.

struct FieldProbes: Sendable {
    struct Probe: Sendable {
        /// `Endpoint.Processes`; nil for terms over events.
        var dataset: String?
        var predicate: CompiledPredicate
        /// Of a dataset: its search, whose further commands calculate fields.
        var calculations: CompiledSearch?
        /// Sorted.
        var fields: [String]
    }

    struct Rule: Sendable {
        var name: String
        var file: String
        var uses: [(probe: Int, fields: [ReadField])]
    }

    private(set) var probes: [Probe] = []
    private(set) var rules: [Rule] = []
    private(set) var unboundRules: [String] = []
    private(set) var uncompiledRuleCount = 0
    private var datasets: [String: Int] = [:]
    private var terms: [String: Int] = [:]

    init(_ content: LoadedContent, _ environment: SearchEnvironment) {
        for model in content.dataModels {
            for dataset in model.datasets { addDataset(dataset.name, model, environment) }
        }
        for detection in content.selectedDetections([]) {
            do {
                try add(detection, environment)
            } catch {
                uncompiledRuleCount += 1
            }
        }
        for probe in probes.indices { probes[probe].fields = Array(Set(probes[probe].fields)).sorted() }
    }

    /// A dataset that does not compile, or is not made of events (Risk), accepts none; `content check` tells of the former.
    private mutating func addDataset(_ name: String, _ model: DataModelDefinition, _ environment: SearchEnvironment) {
        let dataset = "\(model.name).\(name)"
        let text = "| from datamodel:\(SearchLiteral.quoted(dataset))"
        guard let expanded = try? ExpandedSearch.expand(text, macros: environment.macros),
            let search = try? CompiledSearch.compile(expanded, environment: environment),
            case .events(let request) = search.source
        else { return }
        datasets[dataset] = probes.count
        probes.append(
            Probe(
                dataset: dataset, predicate: request.predicate, calculations: search,
                fields: model.fieldNames(of: name)))
    }

    private mutating func add(_ detection: Detection, _ environment: SearchEnvironment) throws(RuleProblem) {
        let rule = detection.ruleSearch
        let (search, expanded) = try rule.compile(environment)
        var uses: [(probe: Int, fields: [ReadField])] = []
        var readsEvents = false
        for inner in search.searchesOfTree {
            let scope: SourceScope
            do throws(Diagnostic) {
                scope = try inner.scope(environment)
            } catch {
                throw rule.problem(error, in: expanded)
            }
            switch scope {
            case .nothing: continue
            case .anything: break
            case .dataset(let use):
                if let probe = datasets[use.name] { uses.append((probe, use.fields.map { ReadField($0) })) }
            case .events(let key, let predicate, let fields):
                let probe = terms[key] ?? probes.count
                if probe == probes.count {
                    terms[key] = probe
                    probes.append(Probe(predicate: predicate, fields: []))
                }
                probes[probe].fields += fields.flatMap(\.sources)
                uses.append((probe, fields))
            }
            readsEvents = true
        }
        guard readsEvents else { return }
        if uses.isEmpty { unboundRules.append(detection.name) }
        rules.append(Rule(name: detection.name, file: detection.file, uses: uses))
    }
}
