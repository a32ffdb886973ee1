public import Columns
import Content
import Matching

/// What the lists know about the fields of one event and about its risk object, under the names that Enterprise Security
/// gives it: `user_category`, `dest_priority`, `risk_object_bunit`.
///
/// Nothing is looked up before it is asked for.
///
/// Source for the prefixes and for what a network fills: rules/addons/entities.
public struct EntityAttributes {
    /// What the values of a field are looked up as.
    private enum Subject {
        case riskObject, user, asset
    }

    /// A longer prefix goes before one that it begins with.
    private static let subjects: [(field: String, subject: Subject)] = [
        ("risk_object", .riskObject), ("src_user", .user), ("user", .user), ("src", .asset), ("dest", .asset),
        ("dvc", .asset),
    ]
    /// A network has no names of a machine.
    private static let columnsOfMachines: Set = ["dns", "ip", "mac", "nt_host"]

    private let resolver: EntityResolver
    private let object: String
    private let type: String
    private let zone: String?
    private let fields: (String) -> Value

    /// - Parameters:
    ///   - object: `risk_object`, as the detection gave it.
    ///   - zone: `cim_entity_zone` of the event.
    ///   - fields: the event's own value of a field; null for one that it lacks.
    public init(
        _ resolver: EntityResolver, object: String, type: String, zone: String?,
        fields: @escaping (String) -> Value
    ) {
        self.resolver = resolver
        self.object = object
        self.type = type
        self.zone = EntityRecords.zone(zone)
        self.fields = fields
    }

    /// The event's own value of `field`; where it has none, what the lists know: of a field with several values that of
    /// each, every value once. Null for a field that is no attribute, and for one that no record has.
    public func value(_ field: String) -> Value {
        let own = fields(field)
        if !own.isNull { return own }
        for (name, subject) in Self.subjects where field.utf8.starts(with: "\(name)_".utf8) {
            let column = String(decoding: field.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
            if column.isEmpty { continue }
            let objects =
                subject == .riskObject ? [object] : fields(name).elements.compactMap { $0.printed?.string }
            var seen: Set<Text> = []
            let found = objects.flatMap { values(column, of: $0, subject) }.map { Text($0) }.filter {
                seen.insert($0).inserted
            }
            if !found.isEmpty { return .list(found.map { .text($0) }) }
        }
        return .null
    }

    private func values(_ column: String, of object: String, _ subject: Subject) -> [String] {
        let type =
            switch subject {
            case .riskObject: self.type
            case .user: "user"
            case .asset: "system"
            }
        let lists: EntityRecords.Lists =
            switch subject {
            case .riskObject: .both
            case .user: .identities
            case .asset: .assets
            }
        guard case .record(let match, let name) = resolver.lookUp(object, type: type, zone: zone, in: lists),
            let record = match.recordOfAttributes
        else { return [] }
        let records = resolver.records
        let isNetwork = records.names(of: record).isEmpty
        if !isNetwork || !Self.columnsOfMachines.contains(column) {
            let found = records.values(column, of: record)
            if !found.isEmpty { return found }
        }
        // What a machine's row leaves empty comes from its network's.
        guard records.all[Int(record)].list == .assets, !Self.columnsOfMachines.contains(column),
            let address = IPAddress(Array(name.utf8)),
            let block = records.block(holding: address, zone: resolver.zoneNumber(zone))
        else { return [] }
        return records.values(column, of: block.record)
    }
}
