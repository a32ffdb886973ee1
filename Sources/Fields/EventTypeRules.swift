import Columns
import Formats
import SPL
import Search

// eventtypes.conf: named searches that an event satisfies or not. Source: Admin Manual 9.3, eventtypes.conf.

enum EventTypeRules {
    /// Event types may name event types; deeper than this, or in a circle, they are refused.
    private static let maximumDepth = 16
    private static let maximumCount = 10_000
    private static let maximumExpansions = 1_000

    /// The event types that an event of this origin can have, in ASCII order of their names.
    static func compile(
        _ layers: ConfLayers, origin: EventOrigin?, context: CompileContext, _ problems: inout ProblemList
    ) -> [CompiledEventType] {
        var parsed: [String: SearchExpression] = [:]
        var stanzas: [ConfLayers.Stanza] = []
        for stanza in layers.stanzas.prefix(maximumCount) where stanza.name != "default" {
            if let flag = stanza["disabled"], ConfFile.boolean(flag.text) == true { continue }
            guard let search = stanza["search"] else {
                problems.add("E456", stanza.place, "event type '\(stanza.name)' has no search")
                continue
            }
            do {
                let text = try ExpandedSearch.expand(search.text, macros: context.environment.macros).text
                parsed[stanza.name] = try SearchExpression.parse(text)
                stanzas.append(stanza)
            } catch {
                problems.add("E456", search, "event type '\(stanza.name)': \(error.message)", hint: error.hint)
            }
        }
        var types: [CompiledEventType] = []
        for stanza in stanzas {
            guard let expression = parsed[stanza.name] else { continue }
            do {
                var budget = maximumExpansions
                var inlined = try inline(expression, parsed, path: [stanza.name], &budget)
                if let origin {
                    inlined = fold(inlined, origin)
                    if case .not(.all, _) = inlined { continue }
                }
                let predicate = try CompiledPredicate(inlined, context: context)
                let priority = stanza["priority"].flatMap { Int($0.text) } ?? 1
                types.append(
                    CompiledEventType(
                        name: stanza.name, priority: priority,
                        line: AddonLine(stanza.place, name: "[\(stanza.name)]"), predicate: predicate))
            } catch {
                problems.add("E456", stanza.place, "event type '\(stanza.name)': \(error.message)", hint: error.hint)
            }
        }
        return types.enumerated().sorted { left, right in
            left.element.priority != right.element.priority
                ? left.element.priority < right.element.priority : left.offset < right.offset
        }.map(\.element)
    }

    /// Writes `eventtype`: all that hold, in the order given.
    static func apply(_ types: [CompiledEventType], to batch: inout Batch) {
        guard !types.isEmpty, batch.rowCount > 0 else { return }
        var rows = [[Value]](repeating: [], count: batch.rowCount)
        var any = false
        for type in types {
            for (row, holds) in type.predicate.evaluate(batch).enumerated() where holds {
                rows[row].append(.text(type.name))
                any = true
            }
        }
        guard any else { return }
        var builder = ColumnBuilder()
        for values in rows { builder.append(.list(values)) }
        batch.set("eventtype", builder.finish())
    }

    /// Replaces `eventtype=name` by what that event type searches for.
    private static func inline(
        _ expression: SearchExpression, _ all: [String: SearchExpression], path: [String],
        _ budget: inout Int
    ) throws(Diagnostic) -> SearchExpression {
        budget -= 1
        guard path.count <= maximumDepth, budget > 0 else {
            throw Diagnostic("E456", "event types refer to each other too deeply or too often")
        }
        switch expression {
        case .and(let terms):
            return .and(try inline(terms, all, path, &budget))
        case .or(let terms):
            return .or(try inline(terms, all, path, &budget))
        case .not(let term, let span):
            return .not(try inline(term, all, path: path, &budget), span)
        case .comparison(field: "eventtype", operator: .equal, value: let literal, let span):
            return try named([literal], all, path, span, &budget)
        case .comparison(field: "eventtype", operator: .notEqual, value: let literal, let span):
            return .not(try named([literal], all, path, span, &budget), span)
        case .inList(field: "eventtype", values: let literals, let span):
            return try named(literals, all, path, span, &budget)
        default:
            return expression
        }
    }

    private static func inline(
        _ terms: [SearchExpression], _ all: [String: SearchExpression], _ path: [String],
        _ budget: inout Int
    ) throws(Diagnostic) -> [SearchExpression] {
        var inlined: [SearchExpression] = []
        for term in terms { inlined.append(try inline(term, all, path: path, &budget)) }
        return inlined
    }

    private static func named(
        _ literals: [SearchLiteral], _ all: [String: SearchExpression], _ path: [String], _ span: Span,
        _ budget: inout Int
    ) throws(Diagnostic) -> SearchExpression {
        var alternatives: [SearchExpression] = []
        for name in all.keys.sorted(by: { asciiCompare($0, $1) < 0 })
        where literals.contains(where: { FieldSet.matches($0.text, name) }) {
            if path.contains(name) {
                // A wildcard that happens to cover the type itself says nothing about it.
                if !literals.contains(where: { $0.text == name }) { continue }
                throw Diagnostic(
                    "E456", "event type refers to itself through '\(name)'", span: span,
                    hint: "remove eventtype=\(name) from one of them")
            }
            guard let expression = all[name] else { continue }
            alternatives.append(try inline(expression, all, path: path + [name], &budget))
        }
        return alternatives.isEmpty ? .not(.all, span) : .or(alternatives)
    }

    /// Decides the terms that depend on the origin alone, so that types of other sourcetypes cost nothing.
    private static func fold(_ expression: SearchExpression, _ origin: EventOrigin) -> SearchExpression {
        let nothing = SearchExpression.not(.all, Span(0, 0))
        switch expression {
        case .and(let terms):
            let folded = terms.map { fold($0, origin) }
            if folded.contains(nothing) { return nothing }
            let rest = folded.filter { $0 != .all }
            return rest.isEmpty ? .all : .and(rest)
        case .or(let terms):
            let folded = terms.map { fold($0, origin) }
            if folded.contains(.all) { return .all }
            let rest = folded.filter { $0 != nothing }
            return rest.isEmpty ? nothing : .or(rest)
        case .not(let term, let span):
            switch fold(term, origin) {
            case .all: return nothing
            case nothing: return .all
            case let folded: return .not(folded, span)
            }
        case .comparison(let field, operator: .equal, value: let literal, _):
            guard let value = value(field, origin) else { return expression }
            return FieldSet.matches(literal.text.lowercased(), value.lowercased()) ? .all : nothing
        default:
            return expression
        }
    }

    private static func value(_ field: String, _ origin: EventOrigin) -> String? {
        switch field {
        case "sourcetype": origin.sourcetype
        case "index": origin.index
        default: nil
        }
    }
}
