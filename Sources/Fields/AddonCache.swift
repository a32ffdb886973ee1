import Columns
import SPL
import Search
import Synchronization

// A directory of logs has one origin a file, and a run has one decoder an origin, search and thread: what they share is
// compiled once. Kept per AddonSet value and thrown away when a layer is added.

/// Compiled rules by the settings that an origin gets.
final class AddonCache: Sendable {
    private struct Key: Hashable {
        /// The stanzas that apply, in order of precedence.
        var stanzas: [String]
    }

    /// What the compiled event types of an origin depend on besides the add-ons.
    private struct EventTypeKey: Hashable {
        var sourcetype: String
        var index: String
    }

    private struct State {
        var patterns: PropsPatterns?
        var tags: (TagRules, [AddonProblem])?
        var stanzas: [EventOrigin: [ConfLayers.Stanza]] = [:]
        var extractions: [Key: (OriginExtraction, [AddonProblem])] = [:]
        var indexing: [Key: IndexTimeRules?] = [:]
        /// Of every origin, and what was wrong with them.
        var inlinedTypes: ([EventTypeRules.Inlined], [AddonProblem])?
        var eventTypes: [EventTypeKey: ([CompiledEventType], [AddonProblem])] = [:]
        /// Those that the event types were compiled with.
        var macros = MacroTable([])
        var nowMicroseconds: Int64 = 0
    }

    private let state = Mutex(State())
    private static let capacity = 1_000

    func patterns(_ addons: AddonSet) -> PropsPatterns {
        state.withLock { state in
            if let known = state.patterns { return known }
            let made = PropsPatterns(addons.props.stanzas)
            state.patterns = made
            return made
        }
    }

    /// The stanzas that apply to an origin, in order of precedence.
    private func stanzas(_ addons: AddonSet, _ origin: EventOrigin) -> [ConfLayers.Stanza] {
        if let known = state.withLock({ $0.stanzas[origin] }) { return known }
        let matching = patterns(addons).matching(
            sourcetype: origin.sourcetype, source: origin.source, host: origin.host)
        state.withLock { state in
            if state.stanzas.count >= Self.capacity { state.stanzas.removeAll() }
            state.stanzas[origin] = matching
        }
        return matching
    }

    func settings(_ addons: AddonSet, _ origin: EventOrigin) -> OriginSettings {
        OriginSettings(stanzas(addons, origin))
    }

    /// The index-time rules of an origin; nil where it has none.
    func indexing(_ addons: AddonSet, _ origin: EventOrigin) -> IndexTimeRules? {
        let matching = stanzas(addons, origin)
        let key = Key(stanzas: matching.map(\.name))
        if let known = state.withLock({ $0.indexing[key] }) { return known }
        var problems = ProblemList()
        let rules = IndexTimeRules(OriginSettings(matching), addons, &problems)
        let made = rules.isEmpty ? nil : rules
        state.withLock { state in
            if state.indexing.count >= Self.capacity { state.indexing.removeAll() }
            state.indexing[key] = .some(made)
        }
        return made
    }

    /// - Parameter origin: as searches see it.
    func eventTypes(
        _ addons: AddonSet, _ origin: EventOrigin, _ context: CompileContext
    ) -> (types: [CompiledEventType], problems: [AddonProblem]) {
        let key = EventTypeKey(sourcetype: origin.sourcetype, index: origin.index)
        let environment = context.environment
        let (known, inlined) = state.withLock { state in
            if state.macros != environment.macros || state.nowMicroseconds != environment.nowMicroseconds {
                state.inlinedTypes = nil
                state.eventTypes.removeAll()
                state.macros = environment.macros
                state.nowMicroseconds = environment.nowMicroseconds
            }
            return (state.eventTypes[key], state.inlinedTypes)
        }
        if let known { return known }
        var problems = ProblemList()
        let types: [EventTypeRules.Inlined]
        if let inlined {
            types = inlined.0
            for problem in inlined.1 { problems.add(problem) }
        } else {
            types = EventTypeRules.inlined(addons.eventtypes, tags(addons).rules, macros: environment.macros, &problems)
        }
        let foundInAll = problems.problems
        let made = EventTypeRules.compile(types, origin: origin, context: context, &problems)
        state.withLock { state in
            guard state.macros == environment.macros, state.nowMicroseconds == environment.nowMicroseconds else {
                return
            }
            if state.eventTypes.count >= Self.capacity { state.eventTypes.removeAll() }
            state.inlinedTypes = (types, foundInAll)
            state.eventTypes[key] = (made, problems.problems)
        }
        return (made, problems.problems)
    }

    func tags(_ addons: AddonSet) -> (rules: TagRules, problems: [AddonProblem]) {
        state.withLock { state in
            if let known = state.tags { return known }
            var problems = ProblemList()
            let made = TagRules(addons.tags, eventtypes: addons.eventtypes, &problems)
            state.tags = (made, problems.problems)
            return (made, problems.problems)
        }
    }

    /// - Parameter context: only for checks; no expression's result depends on it before it runs.
    func extraction(
        _ addons: AddonSet, _ origin: EventOrigin, _ context: CompileContext
    ) -> (extraction: OriginExtraction, problems: [AddonProblem]) {
        let matching = stanzas(addons, origin)
        let key = Key(stanzas: matching.map(\.name))
        if let known = state.withLock({ $0.extractions[key] }) { return known }
        var problems = ProblemList()
        let made = OriginExtraction(OriginSettings(matching), addons, context, &problems)
        state.withLock { state in
            if state.extractions.count >= Self.capacity { state.extractions.removeAll() }
            state.extractions[key] = (made, problems.problems)
        }
        return (made, problems.problems)
    }
}
