import Columns
import SPL

/// Puts what they stand for in the place of the terms of an event type's search that name event types and tags: both are
/// known only when all event types are.
struct EventTypeInlining {
    /// Event types may name event types; deeper than this, or in a circle, they are refused.
    private static let maximumDepth = 16
    private static let maximumExpansions = 1_000

    private static let tooMany = Diagnostic(
        "E456", "event types refer to each other, or to tagged values, too deeply or too often")

    private let all: [String: SearchExpression]
    private let names: [String]
    private let tags: TagRules
    private var budget = maximumExpansions

    init(all: [String: SearchExpression], tags: TagRules) {
        self.all = all
        names = all.keys.sorted { asciiCompare($0, $1) < 0 }
        self.tags = tags
    }

    /// The search of an event type, written out; nil where there is no such type.
    mutating func search(of name: String) throws(Diagnostic) -> SearchExpression? {
        guard let expression = all[name] else { return nil }
        budget = Self.maximumExpansions
        return try inline(expression, path: [name])
    }

    /// - Parameter path: the event types that led here, the outermost first.
    private mutating func inline(
        _ expression: SearchExpression, path: [String]
    ) throws(Diagnostic) -> SearchExpression {
        budget -= 1
        guard path.count <= Self.maximumDepth, budget > 0 else { throw Self.tooMany }
        switch expression {
        case .and(let terms):
            return .and(try inline(terms, path))
        case .or(let terms):
            return .or(try inline(terms, path))
        case .not(let term, let span):
            return .not(try inline(term, path: path), span)
        case .comparison(let field, operator: .equal, value: let literal, let span) where isInlined(field):
            return try meaning(field, [literal], path, span)
        case .comparison(let field, operator: .notEqual, value: let literal, let span) where isInlined(field):
            return .not(try meaning(field, [literal], path, span), span)
        case .inList(let field, values: let literals, let span) where isInlined(field):
            return try meaning(field, literals, path, span)
        default:
            return expression
        }
    }

    private mutating func inline(
        _ terms: [SearchExpression], _ path: [String]
    ) throws(Diagnostic) -> [SearchExpression] {
        var inlined: [SearchExpression] = []
        for term in terms { inlined.append(try inline(term, path: path)) }
        return inlined
    }

    private func isInlined(_ field: String) -> Bool {
        field == "eventtype" || field == "tag" || field.hasPrefix("tag::")
    }

    private mutating func meaning(
        _ field: String, _ literals: [SearchLiteral], _ path: [String], _ span: Span
    ) throws(Diagnostic) -> SearchExpression {
        let alternatives =
            field == "eventtype"
            ? try named(literals, path, span)
            : try tagged(literals, field == "tag" ? nil : String(field.dropFirst("tag::".count)), path, span)
        return alternatives.isEmpty ? .not(.all, span) : .or(alternatives)
    }

    private mutating func named(
        _ literals: [SearchLiteral], _ path: [String], _ span: Span
    ) throws(Diagnostic) -> [SearchExpression] {
        var alternatives: [SearchExpression] = []
        for name in names where literals.contains(where: { FieldSet.matches($0.text, name) }) {
            if path.contains(name) {
                // A wildcard that happens to cover the type itself says nothing about it.
                if !literals.contains(where: { $0.text == name }) { continue }
                throw Diagnostic(
                    "E456", "event type refers to itself through '\(name)'", span: span,
                    hint: "remove eventtype=\(name) from one of them")
            }
            guard let expression = all[name] else { continue }
            alternatives.append(try inline(expression, path: path + [name]))
        }
        return alternatives
    }

    private mutating func tagged(
        _ literals: [SearchLiteral], _ field: String?, _ path: [String], _ span: Span
    ) throws(Diagnostic) -> [SearchExpression] {
        var alternatives: [SearchExpression] = []
        for literal in literals {
            for (field, value) in tags.values(of: literal.text, field: field) {
                let value = SearchLiteral(value, isQuoted: true)
                if field == "eventtype" {
                    alternatives += try named([value], path, span)
                } else {
                    budget -= 1
                    guard budget > 0 else { throw Self.tooMany }
                    alternatives.append(.comparison(field: field, operator: .equal, value: value, span))
                }
            }
        }
        return alternatives
    }
}
