/// What an index knows of a week beside risk events and opened findings.
///
/// Nil means that nobody recorded it, which is something else than none: the summary says which parts it does not know.
public struct SummaryRecords: Sendable, Hashable {
    /// An incident rule held for an entity, and no finding was opened or updated. By time.
    public var heldFindings: [HeldFinding]?
    /// By the time of closing.
    public var closedFindings: [ClosedFinding]?
    /// Sources with events the week before and none this week, by name.
    public var silentSources: [SilentSource]?
    /// Detections that were to run this week and did not, by search name.
    public var detectionsNotRun: [DetectionNotRun]?
    /// Result rows of this week whose entity field was null, by search name; rules without any are left out.
    public var lostRisk: [LostRisk]?
    /// Search names of the detections that ran this week, whether they fired or not.
    public var ranSearchNames: [String]?

    public init(
        heldFindings: [HeldFinding]? = nil, closedFindings: [ClosedFinding]? = nil,
        silentSources: [SilentSource]? = nil, detectionsNotRun: [DetectionNotRun]? = nil,
        lostRisk: [LostRisk]? = nil, ranSearchNames: [String]? = nil
    ) {
        self.heldFindings = heldFindings
        self.closedFindings = closedFindings
        self.silentSources = silentSources
        self.detectionsNotRun = detectionsNotRun
        self.lostRisk = lostRisk
        self.ranSearchNames = ranSearchNames
    }

    /// The parts that nobody recorded, as people call them.
    var unknownParts: [String] {
        var parts: [String] = []
        if heldFindings == nil { parts.append("held findings") }
        if closedFindings == nil { parts.append("closed findings") }
        if silentSources == nil { parts.append("silent data sources") }
        if detectionsNotRun == nil { parts.append("detections that did not run") }
        if lostRisk == nil { parts.append("lost risk") }
        return parts
    }

    public struct HeldFinding: Sendable, Hashable {
        /// UTC microseconds.
        public var timeMicroseconds: Int64
        /// Of the incident rule.
        public var searchName: String
        public var normalizedRiskObject: String
        public var riskObjectType: String
        public var riskScore: Double
        /// For people: "only events left the window".
        public var reason: String

        public init(
            timeMicroseconds: Int64, searchName: String, normalizedRiskObject: String, riskObjectType: String,
            riskScore: Double, reason: String
        ) {
            self.timeMicroseconds = timeMicroseconds
            self.searchName = searchName
            self.normalizedRiskObject = normalizedRiskObject
            self.riskObjectType = riskObjectType
            self.riskScore = riskScore
            self.reason = reason
        }
    }

    public struct ClosedFinding: Sendable, Hashable {
        /// When it was closed, UTC microseconds.
        public var timeMicroseconds: Int64
        /// Short form: 12 digits.
        public var findingID: String
        public var title: String
        public var normalizedRiskObject: String
        public var riskObjectType: String
        /// For people: "true positive", "closed by itself after 7 days".
        public var disposition: String

        public init(
            timeMicroseconds: Int64, findingID: String, title: String, normalizedRiskObject: String,
            riskObjectType: String, disposition: String
        ) {
            self.timeMicroseconds = timeMicroseconds
            self.findingID = findingID
            self.title = title
            self.normalizedRiskObject = normalizedRiskObject
            self.riskObjectType = riskObjectType
            self.disposition = disposition
        }
    }

    public struct SilentSource: Sendable, Hashable {
        public var sourcetype: String
        public var previousEventCount: Int
        /// Of its last event, UTC microseconds.
        public var lastMicroseconds: Int64

        public init(sourcetype: String, previousEventCount: Int, lastMicroseconds: Int64) {
            self.sourcetype = sourcetype
            self.previousEventCount = previousEventCount
            self.lastMicroseconds = lastMicroseconds
        }
    }

    public struct DetectionNotRun: Sendable, Hashable {
        public var searchName: String
        /// A stable code such as `E203`, and the message beside it.
        public var code: String
        public var message: String

        public init(searchName: String, code: String, message: String) {
            self.searchName = searchName
            self.code = code
            self.message = message
        }
    }

    public struct LostRisk: Sendable, Hashable {
        public var searchName: String
        public var rowCount: Int

        public init(searchName: String, rowCount: Int) {
            self.searchName = searchName
            self.rowCount = rowCount
        }
    }
}
