import Risk
import Testing

@testable import Engine

@Suite struct ThresholdScheduleTests {
    private static let plain = """
        | from datamodel Risk.All_Risk
          | stats `risk_aggregates` sum(calculated_risk_score) as risk_score
            by normalized_risk_object risk_object_type
          | where risk_score > `risk_threshold`
          | `get_risk_severity(risk_score)`
        """
    private static let capped = """
        | from datamodel Risk.All_Risk
          | `risk_highest_first` | `risk_distinct_scores` | eval cap_factor=`risk_cap_factor` | `risk_capped_scores`
          | stats count sum(capped_risk_score) as risk_score by normalized_risk_object risk_object_type
          | where risk_score > `risk_threshold`
        """

    @Test func theTwoShippedSumsAreKnown() {
        #expect(ThresholdSchedule.scoring(ofSearch: Self.plain, capFactor: nil) == .splunk)
        #expect(ThresholdSchedule.scoring(ofSearch: Self.capped, capFactor: 2) == .recommended)
        #expect(ThresholdSchedule.scoring(ofSearch: Self.capped, capFactor: 3)?.capFactor == 3)
        #expect(ThresholdSchedule.scoring(ofSearch: Self.capped, capFactor: nil) == nil)
    }

    /// Each says something else than the sum over the threshold.
    @Test(arguments: [
        ("`risk_threshold`", "100"), (" risk_object_type\n", " risk_object_type, source\n"),
        ("| stats", "| where risk_object_type=\"user\" | stats"), ("as risk_score", "as score"),
        ("sum(calculated", "max(calculated"), ("Risk.All_Risk", "Risk.Other"),
        ("  | `get", "  | where source_count > 2 | `get"), ("| where risk_score", "| search x=1 OR risk_score"),
    ])
    func anyOtherSearchIsLeftOut(_ old: String, _ new: String) {
        let search = Self.plain.replacing(old, with: new)
        #expect(search.utf8.count != Self.plain.utf8.count || search != Self.plain)
        #expect(ThresholdSchedule.scoring(ofSearch: search, capFactor: 2) == nil)
    }
}
