public import SPL

/// An analytic story: what a group of detections is about.
public struct Story: Sendable, Hashable {
    public var name: String
    public var id: String
    public var version: Int
    public var description: String
    public var narrative: String
    public var categories: [String]
    public var useCase: String
    public var file: String
}

/// How a lookup finds its rows; the rows themselves are in a file or a collection.
///
/// Source: Splunk Admin Manual 10.0, transforms.conf, "Lookup tables".
public struct LookupDefinition: Sendable, Hashable {
    public enum Store: String, Sendable, Hashable {
        case csv, kvstore, mlmodel
    }

    public var name: String
    public var store: Store
    /// File name of a CSV table or model, without a folder; nil for a collection.
    public var filename: String?
    public var collection: String?
    /// As written, `WILDCARD(process)` or `CIDR(ip)`; a field without one is compared for equality.
    public var matchTypes: [String]
    /// Splunk's default is true.
    public var isCaseSensitive: Bool
    public var defaultMatch: String?
    public var minimumMatches: Int
    public var maximumMatches: Int?
    public var fields: [String]
    public var description: String
    public var file: String
}

/// A search macro, and where its definition stands.
public struct MacroPlace: Sendable, Hashable {
    public var macro: MacroDefinition
    public var origin: TextOrigin
    public var file: String
}

/// A scheduled search that fills a lookup which detections read.
public struct Baseline: Sendable, Hashable {
    public var name: String
    public var id: String
    public var version: Int
    public var description: String
    public var search: String
    public var searchOrigin: TextOrigin
    public var schedule: Schedule
    /// Detections that need it, as the older generations list them.
    public var detections: [String]
    public var searchName: String
    public var file: String
}

/// Where the events of a detection come from.
public struct DataSource: Sendable, Hashable {
    public var name: String
    public var source: String
    public var sourcetype: String
    /// The field, and its value, that tell this kind of event from others of the sourcetype.
    public var separator: String?
    public var separatorValue: String?
    public var fields: [String]
    public var outputFields: [String]
    public var file: String
}

/// A rule over risk events that makes findings (ES: risk incident rule, finding-based detection).
public struct IncidentRule: Sendable, Hashable {
    public var name: String
    public var id: String
    public var version: Int
    public var status: String
    /// An option that ships off is false; it is compiled and checked all the same.
    public var isEnabled: Bool
    /// The profiles in which it runs.
    public var profiles: Set<RiskProfile>
    public var description: String
    public var search: String
    public var searchOrigin: TextOrigin
    /// `search_name` of its findings.
    public var searchName: String
    public var schedule: Schedule
    public var throttling: Throttling?
    /// Field of a result row with the normalized entity, the key of the finding.
    public var entityField: String
    /// Field with the entity's type.
    public var entityTypeField: String
    /// Field with the name to show.
    public var entityNameField: String
    /// Field with the finding's severity; nil when the rule computes none.
    public var severityField: String?
    /// Title with `$field$` tokens.
    public var title: String
    public var securityDomain: String
    public var file: String
    /// Of a rule that is a Correlation detection; nil for an incident rule of its own.
    public var correlation: Correlation?

    /// What the rows of a Correlation detection say otherwise: they name risk objects, not normalized entities.
    public struct Correlation: Sendable, Hashable {
        /// In the file's order; the first that a row fills is who the row is about.
        public var subjects: [Subject]
        public var severity: String

        public struct Subject: Sendable, Hashable {
            public var field: String
            /// Where the row has none.
            public var type: String
        }
    }
}
