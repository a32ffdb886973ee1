import Columns
import SPL

extension CompiledSearch {
    /// The plan as text: the source and what it is told, then a line a command, then the result. For `--explain`.
    public var explanation: String {
        var lines = ["search: \(text)"]
        switch source {
        case .rows:
            lines.append("source: rows given by the caller")
        case .events(let request):
            lines.append("source: events of the inputs")
            lines.append(contentsOf: rangeLines(request.times))
            for clause in request.clauses {
                let words = clause.alternatives.map { "\($0.field)~'\($0.literal)'" }
                lines.append("  literals: \(words.joined(separator: " or "))")
            }
        case .stored(let request):
            lines.append("source: stored index \(request.indexes.joined(separator: ", "))")
            lines.append(contentsOf: rangeLines(request.times))
            if let objects = request.normalizedRiskObjects {
                lines.append("  normalized_risk_object in: \(objects.sorted().joined(separator: ", "))")
            }
            if let objects = request.riskObjects {
                lines.append("  risk_object in: \(objects.sorted().joined(separator: ", "))")
            }
        }
        lines.append("  fields: \(fieldText)")
        for (number, command) in commands.enumerated() { lines.append("\(number + 1). \(command.explanation)") }
        lines.append("columns: \(schema.names.joined(separator: ", "))\(schema.isOpen ? " and more" : "")")
        lines.append(
            "row key: \(rowKey.map { $0.isEmpty ? "none, one row" : $0.joined(separator: ", ") } ?? "whole row")")
        lines.append("order: \(dependsOnOrder ? "newest event first" : "does not matter")")
        if readsEvents, !isPlain, let plan = split() { lines.append(plan.explanation) }
        for policy in policies { lines.append("policy: \(policy.rawValue)") }
        for search in commands.flatMap(\.subsearches) {
            let inner = search.explanation.split(separator: "\n").map { "  \($0)" }
            lines.append("sub" + (inner.first.map { String($0.dropFirst(2)) } ?? ""))
            lines += inner.dropFirst().filter { !$0.hasPrefix("  policy:") && !$0.hasPrefix("  split:") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func rangeLines(_ times: SourceTimes) -> [String] {
        guard times.earliest != nil || times.latest != nil else { return [] }
        return ["  time: \(times.earliestText ?? "as given") <= _time < \(times.latestText ?? "as given")"]
    }

    private var fieldText: String {
        if needed.isAll { return "all" }
        let names = (needed.names.union(needed.patterns)).sorted()
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// The open choices that this search and its subsearches depend on, by name (docs/decisions/0002).
    public var policies: [Policy] {
        var seen: Set<Policy> = []
        return searchesOfTree.flatMap { $0.commands.flatMap(\.policies) }.filter { seen.insert($0).inserted }
    }
}
