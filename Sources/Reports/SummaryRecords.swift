/// What an index knows of a week beside risk events and opened findings.
///
/// Nil means that nobody recorded it, which is something else than none: the summary says which parts it does not know.
public struct SummaryRecords: Sendable, Hashable {
    /// Something new happened to an open finding, by time.
    var updatedFindings: [FindingLine]?
    /// The incident rule held, and nobody was told again, because nothing was new. By time.
    var heldFindings: [FindingLine]?
    /// By the rule that no longer held, or by an analyst; by time.
    var closedFindings: [FindingLine]?
    /// Sources that had events and have none at the week's end, by name.
    var silentSources: [SilentSource]?
    /// Detections that were to run and did not, by search name.
    var detectionsNotRun: [DetectionNotRun]?
    /// Result rows whose entity field was null, by search name, then field.
    var lostRisk: [LostRisk]?
    /// What was silenced for some of the week, by kind, then value.
    var suppressions: [SuppressionLine]?
    /// Search names of the detections that ran, whether they fired or not.
    var ranSearchNames: [String]?

    public init() {}

    /// The parts that nobody recorded, as people call them.
    var unknownParts: [String] {
        var parts: [String] = []
        if updatedFindings == nil { parts.append("updated findings") }
        if heldFindings == nil { parts.append("held findings") }
        if closedFindings == nil { parts.append("closed findings") }
        if silentSources == nil { parts.append("silent data sources") }
        if detectionsNotRun == nil { parts.append("detections that did not run") }
        if lostRisk == nil { parts.append("lost risk") }
        if suppressions == nil { parts.append("suppressions") }
        return parts
    }

    struct FindingLine: Sendable, Hashable {
        /// UTC microseconds, in the week.
        var timeMicroseconds: Int64
        /// Short form: 12 digits.
        var findingID: String
        var title: String
        var normalizedRiskObject: String
        var riskObjectType: String
        /// Nil where an analyst closed the finding.
        var riskScore: Double?
        /// For people.
        var reason: String
    }

    struct SilentSource: Sendable, Hashable {
        var sourcetype: String
        /// Of its last event, UTC microseconds.
        var lastMicroseconds: Int64
    }

    struct DetectionNotRun: Sendable, Hashable {
        var searchName: String
        var problem: String
        /// Of the week's runs, how many it did not run in.
        var runCount: Int
    }

    struct LostRisk: Sendable, Hashable {
        var searchName: String
        var field: String
        var rowCount: Int
    }

    struct SuppressionLine: Sendable, Hashable {
        /// `entity`, `rule`, `threat object`.
        var kind: String
        var value: String
        /// Nil: until it is ended.
        var untilMicroseconds: Int64?
        var author: String
        var reason: String
    }
}
