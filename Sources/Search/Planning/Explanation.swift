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
            lines.append(contentsOf: rangeLines(request.range))
            for clause in request.clauses {
                let words = clause.alternatives.map { "\($0.field)~'\($0.literal)'" }
                lines.append("  literals: \(words.joined(separator: " or "))")
            }
        case .stored(let request):
            lines.append("source: stored index \(request.indexes.joined(separator: ", "))")
            lines.append(contentsOf: rangeLines(request.range))
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
        for policy in policies { lines.append("policy: \(policy)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func rangeLines(_ range: TimeRange) -> [String] {
        guard range.earliest != nil || range.latest != nil else { return [] }
        func text(_ bound: Int64?) -> String { bound.map { NumberText.print(Double($0) / 1_000_000) } ?? "open" }
        return ["  time: \(text(range.earliest)) <= _time < \(text(range.latest))"]
    }

    private var fieldText: String {
        if needed.isAll { return "all" }
        let names = (needed.names.union(needed.patterns)).sorted()
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// The open choices that this search depends on, by name (docs/decisions/0002).
    private var policies: [String] {
        var policies: [String] = []
        for command in commands {
            switch command {
            case let stats as StatsCommand where !stats.keys.isEmpty:
                policies += ["null-by-key-drops-row", "multivalue-by-key-splits-row", "rows-ascend-by-key"]
            case is RenameCommand: policies.append("rename-per-row")
            case is WhereCommand: policies.append("null-comparison-is-not-true")
            default: break
            }
        }
        var seen: Set<String> = []
        return policies.filter { seen.insert($0).inserted }
    }
}
