import Columns
public import Content
import Risk
public import RiskIndex

/// Reads the index for the weekly summary: the two weeks whole, what came before by its index alone, and threat objects by
/// theirs.
///
/// Memory: 48 bytes for each event of one week, some 100 for each entity and raw name, and the details.
public struct WeekScan: Sendable {
    /// - Parameters:
    ///   - dayStarts: fifteen ascending times, UTC microseconds: when each day of the week before and of the week begins,
    ///     and when the week ends.
    ///   - profile: whose sum says which entities have the most. Counted sums are those of the recommended profile under
    ///     either: under Splunk's they would be the raw ones again.
    ///   - detailCount: how many entities get details.
    public static func tally(
        _ index: RiskIndex, dayStarts: [Int64], profile: RiskProfile, detailCount: Int
    ) throws -> WeekTally {
        precondition(dayStarts.count == 15, "two weeks have fourteen days")
        let empty = WeekScan(numbers: WeekNumbers(try index.riskDimensions()), dayStarts: dayStarts)
        let ranking: WeekTally.Ranking = profile == .splunk ? .raw : .counted
        // Events and threat objects lie in different tables: each is read by a thread of its own.
        let parts = [Part.events, .threats].concurrentMap(2) { part in
            Result { try part.read(empty, index, ranking, detailCount) }
        }
        guard case .scan(let scan) = try parts[0].get(), case .threats(let threats) = try parts[1].get() else {
            preconditionFailure("parts come in their order")
        }
        var tally = WeekTally(ranking: ranking)
        if let first = try index.timeRange()?.lowerBound, first < scan.end { tally.historyStartMicroseconds = first }
        tally.newThreatObjects = threats.new
        try scan.fill(&tally) { slot in
            try threats.new(ofEntity: scan.slots[slot], objects: scan.objects(ofSlot: slot), index)
        }
        return tally
    }

    private enum Part {
        case events, threats

        enum Answer: Sendable {
            case scan(WeekScan)
            case threats(WeekThreats)
        }

        func read(
            _ empty: WeekScan, _ index: RiskIndex, _ ranking: WeekTally.Ranking, _ detailCount: Int
        ) throws -> Answer {
            guard self == .events else {
                return .threats(try WeekThreats(index, empty.numbers, start: empty.start, end: empty.end))
            }
            var scan = empty
            try scan.readWeek(index, ranking, detailCount)
            try scan.readPreviousWeek(index)
            try scan.readHistory(index)
            return .scan(scan)
        }
    }

    typealias Sum = WeekTally.Sum
    typealias Pair = WeekTally.Pair
    typealias Days = WeekTally.Days

    let numbers: WeekNumbers
    private let dayStarts: [Int64]
    private(set) var slots: [Int] = []
    private(set) var slotOfEntity: [Int: Int] = [:]
    private(set) var slotDetails: [SlotDetail] = []
    private(set) var entitySums: [Pair]
    private(set) var ruleSums: [Pair]
    private(set) var ruleDays: [Days]
    private(set) var ruleEntityCounts: [Int]
    /// By rule number, not by group: versions may have other tactics. Raw only.
    private(set) var versionSums: [Pair]
    private(set) var days = [Pair](repeating: Pair(), count: 7)
    /// Before the week.
    private(set) var isEntitySeen: [Bool]
    private(set) var isVersionSeen: [Bool]
    /// Of the last event before the week's end, by rule group.
    private(set) var ruleLastTimes: [Int64?]

    /// What only entities with details have.
    struct SlotDetail {
        var objects: Set<UInt32> = []
        var days = Days()
        /// By rule group.
        var rules: [UInt32: Pair] = [:]
        /// By rule number, raw, of the week.
        var versions: [UInt32: Double] = [:]
        /// Rule numbers before the week.
        var seenVersions: Set<UInt32> = []
    }

    private init(numbers: WeekNumbers, dayStarts: [Int64]) {
        self.numbers = numbers
        self.dayStarts = dayStarts
        let rules = numbers.dimensions.ruleBound
        entitySums = [Pair](repeating: Pair(), count: numbers.entityCount)
        isEntitySeen = [Bool](repeating: false, count: numbers.entityCount)
        ruleSums = [Pair](repeating: Pair(), count: rules)
        ruleDays = [Days](repeating: Days(), count: rules)
        ruleEntityCounts = [Int](repeating: 0, count: rules)
        versionSums = [Pair](repeating: Pair(), count: rules)
        isVersionSeen = [Bool](repeating: false, count: rules)
        ruleLastTimes = [Int64?](repeating: nil, count: rules)
    }

    private var previousStart: Int64 { dayStarts[0] }
    var start: Int64 { dayStarts[7] }
    var end: Int64 { dayStarts[14] }

    /// 0 to 6; the time is in the week that `first` (0 or 7) begins.
    private func day(_ time: Int64, from first: Int) -> Int {
        var day = 6
        while day > 0, dayStarts[first + day] > time { day -= 1 }
        return day
    }

    private mutating func readWeek(_ index: RiskIndex, _ ranking: WeekTally.Ranking, _ detailCount: Int) throws {
        let events = try WeekEvents(start..<max(start, end), of: index, numbers, profile: .recommended)
        add(events, \.current, \.current, from: 7)
        for entity in 0..<numbers.entityCount where events.eventCount(of: entity) > 0 {
            let (rules, whole) = events.sums(of: entity)
            entitySums[entity].current = whole
            for (group, sum) in rules {
                ruleSums[Int(group)].current += sum
                ruleEntityCounts[Int(group)] += 1
            }
        }
        choose(ranking, detailCount)
        for (slot, entity) in slots.enumerated() {
            for (group, sum) in events.sums(of: entity).rules {
                slotDetails[slot].rules[group, default: Pair()].current = sum
            }
            events.forEach(of: entity) { event in
                slotDetails[slot].objects.insert(event.object)
                slotDetails[slot].days.current[day(event.timeMicroseconds, from: 7)] += event.score
                slotDetails[slot].versions[event.rule, default: 0] += event.score
            }
        }
    }

    private mutating func readPreviousWeek(_ index: RiskIndex) throws {
        let events = try WeekEvents(
            previousStart..<max(previousStart, start), of: index, numbers, profile: .recommended)
        add(events, \.previous, \.previous, from: 0)
        events.forEach { event in
            isEntitySeen[Int(numbers.entityOfObject[Int(event.object)])] = true
            isVersionSeen[Int(event.rule)] = true
        }
        for entity in 0..<numbers.entityCount where events.eventCount(of: entity) > 0 {
            let (rules, whole) = events.sums(of: entity)
            entitySums[entity].previous = whole
            for (group, sum) in rules { ruleSums[Int(group)].previous += sum }
            guard let slot = slotOfEntity[entity] else { continue }
            for (group, sum) in rules { slotDetails[slot].rules[group, default: Pair()].previous = sum }
            events.forEach(of: entity) { event in
                slotDetails[slot].days.previous[day(event.timeMicroseconds, from: 0)] += event.score
                slotDetails[slot].seenVersions.insert(event.rule)
            }
        }
    }

    /// What takes events one by one, in their order: days and rules.
    private mutating func add(
        _ events: WeekEvents, _ week: WritableKeyPath<Pair, Sum>, _ daysOfWeek: WritableKeyPath<Days, [Double]>,
        from first: Int
    ) {
        events.forEach { event in
            let day = day(event.timeMicroseconds, from: first)
            let (version, group) = (Int(event.rule), Int(numbers.groupOfRule[Int(event.rule)]))
            days[day][keyPath: week].eventCount += 1
            days[day][keyPath: week].raw += event.score
            versionSums[version][keyPath: week].eventCount += 1
            versionSums[version][keyPath: week].raw += event.score
            ruleDays[group][keyPath: daysOfWeek][day] += event.score
            ruleLastTimes[group] = max(ruleLastTimes[group] ?? .min, event.timeMicroseconds)
        }
    }

    /// The entities with details: the most first, then by name.
    private mutating func choose(_ ranking: WeekTally.Ranking, _ count: Int) {
        func score(_ entity: Int) -> Double {
            ranking == .raw ? entitySums[entity].current.raw : entitySums[entity].current.counted
        }
        let candidates = entitySums.indices.filter { entitySums[$0].current.eventCount > 0 }
            .map { (score: score($0), entity: $0) }
            .sorted { left, right in
                left.score == right.score
                    ? numbers.name(ofEntity: left.entity) < numbers.name(ofEntity: right.entity)
                    : left.score > right.score
            }
        slots = candidates.prefix(max(0, count)).map(\.entity)
        slotOfEntity = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1, $0) })
        slotDetails = [SlotDetail](repeating: SlotDetail(), count: slots.count)
    }

    /// Everything before the week before, by the index alone: what was seen.
    private mutating func readHistory(_ index: RiskIndex) throws {
        var slotOfObject = [Int32](repeating: -1, count: numbers.entityOfObject.count)
        for (object, entity) in numbers.entityOfObject.enumerated() where entity != .max {
            if let slot = slotOfEntity[Int(entity)] { slotOfObject[object] = Int32(slot) }
        }
        try index.forEachRiskColumns(RiskEventQuery(endMicroseconds: previousStart)) { columns in
            for row in 0..<columns.count {
                let (object, rule) = (columns.riskObjects[row], Int(columns.rules[row]))
                guard let entity = numbers.entity(ofObject: object), rule < numbers.groupOfRule.count else { continue }
                isEntitySeen[entity] = true
                isVersionSeen[rule] = true
                let group = Int(numbers.groupOfRule[rule])
                ruleLastTimes[group] = max(ruleLastTimes[group] ?? .min, columns.timesMicroseconds[row])
                let slot = slotOfObject[Int(object)]
                if slot >= 0 { slotDetails[Int(slot)].seenVersions.insert(columns.rules[row]) }
            }
        }
    }

    /// Raw names of an entity with details.
    func objects(ofSlot slot: Int) -> [UInt32] {
        numbers.entityOfObject.indices.filter { numbers.entityOfObject[$0] == UInt32(slots[slot]) }.map { UInt32($0) }
    }
}
