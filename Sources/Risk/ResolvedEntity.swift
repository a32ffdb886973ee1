/// Whose risk a risk object's is.
public struct ResolvedEntity: Sendable, Hashable {
    /// The name that all risk objects of the entity share. Where a zone or host tells equal names apart, it is part of
    /// it: `web1 [zone emea]`, `SYSTEM [on web1]`.
    public var normalizedRiskObject: String
    /// The zone of the entity, folded; nil for none. Resolving the normalized name in this zone gives the same name.
    public var zone: String?
    public var provenance: EntityProvenance

    /// The object names nobody (`-`): there is no entity, and its risk is lost.
    public var isNobody: Bool { provenance.step == .placeholder }

    /// The name depends on the host: without it the object cannot be resolved again.
    public var dependsOnHost: Bool { provenance.step == .perHost }
}
