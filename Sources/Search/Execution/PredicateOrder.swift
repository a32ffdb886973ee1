import Matching

// What is cheap and lets few rows through comes first; all others then look at what is left. A predicate has no effect but
// its answer, so that the order shows in nothing else. The figures are rough: from the form of a test, not from data.

/// What one row costs, in comparisons of a short literal, and the share of rows that pass.
private struct PredicateCost {
    var cost: Double
    var passing: Double

    /// Work for each row that is got rid of.
    var rank: Double { cost / max(1 - passing, 1e-3) }
}

extension CompiledPredicate.Node {
    /// The same test with the parts of each `AND` and `OR` in the order of their rank; ties keep the order of the text.
    var ordered: CompiledPredicate.Node {
        switch self {
        case .and(let nodes): .and(Self.sorted(nodes.map(\.ordered)) { $0.rank })
        case .or(let nodes): .or(Self.sorted(nodes.map(\.ordered)) { $0.cost / max($0.passing, 1e-3) })
        case .not(let node): .not(node.ordered)
        default: self
        }
    }

    private static func sorted(
        _ nodes: [CompiledPredicate.Node], by rank: (PredicateCost) -> Double
    ) -> [CompiledPredicate.Node] {
        let ranks = nodes.map { rank($0.cost) }
        return nodes.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { nodes[$0] }
    }

    private var cost: PredicateCost {
        switch self {
        case .all: return PredicateCost(cost: 0, passing: 1)
        case .and(let nodes):
            return nodes.reduce(PredicateCost(cost: 0, passing: 1)) { sum, node in
                let own = node.cost
                return PredicateCost(cost: sum.cost + sum.passing * own.cost, passing: sum.passing * own.passing)
            }
        case .or(let nodes):
            return nodes.reduce(PredicateCost(cost: 0, passing: 0)) { sum, node in
                let own = node.cost
                let left = 1 - sum.passing
                return PredicateCost(cost: sum.cost + left * own.cost, passing: 1 - left * (1 - own.passing))
            }
        case .not(let node):
            let own = node.cost
            return PredicateCost(cost: own.cost, passing: 1 - own.passing)
        case .field(_, let test): return test.cost
        case .raw: return PredicateCost(cost: 60, passing: 0.1)
        case .time: return PredicateCost(cost: 2, passing: 0.5)
        }
    }
}

extension ValueTest {
    fileprivate var cost: PredicateCost {
        switch self {
        case .exists: PredicateCost(cost: 0.5, passing: 0.8)
        case .never: PredicateCost(cost: 0.1, passing: 0)
        case .matches(let patterns):
            PredicateCost(
                cost: patterns.reduce(0) { $0 + $1.cost }, passing: min(0.5, 0.05 * Double(patterns.count)))
        case .differs(let pattern): PredicateCost(cost: pattern.cost, passing: 0.9)
        case .inside, .insideOrEqual: PredicateCost(cost: 3, passing: 0.1)
        case .outside: PredicateCost(cost: 3, passing: 0.9)
        case .ordered: PredicateCost(cost: 3, passing: 0.5)
        }
    }
}

extension WildcardPattern {
    fileprivate var cost: Double { isLiteral ? 1 : 4 }
}
