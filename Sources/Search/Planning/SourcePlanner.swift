import Columns
import SPL

/// Reads off the leading filters of a pipeline what its source can use.
struct SourcePlanner {
    let environment: SearchEnvironment

    /// - Parameter commands: expanded; the first is a search.
    func plan(_ commands: [any Command]) throws(Diagnostic) -> SourcePlan {
        guard let first = commands.first as? SearchCommand else { return .rows }
        let terms = try leadingTerms(commands)
        if let indexes = storedIndexes(terms) {
            return .stored(
                StoredRequest(
                    indexes: indexes, times: try SourceTimes(terms),
                    normalizedRiskObjects: values(of: "normalized_risk_object", in: terms),
                    riskObjects: values(of: "risk_object", in: terms)))
        }
        let own = first.expression.conjuncts.filter { $0.subsearches.isEmpty }
        let context = CompileContext(environment: environment)
        var originTerms: [CompiledPredicate] = []
        var eventTerms: [SearchExpression] = []
        for term in own {
            if case .timeModifier = term { continue }
            let predicate = try CompiledPredicate(term, context: context)
            if predicate.fields.names.isSubset(of: ["sourcetype", "source", "host", "index"]) {
                originTerms.append(predicate)
            } else {
                eventTerms.append(term)
            }
        }
        return .events(
            EventRequest(
                predicate: first.predicate, times: try SourceTimes(own), clauses: eventTerms.compactMap(clause),
                originTerms: originTerms))
    }

    /// The conjuncts of all searches that stand before the first command which changes rows; a term on a field that
    /// an eval in between assigns is left out.
    private func leadingTerms(_ commands: [any Command]) throws(Diagnostic) -> [SearchExpression] {
        var terms: [SearchExpression] = []
        var assigned: Set<String> = []
        loop: for command in commands {
            switch command {
            case let search as SearchCommand:
                terms += search.expression.conjuncts.filter { term in
                    Self.field(of: term).map { !assigned.contains($0) } ?? true
                }
            case let eval as EvalCommand where !eval.hasTemplates:
                assigned.formUnion(eval.targets)
            default:
                break loop
            }
        }
        return terms
    }

    private static func field(of term: SearchExpression) -> String? {
        switch term {
        case .comparison(let field, _, _, _), .inList(let field, _, _): field
        default: nil
        }
    }

    /// The stored indexes that the terms pin the search to; nil when it reads the inputs.
    private func storedIndexes(_ terms: [SearchExpression]) -> [String]? {
        for term in terms {
            guard let names = literals(of: "index", in: term), !names.isEmpty else { continue }
            let lowered = Set(names.map { $0.lowercased() })
            if lowered.isSubset(of: ["risk", "notable"]) { return lowered.sorted() }
        }
        return nil
    }

    /// Values that pin `field`: from `=`, `IN`, or an OR of these; nil where one of them holds a wildcard.
    private func values(of field: String, in terms: [SearchExpression]) -> [String]? {
        for term in terms {
            if let values = literals(of: field, in: term), !values.contains(where: { $0.contains("*") }) {
                return values
            }
        }
        return nil
    }

    private func literals(of field: String, in term: SearchExpression) -> [String]? {
        switch term {
        case .comparison(field, .equal, let literal, _): return [literal.text]
        case .inList(field, let values, _): return values.map(\.text)
        case .or(let alternatives):
            var all: [String] = []
            for alternative in alternatives {
                guard let values = literals(of: field, in: alternative) else { return nil }
                all += values
            }
            return all
        default: return nil
        }
    }

    private func clause(_ term: SearchExpression) -> LiteralClause? {
        switch term {
        case .comparison(let field, .equal, let literal, _):
            return longestRun(literal.text).map {
                LiteralClause(alternatives: [LiteralClause.Alternative(field: field, literal: $0)])
            }
        case .inList(let field, let values, _):
            var alternatives: [LiteralClause.Alternative] = []
            for value in values {
                guard let run = longestRun(value.text) else { return nil }
                alternatives.append(LiteralClause.Alternative(field: field, literal: run))
            }
            return LiteralClause(alternatives: alternatives)
        case .or(let terms):
            var alternatives: [LiteralClause.Alternative] = []
            for term in terms {
                guard let inner = clause(term) else { return nil }
                alternatives += inner.alternatives
            }
            return LiteralClause(alternatives: alternatives)
        default:
            return nil
        }
    }

    /// Only characters which no text format escapes and which fold to themselves bytewise: ASCII letters, digits and
    /// a few marks. CIDR blocks and wildcard-only values have no such run.
    private func longestRun(_ text: String) -> String? {
        if text.contains("/"), text.utf8.allSatisfy({ isAddressByte($0) }) { return nil }
        var best: [UInt8] = []
        var run: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                run.append(byte)
                if run.count > best.count { best = run }
            } else {
                run = []
            }
        }
        return best.count >= 2 ? String(decoding: best, as: UTF8.self) : nil
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
        default: false
        }
    }

    private func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66, UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"): true
        default: false
        }
    }
}
