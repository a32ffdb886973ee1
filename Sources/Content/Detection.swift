/// A detection rule, whichever of ESCU's three schema generations its file was written in.
///
/// Source of the mapping: contentctl 4.4 (`observable`), contentctl 5 (`rba`), and security_content's
/// EventBasedDetection.schema.json (`finding`, `intermediate_findings`).
public struct Detection: Sendable, Hashable {
    public enum Generation: String, Sendable, Hashable {
        /// `tags.observable`: to ESCU 4.
        case observable
        /// `rba`: ESCU 5.
        case rba
        /// `finding` and `intermediate_findings`: from ESCU 6.
        case finding
    }

    public enum Kind: Sendable, Hashable {
        case ttp, anomaly, hunting, correlation, baseline
        case other(String)

        public init(_ text: String) {
            switch text.lowercased() {
            case "ttp": self = .ttp
            case "anomaly": self = .anomaly
            case "hunting": self = .hunting
            case "correlation": self = .correlation
            case "baseline": self = .baseline
            default: self = .other(text)
            }
        }

        /// As content writes it: `TTP`, `Anomaly`, ...
        public var text: String {
            switch self {
            case .ttp: "TTP"
            case .anomaly: "Anomaly"
            case .hunting: "Hunting"
            case .correlation: "Correlation"
            case .baseline: "Baseline"
            case .other(let text): text
            }
        }
    }

    public var name: String
    /// A UUID in Splunk's content; any text is taken.
    public var id: String
    public var version: Int
    public var type: Kind
    /// `production`, `experimental`, `deprecated`, `removed`; any text is taken, empty when not given.
    public var status: String
    public var description: String
    public var howToImplement: String
    public var knownFalsePositives: String
    /// The SPL exactly as the file gives it, a final line break included.
    public var search: String
    /// Where the characters of `search` stand in `file`.
    public var searchOrigin: TextOrigin
    public var dataSources: [String]
    public var analyticStories: [String]
    public var mitreAttackIDs: [String]
    public var securityDomain: String
    public var assetType: String
    public var category: String
    public var cves: [String]
    /// In the file's order; the entity of a `finding` first.
    public var entities: [EntityRule]
    public var threatObjects: [ThreatObjectRule]
    /// Title of the finding, with `$field$` tokens; nil when the file gives none.
    public var findingTitle: String?
    public var drilldowns: [Drilldown]
    public var schedule: Schedule
    public var throttling: Throttling?
    public var tests: [DetectionTest]
    /// Names of the baselines that fill what the search looks up; only the newest generation lists them.
    public var baselines: [String]
    /// `annotations.nist`: as given, else `DE.CM` for a TTP and `DE.AE` for all others, as contentctl fills it.
    public var nist: [String]
    /// `annotations.cis20`: as given, else `CIS 13` in the network domain and `CIS 10` in all others.
    public var cis20: [String]
    /// As given; mostly empty, since the phases follow from the tactics (``AttackMatrix/annotations(for:)``).
    public var killChainPhases: [String]
    /// `source` and `search_name` of what it writes: "ESCU - <name> - Rule" unless the file says otherwise.
    public var searchName: String
    public var generation: Generation
    public var file: String

    /// Whether its rows become risk events. A Hunting search writes nothing, in no generation; a Correlation a finding,
    /// which is risk of its own only where the newest schema gives that a score. A type that nobody knows is a user's
    /// own: whoever names entities expects their risk.
    ///
    /// Source: security_content, deployments/ (alert_action by type) and the newest schema's table of types.
    public var writesRiskEvents: Bool {
        guard !entities.isEmpty else { return false }
        return switch type {
        case .ttp, .anomaly, .other: true
        case .hunting, .baseline: false
        case .correlation: generation == .finding && entities.contains { $0.score != 0 }
        }
    }

    /// Whether a hit is by itself an alert (a notable): a TTP or a Correlation.
    public var writesFinding: Bool { type == .ttp || type == .correlation }

    /// `informational`, `low`, `medium`, `high` or `critical`, from the highest score; `high` without an entity.
    ///
    /// Source: contentctl, detection_abstract.py: 0-20, 21-40, 41-60, 61-80, 81-100.
    public var severity: String {
        guard let score = entities.map(\.score).max() else { return "high" }
        return switch score {
        case ...20: "informational"
        case ...40: "low"
        case ...60: "medium"
        case ...80: "high"
        default: "critical"
        }
    }
}

/// Which field of a result row names an entity, and what its risk is.
public struct EntityRule: Sendable, Hashable {
    public var field: String
    /// `user`, `system`, `other`, or a custom type.
    public var type: String
    /// Base score; 0 gives context without risk.
    public var score: Double
    /// Risk message with `$field$` tokens; for the entity of a finding its title.
    public var message: String
    /// The entity of `finding`, the alert's own subject.
    public var isFinding: Bool

    public init(field: String, type: String, score: Double, message: String, isFinding: Bool = false) {
        self.field = field
        self.type = type
        self.score = score
        self.message = message
        self.isFinding = isFinding
    }
}

/// Which field of a result row names a threat object, and of which type.
public struct ThreatObjectRule: Sendable, Hashable {
    public var field: String
    public var type: String

    public init(field: String, type: String) {
        self.field = field
        self.type = type
    }
}

/// A search to look into a hit; `$field$` tokens stand in its name and search.
public struct Drilldown: Sendable, Hashable {
    public var name: String
    /// `%original_detection_search%` stands for the detection's SPL.
    public var search: String
    /// As written: `$info_min_time$`, a duration before the finding (`7d`), a time modifier, epoch; nil when absent.
    public var earliestOffset: String?
    public var latestOffset: String?

    public init(name: String, search: String, earliestOffset: String?, latestOffset: String?) {
        self.name = name
        self.search = search
        self.earliestOffset = earliestOffset
        self.latestOffset = latestOffset
    }

    /// The search with the detection's own SPL put in its place.
    public func search(of detectionSearch: String) -> String {
        let mark = "%original_detection_search%"
        var result = ""
        var rest = search[...]
        while let range = rest.firstRange(of: mark) {
            result += rest[..<range.lowerBound]
            result += detectionSearch.trimmingBlanks()
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

/// `tags.throttling` (ES: suppression): equal values of all fields count once a period.
public struct Throttling: Sendable, Hashable {
    public var fields: [String]
    public var periodSeconds: Int

    public init(fields: [String], periodSeconds: Int) {
        self.fields = fields
        self.periodSeconds = periodSeconds
    }
}

/// A test that a detection's file describes.
public struct DetectionTest: Sendable, Hashable {
    public struct AttackData: Sendable, Hashable {
        /// Address of the data set, as written.
        public var data: String
        public var source: String
        public var sourcetype: String
        public var index: String?
        public var host: String?
    }

    public var name: String
    /// `unit`, `experimental`, ...; `unit` when not given.
    public var type: String
    /// Least number of results; 0 is a test that nothing fires.
    public var expectedResults: Int
    public var attackData: [AttackData]
}
