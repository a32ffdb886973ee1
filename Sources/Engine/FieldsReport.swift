public import Fields

/// What the events of some inputs have, by sourcetype, and what content reads of it.
public struct FieldsReport: Sendable {
    public struct Field: Sendable {
        public var name: String
        /// Events that have a value in it.
        public var eventCount: Int
        /// Of the earliest event in input order, its first value, at most ``FieldsReport/exampleLength`` characters.
        public var example: String
        /// Who made it, the commonest first; the last that changed a value made it.
        public var makers: [(maker: FieldMaker, eventCount: Int)]
    }

    /// A dataset that some events of the sourcetype belong to.
    public struct Dataset: Sendable {
        /// `Endpoint.Processes`.
        public var name: String
        public var eventCount: Int
        /// The dataset's fields that some event fills with more than `unknown`, which is what the models write for nothing.
        public var served: [String]
        public var missing: [String]
    }

    /// A detection whose terms on where events come from, or whose dataset, accept some event of the sourcetype.
    public struct Reader: Sendable {
        public var rule: String
        public var file: String
        /// The datasets that it reads these events through; empty where it reads them as they are.
        public var datasets: [String]
        /// Fields that it reads of these events and that none of them fills.
        public var unfilled: [String]
    }

    public struct Sourcetype: Sendable {
        public var name: String
        public var eventCount: Int
        /// By name.
        public var fields: [Field]
        /// By name.
        public var datasets: [Dataset]
        /// By name, then file.
        public var readers: [Reader]
    }

    public var scan: ScanReport
    /// By name.
    public var sourcetypes: [Sourcetype]
    /// Events of sourcetypes beyond ``maximumSourcetypes``.
    public var unlistedEventCount: Int
    /// Some field beyond ``maximumFields`` is not listed.
    public var hasUnlistedFields: Bool
    /// Detections of the content that compile and read events.
    public var ruleCount: Int
    /// Those among them that name neither sourcetype, source, index, event type, tag nor dataset: they could read
    /// anything, so they stand under no sourcetype.
    public var unboundRules: [String]
    /// Detections that do not compile; `accrue content check` says why.
    public var uncompiledRuleCount: Int

    public static let exampleLength = 60
    /// Envelopes may name any number of sourcetypes, and events any number of fields: the first in input order stay.
    public static let maximumSourcetypes = 1_000
    public static let maximumFields = 100_000
}
