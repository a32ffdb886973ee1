import Columns
import RiskIndex

/// Entities and rules by dense numbers, as one read of the index sees them. Events that come later and name what is not
/// in here are as good as not there.
struct WeekNumbers: Sendable {
    let dimensions: RiskDimensions
    /// Of each raw name; `.max` for a number that no name has.
    let entityOfObject: [UInt32]
    /// One raw name of each entity.
    let objectOfEntity: [UInt32]
    /// Of each rule number, the number of the rule in all its versions.
    let groupOfRule: [UInt32]

    init(_ dimensions: RiskDimensions) {
        self.dimensions = dimensions
        var entities: [Int64: UInt32] = [:]
        var objects: [UInt32] = []
        entityOfObject = (0..<dimensions.riskObjectBound).map { number in
            guard let object = dimensions.riskObject(number) else { return .max }
            if let known = entities[object.entityID] { return known }
            let entity = UInt32(objects.count)
            entities[object.entityID] = entity
            objects.append(UInt32(number))
            return entity
        }
        objectOfEntity = objects
        groupOfRule = (0..<dimensions.ruleBound).map { dimensions.ruleGroup(UInt32($0)) }
    }

    var entityCount: Int { objectOfEntity.count }

    /// Nil for events that came after the numbers were read.
    func entity(ofObject object: UInt32) -> Int? {
        guard Int(object) < entityOfObject.count, entityOfObject[Int(object)] != .max else { return nil }
        return Int(entityOfObject[Int(object)])
    }

    /// Names of ATT&CK tactics of a rule, each once, sorted as bytes; nil alone for none.
    func tactics(ofRule rule: UInt32) -> [Text?] {
        let names = dimensions.rule(Int(rule))?.annotation("mitre_attack.mitre_tactic") ?? []
        let tactics = Set(names.map { Text($0) }).sorted()
        return tactics.isEmpty ? [nil] : tactics.map { $0 }
    }

    func name(ofEntity entity: Int) -> EntityName {
        let object = dimensions.riskObject(Int(objectOfEntity[entity]))
        return EntityName(
            normalizedRiskObject: Text(object?.normalizedRiskObject ?? ""),
            riskObjectType: Text(object?.riskObjectType ?? ""))
    }

    struct EntityName: Comparable {
        var normalizedRiskObject: Text
        var riskObjectType: Text

        static func < (left: EntityName, right: EntityName) -> Bool {
            (left.normalizedRiskObject, left.riskObjectType) < (right.normalizedRiskObject, right.riskObjectType)
        }
    }
}
