import Columns
import RiskIndex

// From numbers to names. Every list is in an order of its names, so that none depends on how an index numbers them.

extension WeekScan {
    /// - Parameter newThreatObjects: of an entity with details.
    func fill(_ tally: inout WeekTally, newThreatObjects: (_ slot: Int) throws -> [ThreatObject]) rethrows {
        tally.days = days
        for day in days {
            tally.sums.current += day.current
            tally.sums.previous += day.previous
        }
        let entities = entitySums.indices
            .filter { entitySums[$0].current.eventCount > 0 || entitySums[$0].previous.eventCount > 0 }
            .map { (number: $0, name: numbers.name(ofEntity: $0)) }
            .sorted { $0.name < $1.name }
        tally.entities = try entities.map { entity in
            let slot = slotOfEntity[entity.number]
            return WeekTally.Entity(
                normalizedRiskObject: entity.name.normalizedRiskObject.string,
                riskObjectType: entity.name.riskObjectType.string, sums: entitySums[entity.number],
                isNew: !isEntitySeen[entity.number],
                detail: try slot.map { detail(ofSlot: $0, newThreatObjects: try newThreatObjects($0)) })
        }
        tally.sums.current.counted = entitySums.reduce(0) { $0 + $1.current.counted }
        tally.sums.previous.counted = entitySums.reduce(0) { $0 + $1.previous.counted }
        tally.rules = rules
        tally.tactics = tactics
    }

    private func searchName(_ number: Int) -> Text { Text(numbers.dimensions.rule(number)?.searchName ?? "") }

    private var rules: [WeekTally.Rule] {
        let seenGroups = Set(isVersionSeen.indices.filter { isVersionSeen[$0] }.map { numbers.groupOfRule[$0] })
        return ruleLastTimes.indices.filter { ruleLastTimes[$0] != nil }
            .map { (number: $0, name: searchName($0)) }
            .sorted { $0.name < $1.name }
            .map { number, name in
                WeekTally.Rule(
                    searchName: name.string, sums: ruleSums[number], days: ruleDays[number],
                    entityCount: ruleEntityCounts[number], isNew: !seenGroups.contains(UInt32(number)),
                    lastMicroseconds: ruleLastTimes[number] ?? 0)
            }
    }

    private var tactics: [WeekTally.Tactic] {
        var sums: [Text?: WeekTally.Pair] = [:]
        var seen: Set<Text?> = []
        for version in versionSums.indices {
            let pair = versionSums[version]
            guard isVersionSeen[version] || pair.current.eventCount > 0 else { continue }
            for name in numbers.tactics(ofRule: UInt32(version)) {
                if isVersionSeen[version] { seen.insert(name) }
                sums[name, default: WeekTally.Pair()].current += pair.current
                sums[name, default: WeekTally.Pair()].previous += pair.previous
            }
        }
        return sums.filter { $0.value.current.eventCount > 0 || $0.value.previous.eventCount > 0 }
            .sorted { WeekScan.precedes($0.key, $1.key) }
            .map { WeekTally.Tactic(name: $0?.string, sums: $1, isNew: $0 != nil && !seen.contains($0)) }
    }

    private func detail(ofSlot slot: Int, newThreatObjects: [ThreatObject]) -> WeekTally.Detail {
        let own = slotDetails[slot]
        let objects = own.objects.compactMap { numbers.dimensions.riskObject(Int($0))?.riskObject }
        var tactics: [Text?: Double] = [:]
        var seenTactics: Set<Text?> = []
        // By number: sums of fractions come out the same every time.
        for (version, raw) in own.versions.sorted(by: { searchOrder($0.key, $1.key) }) {
            for name in numbers.tactics(ofRule: version) { tactics[name, default: 0] += raw }
        }
        for version in own.seenVersions { seenTactics.formUnion(numbers.tactics(ofRule: version)) }
        let seenGroups = Set(own.seenVersions.map { numbers.groupOfRule[Int($0)] })
        return WeekTally.Detail(
            riskObjects: Set(objects.map { Text($0) }).sorted().map(\.string), days: own.days,
            rules: own.rules.map { (number: $0, name: searchName(Int($0)), sums: $1) }
                .sorted { $0.name < $1.name }
                .map {
                    WeekTally.EntityRule(
                        searchName: $0.name.string, sums: $0.sums, isNew: !seenGroups.contains($0.number))
                },
            tactics: tactics.sorted { WeekScan.precedes($0.key, $1.key) }.map { name, raw in
                WeekTally.EntityTactic(
                    name: name?.string, raw: raw, isNew: name != nil && !seenTactics.contains(name))
            }, newThreatObjects: newThreatObjects)
    }

    /// Of rule numbers: by name, then version, then what else tells them apart, as two indexes agree on it.
    private func searchOrder(_ left: UInt32, _ right: UInt32) -> Bool {
        guard let one = numbers.dimensions.rule(Int(left)), let other = numbers.dimensions.rule(Int(right)) else {
            return left < right
        }
        let names = (Text(one.searchName), Text(other.searchName))
        if names.0 != names.1 { return names.0 < names.1 }
        let ids = (Text(one.ruleID), Text(other.ruleID))
        if ids.0 != ids.1 { return ids.0 < ids.1 }
        return one.ruleVersion == other.ruleVersion ? left < right : one.ruleVersion < other.ruleVersion
    }

    private static func precedes(_ left: Text?, _ right: Text?) -> Bool {
        guard let left else { return false }
        return right.map { left < $0 } ?? true
    }
}
