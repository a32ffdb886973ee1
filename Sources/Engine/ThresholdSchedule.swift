import Columns
import Content
import Formats
import Risk
import SPL

/// An incident rule that compares a sum of scores with macro `risk_threshold`, with its schedule.
struct ThresholdSchedule {
    let rule: IncidentRule
    let replay: Replay
    /// How the rule's search adds up.
    let scoring: ScoringProfile
    /// What the macro says; nil when it is no number.
    let threshold: Double?

    /// The profile's rules that do, in the content's order, and the search names of those that do not.
    static func all(
        _ content: LoadedContent, _ profile: RiskProfile, zone: TimeZoneRules
    ) throws -> (schedules: [ThresholdSchedule], others: [String]) {
        let (threshold, capFactor) = (number("risk_threshold", content), number("risk_cap_factor", content))
        var schedules: [ThresholdSchedule] = []
        var others: [String] = []
        for rule in content.catalog.incidentRules(of: profile) {
            guard let scoring = scoring(ofSearch: rule.search, capFactor: capFactor) else {
                others.append(rule.searchName)
                continue
            }
            let replay = try Replay(
                cron: rule.schedule.cron, earliest: rule.schedule.earliest, latest: rule.schedule.latest, zone: zone)
            schedules.append(ThresholdSchedule(rule: rule, replay: replay, scoring: scoring, threshold: threshold))
        }
        return (schedules, others)
    }

    private static func number(_ macro: String, _ content: LoadedContent) -> Double? {
        content.catalog.macros.first { $0.name == macro && $0.arguments.isEmpty }
            .flatMap { NumberText.parse(Array($0.definition.utf8)) }
    }

    /// Length of the rule's window, as of 1970; at least a microsecond.
    var windowMicroseconds: Int64 {
        let window = replay.window(atMicroseconds: 0)
        return max(1, window.endMicroseconds.subtracting(window.startMicroseconds))
    }

    /// Start of the window of a run at a time.
    func start(before time: Int64) -> Int64 { replay.window(atMicroseconds: time).startMicroseconds }

    // MARK: What a search adds up

    /// Stages that change no sum: who cannot pass is left out before, severity comes after.
    private static let passedOver: Set<String> = [
        "eventstats sum(eval(max(calculated_risk_score, 0))) as most by normalized_risk_object risk_object_type",
        "where most > `risk_threshold`", "`risk_highest_first`", "`get_risk_severity(risk_score)`",
    ]
    private static let capped = ["`risk_distinct_scores`", "eval cap_factor=`risk_cap_factor`", "`risk_capped_scores`"]

    /// The arithmetic of a search that is, stage by stage, one of the two shipped sums; nil for any other, for one more
    /// condition would make the answer wrong.
    static func scoring(ofSearch search: String, capFactor: Double?) -> ScoringProfile? {
        let stages = search.split(separator: "|")
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty && !passedOver.contains($0) }
        guard stages.count >= 3, stages.first == "from datamodel Risk.All_Risk",
            stages.last == "where risk_score > `risk_threshold`"
        else { return nil }
        let sum = stages[stages.count - 2]
        guard sum.hasPrefix("stats "), sum.hasSuffix(" by normalized_risk_object risk_object_type") else { return nil }
        let between = Array(stages[1..<(stages.count - 2)])
        if between.isEmpty { return sum.contains(" sum(calculated_risk_score) as risk_score ") ? .splunk : nil }
        guard between == capped, sum.contains(" sum(capped_risk_score) as risk_score "), let capFactor else {
            return nil
        }
        var scoring = ScoringProfile.recommended
        scoring.capFactor = capFactor
        return scoring
    }
}
