import Columns
import Formats
import SPL
import Search

// eventtypes.conf: named searches that an event satisfies or not. Source: Admin Manual 9.3, eventtypes.conf.

enum EventTypeRules {
    private static let maximumCount = 10_000

    /// An event type whose search names no other one and no tag any more.
    struct Inlined: Sendable {
        var name: String
        var priority: Int
        var search: SearchExpression
        var place: ConfValue
    }

    /// All event types, in the order in which `eventtype` lists them: by priority, then by name.
    static func inlined(
        _ layers: ConfLayers, _ tags: TagRules, macros: MacroTable, _ problems: inout ProblemList
    ) -> [Inlined] {
        var parsed: [String: SearchExpression] = [:]
        var stanzas: [ConfLayers.Stanza] = []
        for stanza in layers.stanzas.prefix(maximumCount) where stanza.name != "default" {
            if let flag = stanza["disabled"], ConfFile.boolean(flag.text) == true { continue }
            guard let search = stanza["search"] else {
                problems.add("E456", stanza.place, "event type '\(stanza.name)' has no search")
                continue
            }
            do {
                let text = try ExpandedSearch.expand(search.text, macros: macros).text
                parsed[stanza.name] = try SearchExpression.parse(text)
                stanzas.append(stanza)
            } catch {
                problems.add("E456", search, "event type '\(stanza.name)': \(error.message)", hint: error.hint)
            }
        }
        var inlining = EventTypeInlining(all: parsed, tags: tags)
        var types: [Inlined] = []
        for stanza in stanzas {
            do {
                guard let search = try inlining.search(of: stanza.name) else { continue }
                let priority = stanza["priority"].flatMap { Int($0.text) } ?? 1
                types.append(Inlined(name: stanza.name, priority: priority, search: search, place: stanza.place))
            } catch {
                problems.add("E456", stanza.place, "event type '\(stanza.name)': \(error.message)", hint: error.hint)
            }
        }
        return types.enumerated().sorted { left, right in
            left.element.priority != right.element.priority
                ? left.element.priority < right.element.priority : left.offset < right.offset
        }.map(\.element)
    }

    /// Those that an event of this origin can have; of any origin where there is none.
    static func compile(
        _ types: [Inlined], origin: EventOrigin?, context: CompileContext, _ problems: inout ProblemList
    ) -> [CompiledEventType] {
        var compiled: [CompiledEventType] = []
        for type in types {
            var search = type.search
            if let origin {
                search = fold(search, origin)
                if case .not(.all, _) = search { continue }
            }
            do {
                compiled.append(
                    CompiledEventType(
                        name: type.name, line: AddonLine(type.place, name: "[\(type.name)]"),
                        predicate: try CompiledPredicate(search, context: context)))
            } catch {
                problems.add("E456", type.place, "event type '\(type.name)': \(error.message)", hint: error.hint)
            }
        }
        return compiled
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
