import Columns
import Content
import Formats
import Risk
import RiskIndex
import SPL
import Search

/// A backtest's two sides: which incident rules run, with which macros, and what the stored events are taken for.
struct BacktestPlan {
    struct Side {
        var profile: RiskProfile
        var scoring: ScoringProfile
        /// By name.
        var rules: [IncidentRule]
        var environment: SearchEnvironment
        var edits = RiskEdits()
    }

    static let capMacro = "risk_cap_factor"

    let before: Side
    private(set) var after: Side
    /// Content's factors, and whether they are on after; nil when nothing is said of factors.
    let factors: [FactorTrial.Factor]?
    /// What is changed, a phrase each.
    private(set) var changes: [String] = []
    /// By the id of a rule that takes another's place, the id of that one.
    private var replacedIDs: [String: String] = [:]

    /// - Parameter storedRules: `search_name`s of all stored risk events.
    /// - Throws: `EngineError` E813 for a change that makes no sense or names nothing.
    init(
        _ changes: BacktestChanges, _ content: LoadedContent, profile: RiskProfile, storedRules: [String],
        environment: SearchEnvironment
    ) throws {
        guard !changes.isEmpty else {
            throw BacktestChanges.refusal(
                "nothing is changed, so there is nothing to compare",
                hint: "give --threshold, --set, --cap, --score, --without, --factor, --incident-rule, --enable, "
                    + "--disable or --to-profile")
        }
        before = Side(
            profile: profile, scoring: profile.scoring, rules: content.catalog.incidentRules(of: profile),
            environment: environment)
        after = before
        factors = try Self.factors(changes, content.catalog.riskFactors)
        if let other = changes.profile, other != profile {
            after.profile = other
            after.scoring = other.scoring
            self.changes.append("profile \(other.rawValue)")
        }
        try chooseRules(changes, content.catalog.incidentRules)
        try setMacros(changes)
        try edit(changes, storedRules)
        for trial in factors ?? [] where trial.isOn != trial.factor.isEnabled {
            self.changes.append("factor '\(trial.factor.name)' \(trial.isOn ? "on" : "off")")
        }
        if changes.appliesFactors, changes.factors.isEmpty { self.changes.append("risk factors as they are now") }
    }

    /// One for a rule and what takes its place.
    func key(_ rule: IncidentRule) -> String { replacedIDs[rule.id] ?? rule.id }

    // MARK: Incident rules

    private mutating func chooseRules(_ changes: BacktestChanges, _ all: [IncidentRule]) throws {
        var rules = all
        for new in changes.incidentRules {
            let old = rules.filter { $0.id == new.id || Text($0.name) == Text(new.name) }
            rules.removeAll { old.contains($0) }
            rules.append(running(new))
            if let replaced = (old.first { $0.id == new.id } ?? old.first) {
                if replaced.id != new.id { replacedIDs[new.id] = replacedIDs[replaced.id] ?? replaced.id }
                self.changes.append("incident rule '\(new.name)' from \(new.file)")
            } else {
                self.changes.append("new incident rule '\(new.name)' from \(new.file)")
            }
        }
        for glob in changes.enabled {
            for position in try Self.fitting(glob, rules, option: "--enable") {
                rules[position] = running(rules[position])
                self.changes.append("incident rule '\(rules[position].name)' on")
            }
        }
        var active = rules.filter { $0.isEnabled && $0.profiles.contains(after.profile) }
        for glob in changes.disabled {
            let positions = try Self.fitting(glob, active, option: "--disable")
            for position in positions { self.changes.append("incident rule '\(active[position].name)' off") }
            active = active.indices.filter { !positions.contains($0) }.map { active[$0] }
        }
        after.rules = active.sorted { Text($0.name) < Text($1.name) }
    }

    private func running(_ rule: IncidentRule) -> IncidentRule {
        var rule = rule
        rule.isEnabled = true
        rule.profiles.insert(after.profile)
        return rule
    }

    private static func fitting(_ text: String, _ rules: [IncidentRule], option: String) throws -> [Int] {
        let glob = Glob(text)
        let fitting = rules.indices.filter { glob.matches(rules[$0].name) || glob.matches(rules[$0].searchName) }
        guard !fitting.isEmpty else {
            throw BacktestChanges.refusal(
                "\(option) '\(text)' fits no incident rule" + (option == "--disable" ? " that runs" : ""),
                hint: "there are: " + list(rules.map(\.name)))
        }
        return fitting
    }

    // MARK: Macros

    private mutating func setMacros(_ changes: BacktestChanges) throws {
        var used: Set<String> = []
        for rule in after.rules {
            // What is wrong with a rule is told when it runs.
            let expanded = try? SearchText.expand(rule.search, after.environment)
            used.formUnion(expanded?.expandedMacros ?? [])
        }
        for macro in changes.macros {
            let old = after.environment.macros.lookup(name: macro.name, argumentCount: macro.arguments.count)
            guard used.contains(macro.name), old != nil else {
                throw BacktestChanges.refusal(
                    "no incident rule of profile \(after.profile.rawValue) uses the macro '\(macro.name)'"
                        + (macro.arguments.isEmpty ? "" : " with \(macro.arguments.count) arguments"),
                    hint: "they use: " + Self.list(used.sorted()))
            }
            define(macro)
        }
        switch changes.cap {
        case nil: return
        case .factor(let factor):
            after.scoring.capFactor = factor
            try setCap(NumberText.print(factor), used)
        case .off:
            after.scoring.capFactor = nil
            // Far above what any number of events adds up to.
            try setCap("1000000000", used)
        }
    }

    private mutating func setCap(_ text: String, _ used: Set<String>) throws {
        guard used.contains(Self.capMacro) else {
            throw BacktestChanges.refusal(
                "no incident rule of profile \(after.profile.rawValue) caps a rule's score",
                hint: "--to-profile recommended or --enable a rule that does, such as 'Capped*'")
        }
        define(MacroDefinition(name: Self.capMacro, definition: text))
    }

    private mutating func define(_ macro: MacroDefinition) {
        let old = after.environment.macros.lookup(name: macro.name, argumentCount: macro.arguments.count)
        after.environment.macros.define(macro)
        changes.append("\(macro.name) = \(macro.definition)" + (old.map { ", was \($0.definition)" } ?? ""))
    }

    // MARK: Events

    private mutating func edit(_ changes: BacktestChanges, _ storedRules: [String]) throws {
        var scores: [Text: RiskEdits.Score] = [:]
        var removed: Set<Text> = []
        for (glob, score) in changes.scores {
            let names = try Self.stored(glob, storedRules, option: "--score")
            for name in names { scores[Text(name)] = score }
            switch score {
            case .fixed(let score): self.changes.append("score \(NumberText.print(score)) for \(Self.list(names))")
            case .scaled(let factor): self.changes.append("score x \(NumberText.print(factor)) for \(Self.list(names))")
            }
        }
        for glob in changes.withoutRules {
            let names = try Self.stored(glob, storedRules, option: "--without")
            removed.formUnion(names.map { Text($0) })
            self.changes.append("without \(Self.list(names))")
        }
        after.edits = RiskEdits(scores: scores, removedRules: removed)
    }

    private static func stored(_ text: String, _ names: [String], option: String) throws -> [String] {
        let glob = Glob(text)
        let fitting = names.filter { glob.matches($0) || glob.matches(shortName($0)) }
        guard !fitting.isEmpty else {
            throw BacktestChanges.refusal(
                "\(option) '\(text)' fits no rule of the stored risk events",
                hint: names.isEmpty ? "the index holds no risk event" : "there are: " + list(names.map(shortName)))
        }
        return fitting
    }

    private static func factors(_ changes: BacktestChanges, _ all: [RiskFactor]) throws -> [FactorTrial.Factor]? {
        guard changes.appliesFactors || !changes.factors.isEmpty else { return nil }
        var factors = all.map { FactorTrial.Factor($0, isOn: $0.isEnabled) }
        for (text, isOn) in changes.factors {
            let glob = Glob(text)
            let fitting = factors.indices.filter { glob.matches(factors[$0].factor.name) }
            guard !fitting.isEmpty else {
                throw BacktestChanges.refusal(
                    "--factor '\(text)' fits no risk factor", hint: "there are: " + list(all.map(\.name)))
            }
            for position in fitting { factors[position].isOn = isOn }
        }
        return factors
    }

    /// A detection's own name, without what its saved search adds.
    private static func shortName(_ searchName: String) -> String {
        guard searchName.hasPrefix("ESCU - "), searchName.hasSuffix(" - Rule"), searchName.utf8.count > 14 else {
            return searchName
        }
        return String(searchName.dropFirst("ESCU - ".count).dropLast(" - Rule".count))
    }

    /// The first few, then how many more.
    private static func list(_ names: [String]) -> String {
        let limit = 12
        let shown = names.prefix(limit).map { "'\($0)'" }.joined(separator: ", ")
        return names.isEmpty ? "none" : names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }
}
