/// Which risk events to read. A nil part does not restrict; an empty list matches nothing.
public struct RiskEventQuery: Sendable, Hashable {
    /// Inclusive, UTC microseconds.
    public var startMicroseconds: Int64?
    /// Exclusive, UTC microseconds.
    public var endMicroseconds: Int64?
    /// Any of these, compared by ``FoldedName``.
    public var normalizedRiskObjects: [String]?
    /// Any of these raw names, compared by ``FoldedName``.
    public var riskObjects: [String]?
    /// Compared exactly, as are `searchNames`.
    public var riskObjectType: String?
    /// Events with this threat object among theirs, compared by ``FoldedName``.
    public var threatObject: String?
    public var searchNames: [String]?
    /// The first so many in order of time, then key.
    public var limit: Int?

    public init(
        startMicroseconds: Int64? = nil, endMicroseconds: Int64? = nil, normalizedRiskObjects: [String]? = nil,
        riskObjects: [String]? = nil, riskObjectType: String? = nil, threatObject: String? = nil,
        searchNames: [String]? = nil, limit: Int? = nil
    ) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.normalizedRiskObjects = normalizedRiskObjects
        self.riskObjects = riskObjects
        self.riskObjectType = riskObjectType
        self.threatObject = threatObject
        self.searchNames = searchNames
        self.limit = limit
    }
}

/// Which findings to read. A nil part does not restrict; an empty list matches nothing.
public struct FindingQuery: Sendable, Hashable {
    /// Inclusive, UTC microseconds, over the finding's own `_time`.
    public var startMicroseconds: Int64?
    /// Exclusive, UTC microseconds.
    public var endMicroseconds: Int64?
    /// Any of these, compared by ``FoldedName``.
    public var normalizedRiskObjects: [String]?
    /// Compared exactly, as are `searchNames`.
    public var riskObjectType: String?
    public var searchNames: [String]?
    /// The first so many in order of time, then key.
    public var limit: Int?

    public init(
        startMicroseconds: Int64? = nil, endMicroseconds: Int64? = nil, normalizedRiskObjects: [String]? = nil,
        riskObjectType: String? = nil, searchNames: [String]? = nil, limit: Int? = nil
    ) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.normalizedRiskObjects = normalizedRiskObjects
        self.riskObjectType = riskObjectType
        self.searchNames = searchNames
        self.limit = limit
    }
}
