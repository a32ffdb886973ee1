import Columns
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

    private struct State {
        var patterns: PropsPatterns?
        var tags: (TagRules, [AddonProblem])?
        var extractions: [Key: (OriginExtraction, [AddonProblem])] = [:]
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

    func tags(_ addons: AddonSet) -> (rules: TagRules, problems: [AddonProblem]) {
        state.withLock { state in
            if let known = state.tags { return known }
            var problems = ProblemList()
            let made = TagRules(addons.tags, &problems)
            state.tags = (made, problems.problems)
            return (made, problems.problems)
        }
    }

    /// - Parameter context: only for checks; no expression's result depends on it before it runs.
    func extraction(
        _ addons: AddonSet, _ origin: EventOrigin, _ context: CompileContext
    ) -> (extraction: OriginExtraction, problems: [AddonProblem]) {
        let matching = patterns(addons).matching(
            sourcetype: origin.sourcetype, source: origin.source, host: origin.host)
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
