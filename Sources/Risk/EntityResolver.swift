public import Content
import Matching
import RiskIndex

/// Finds the entity behind the name that a detection gave: Splunk's `normalized_risk_object`, by the identity and asset
/// lists.
///
/// Without a record a name stays as it is written, byte for byte. Names are compared by `FoldedName`.
///
/// Resolving again is safe: the normalized name in the zone of the result resolves to the same name, and no two records
/// have one normalized name. Choices and differences from Splunk: docs/decisions/0011.
public struct EntityResolver: Sendable {
    let records: EntityRecords
    private let stopValues: StopValueList
    /// 64 hexadecimal digits over the lists and the rules of this type: the same for the same lists, wherever their
    /// files are. Names of entities may differ between two versions, never within one.
    public let version: String

    public init(_ tables: EntityTables, stopValues: StopValueList) {
        records = EntityRecords(tables, stopValues: stopValues)
        self.stopValues = stopValues
        version = EntityDigest.version(of: tables, stopValues)
    }

    /// - Parameters:
    ///   - object: `risk_object`.
    ///   - type: `risk_object_type`.
    ///   - zone: `cim_entity_zone` of the event; nil or blank for none. Only records of this zone and those without one
    ///     are looked at.
    ///   - host: the host that the event is about, which a stop value as `SYSTEM` is one of (`dest`, else `dvc`, else
    ///     `host`); nil for unknown.
    public func resolve(_ object: String, type: String, zone: String?, host: String?) -> ResolvedEntity {
        let zone = EntityRecords.zone(zone)
        switch lookUp(object, type: type, zone: zone) {
        case .invisible:
            return ResolvedEntity(
                normalizedRiskObject: object, zone: nil, provenance: EntityProvenance(step: .placeholder))
        case .stopValue(let value, let name):
            return entity(of: value, name, zone: zone, host: host)
        case .record(let match, let name):
            return entity(of: match, name, zone: zone)
        case .none(let name):
            return ownName(name, zone, EntityProvenance(step: .ownName))
        }
    }

    // MARK: What an object is

    enum Answer {
        case invisible
        /// The name without the zone that it may carry.
        case stopValue(StopValue, name: String)
        case record(EntityMatch, name: String)
        case none(name: String)
    }

    /// - Parameter zone: as `EntityRecords.zone(_:)` makes it.
    func lookUp(
        _ object: String, type: String, zone: String?, in lists: EntityRecords.Lists = .both
    ) -> Answer {
        guard Self.isVisible(object) else { return .invisible }
        var name = object
        if let zone {
            let bare = EntityName.withoutZone(object, zone)
            if Self.isVisible(bare) { name = bare }
        }
        if let value = stopValues.value(name, type: type) { return .stopValue(value, name: name) }
        let match = records.find(
            name, type: FoldedName.fold(type), zone: zoneNumber(zone), in: lists)
        return match.map { .record($0, name: name) } ?? .none(name: name)
    }

    /// A zone that no record has finds those without a zone.
    func zoneNumber(_ zone: String?) -> Int32 { zone.flatMap(records.number) ?? 0 }

    private static func isVisible(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            guard !scalar.properties.isWhitespace, !scalar.properties.isDefaultIgnorableCodePoint else { return false }
            switch scalar.properties.generalCategory {
            case .control, .format: return false
            default: return true
            }
        }
    }

    // MARK: What becomes of it

    private func ownName(_ name: String, _ zone: String?, _ provenance: EntityProvenance) -> ResolvedEntity {
        ResolvedEntity(
            normalizedRiskObject: zone.map { EntityName.inZone(name, $0) } ?? name, zone: zone,
            provenance: provenance)
    }

    private func entity(of match: EntityMatch, _ name: String, zone: String?) -> ResolvedEntity {
        let listed = match.records.prefix(EntityProvenance.longestPlaceList)
        let record = records.all[Int(match.records[0])]
        var provenance = EntityProvenance(
            step: match.step, list: record.list, places: listed.map { records.all[Int($0)].origin.place },
            unlistedCount: match.records.count - listed.count, matchedName: match.name)
        guard match.step.isMerged else { return ownName(name, zone, provenance) }
        guard let merged = record.name else {
            // A short form of a record whose every name is somebody else's.
            provenance.step = .severalRecords
            return ownName(name, zone, provenance)
        }
        return ownName(merged, record.zone == 0 ? nil : records.zones[Int(record.zone)], provenance)
    }

    private func entity(
        of value: StopValue, _ name: String, zone: String?, host: String?
    ) -> ResolvedEntity {
        var provenance = EntityProvenance(
            step: .placeholder, list: .stopValues, places: [value.place], matchedName: value.values[0])
        switch value.kind {
        case .placeholder:
            return ResolvedEntity(normalizedRiskObject: name, zone: nil, provenance: provenance)
        case .shared:
            provenance.step = .sharedValue
            return ownName(name, zone, provenance)
        case .perHost:
            // Addresses of a block are no spellings of one name, unless the row says which.
            let first = value.values[0]
            let isBlock = AddressRange(first).map { !$0.isAddress } ?? false
            let common = isBlock ? name : first
            guard let host = host.flatMap({ self.host($0, zone) }) else {
                provenance.step = .unknownHost
                return ownName(common, zone, provenance)
            }
            provenance.step = .perHost
            return ownName(EntityName.onHost(common, host.name), host.zone, provenance)
        }
    }

    /// A host by its asset, else folded; nil for a stop value, which no host can be told by.
    private func host(_ text: String, _ zone: String?) -> (name: String, zone: String?)? {
        guard Self.isVisible(text) else { return nil }
        if let value = stopValues.value(text, type: "system"), value.kind != .shared { return nil }
        let match = records.find(text, type: "system", zone: zoneNumber(zone), in: .assets)
        guard let match, match.step.isMerged, let name = records.all[Int(match.records[0])].name else {
            return (FoldedName.fold(text), zone)
        }
        let number = records.all[Int(match.records[0])].zone
        return (name, number == 0 ? nil : records.zones[Int(number)])
    }
}
