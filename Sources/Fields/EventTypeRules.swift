import Columns
import Formats
import SPL
import Search

// eventtypes.conf: named searches that an event satisfies or not. Source: Admin Manual 9.3, eventtypes.conf.

enum EventTypeRules {
    private static let maximumCount = 10_000

    /// The event types that an event of this origin can have, in ASCII order of their names.
    static func compile(
        _ layers: ConfLayers, _ tags: TagRules, origin: EventOrigin?, context: CompileContext,
        _ problems: inout ProblemList
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
                var inlining = EventTypeInlining(all: parsed, tags: tags)
                var inlined = try inlining.inline(expression, path: [stanza.name])
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
