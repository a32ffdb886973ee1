import SPL

/// Where a search's rows come from, with all that the source can use to bring fewer of them.
public enum SourcePlan: Sendable {
    /// Events of the inputs.
    case events(EventRequest)
    /// Records of the risk index: `index=risk`, `index=notable`, the Risk data model.
    case stored(StoredRequest)
    /// The first command makes them itself, or the caller brings them.
    case rows
}

public struct EventRequest: Sendable {
    /// What each event must satisfy; the source need not check it, the first command does.
    public var predicate: CompiledPredicate
    /// Written in the search itself (`earliest=-24h`); overrides the range around it.
    public var times: SourceTimes
    /// Clauses that all must hold: an event satisfies a clause when one of its alternatives does.
    public var clauses: [LiteralClause]
    /// The conjuncts that only ask for `sourcetype`, `source`, `host` and `index`: an origin that fails one of them has
    /// no event for this search.
    public var originTerms: [CompiledPredicate]
}

/// Alternatives of the form `field = literal`: if the field's text stands as it is in the raw event, then one of the
/// literals must occur there (case-insensitively).
public struct LiteralClause: Hashable, Sendable {
    public struct Alternative: Hashable, Sendable {
        public var field: String
        /// The literal's longest run without wildcards; at least one byte.
        public var literal: String
    }

    public var alternatives: [Alternative]
}

public struct StoredRequest: Hashable, Sendable {
    /// `risk`, `notable` or both, sorted.
    public var indexes: [String]
    public var times: SourceTimes
    /// The records wanted have one of these values, compared without case; nil is any.
    public var normalizedRiskObjects: [String]?
    public var riskObjects: [String]?

    /// The fields that no record of these indexes is without.
    var neverNull: Set<String> {
        indexes == ["risk"]
            ? ["risk_object", "risk_object_type", "normalized_risk_object", "risk_score", "calculated_risk_score"] : []
    }
}
