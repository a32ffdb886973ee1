import Columns
import Content
import RiskIndex
import SPL

extension RunRecord {
    /// What a job saw. Every selected detection is in it, with its counts or with why it did not run, and so is whatever
    /// else did not run: baselines and incident rules.
    init(
        _ content: LoadedContent, _ options: RunJob.Options, scan: ScanReport, outcomes: [RunJob.DetectionOutcome],
        skipped: [RuleProblem]
    ) {
        var rules: [Text: Rule] = [:]
        for outcome in outcomes {
            rules[Text(outcome.searchName)] = Rule(
                searchName: outcome.searchName, matchedEventCount: outcome.matchedEventCount,
                rowCount: outcome.rowCount, riskEventCount: outcome.riskEventCount,
                throttledCount: outcome.throttledCount,
                lostByField: outcome.lostByField.map { Lost(field: $0.field, count: $0.count) })
        }
        let searchNames = Self.searchNames(content, options)
        for problem in skipped.sorted(by: { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }) {
            let name = searchNames[Text(problem.ruleName)] ?? problem.ruleName
            if rules[Text(name)] == nil { rules[Text(name)] = Rule(searchName: name, problem: problem.shortText) }
        }
        self.init(
            timeMicroseconds: options.nowMicroseconds, profile: options.profile.rawValue,
            rules: rules.sorted { $0.key < $1.key }.map(\.value), sources: Self.sources(scan))
    }

    /// By the name that a problem carries.
    private static func searchNames(_ content: LoadedContent, _ options: RunJob.Options) -> [Text: String] {
        var names: [Text: String] = [:]
        for rule in content.catalog.incidentRules(of: options.profile) { names[Text(rule.name)] = rule.searchName }
        for detection in content.selectedDetections(options.rulePatterns) {
            names[Text(detection.name)] = detection.searchName
        }
        return names
    }

    /// The largest sourcetypes: envelopes may name any number.
    private static func sources(_ scan: ScanReport) -> [Source] {
        let largest = scan.eventsBySourcetype.sorted { ($1.count, Text($0.name)) < ($0.count, Text($1.name)) }
        return largest.prefix(1_000).sorted { Text($0.name) < Text($1.name) }.map { name, count in
            let times = scan.timesBySourcetype[name]
            return Source(
                sourcetype: name, eventCount: count, firstMicroseconds: times?.lowerBound,
                lastMicroseconds: times?.upperBound)
        }
    }
}

extension RuleProblem {
    /// `error[E301]: message`, the first line of it, without the place: files lie elsewhere on another machine.
    fileprivate var shortText: String {
        let text = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(diagnostic.message)"
        let line = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
        return String(String.UnicodeScalarView(line.prefix(500)))
    }
}
