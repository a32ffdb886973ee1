/// One firing of a detection: one result row, as one risk event an entity, with the events that made the row.
public struct Firing: Sendable, Hashable {
    /// The `firingKey` of all its events.
    public var key: String
    public var events: [RiskEvent]
    public var contributing: [StoredEvent]

    public init(key: String, events: [RiskEvent], contributing: [StoredEvent]) {
        self.key = key
        self.events = events
        self.contributing = contributing
    }
}

/// How many of the risk events given to an insert the index did not hold, and how many it held already.
public struct InsertCount: Sendable, Hashable {
    public var newEvents: Int
    public var knownEvents: Int

    public init(newEvents: Int, knownEvents: Int) {
        self.newEvents = newEvents
        self.knownEvents = knownEvents
    }
}

/// How many of the findings given to an insert the index did not hold, and how many it held already.
public struct FindingInsertCount: Sendable, Hashable {
    public var newFindings: Int
    public var knownFindings: Int

    public init(newFindings: Int, knownFindings: Int) {
        self.newFindings = newFindings
        self.knownFindings = knownFindings
    }
}
