/// A detection as its risk events name it: one version of one rule.
public struct RiskRule: Sendable, Hashable {
    /// `search_name` and `source`.
    public var searchName: String
    public var ruleID: String
    public var ruleVersion: Int
    public var analyticStories: [String]
    public var annotations: [Annotation]
    public var attackVersion: String

    /// `annotations.<name>`; empty when there is none.
    public func annotation(_ name: String) -> [String] { annotations.first { $0.name == name }?.values ?? [] }
}

/// A raw entity name as events hold it, and the entity that it stands for.
public struct RiskObject: Sendable, Hashable {
    public var riskObject: String
    public var riskObjectType: String
    public var entityZone: String
    public var entityHost: String
    public var normalizedRiskObject: String
    /// Why it is that entity; empty where it is unknown.
    public var reason: String
    /// Number of the entity in the index: equal for names of one entity.
    public var entityID: Int64
}
