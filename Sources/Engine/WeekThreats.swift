import Columns
import RiskIndex

/// Threat objects of one week, and which of them are new.
struct WeekThreats: Sendable {
    /// In no event before the week; by value, then type.
    let new: [WeekTally.Threat]
    /// Which entity was seen with which threat object in the week: the entity's number above the threat object's.
    private let pairs: [UInt64]
    private let newNumbers: Set<UInt32>
    private let dimensions: RiskDimensions
    private let start: Int64

    init(_ index: RiskIndex, _ numbers: WeekNumbers, start: Int64, end: Int64) throws {
        let dimensions = numbers.dimensions
        var eventCounts = [Int](repeating: 0, count: dimensions.threatObjectBound)
        var scores = [Double](repeating: 0, count: dimensions.threatObjectBound)
        var pairs: [UInt64] = []
        // Most pairs come again and again: they are sorted out whenever the list has grown to twice its size.
        var limit = 1 << 20
        try index.forEachThreatSighting(start: start, end: end) { columns in
            for row in 0..<columns.count {
                let threat = columns.threatObjects[row]
                guard let entity = numbers.entity(ofObject: columns.riskObjects[row]), Int(threat) < eventCounts.count
                else { continue }
                eventCounts[Int(threat)] += 1
                scores[Int(threat)] += columns.calculatedRiskScores[row]
                pairs.append(UInt64(entity) << 32 | UInt64(threat))
            }
            if pairs.count >= limit {
                pairs = pairs.sortedDistinct()
                limit = max(limit, 2 * pairs.count)
            }
        }
        pairs = pairs.sortedDistinct()
        let named = eventCounts.indices.filter { eventCounts[$0] > 0 }.map { UInt32($0) }
        let new = Set(named).subtracting(try index.threatObjects(named, seenBefore: start))
        var entityCounts: [UInt32: Int] = [:]
        for pair in pairs where new.contains(UInt32(truncatingIfNeeded: pair)) {
            entityCounts[UInt32(truncatingIfNeeded: pair), default: 0] += 1
        }
        self.pairs = pairs
        self.dimensions = dimensions
        self.start = start
        newNumbers = new
        self.new = WeekThreats.named(new, dimensions).map { number, threat in
            WeekTally.Threat(
                threatObject: threat, eventCount: eventCounts[Int(number)], raw: scores[Int(number)],
                entityCount: entityCounts[number] ?? 0)
        }
    }

    /// In no event of the entity before the week; by value, then type.
    ///
    /// - Parameter objects: all raw names of the entity.
    func new(ofEntity entity: Int, objects: [UInt32], _ index: RiskIndex) throws -> [ThreatObject] {
        let first = pairs.firstPosition(atOrAfter: UInt64(entity) << 32)
        let last = pairs.firstPosition(atOrAfter: UInt64(entity + 1) << 32)
        let threats = pairs[first..<last].map { UInt32(truncatingIfNeeded: $0) }
        guard !threats.isEmpty else { return [] }
        // What is new to everybody needs no look into the entity's past.
        let isPastNeeded = threats.contains { !newNumbers.contains($0) }
        let known = isPastNeeded ? try index.threatObjects(ofRiskObjects: objects, before: start) : []
        return WeekThreats.named(Set(threats).subtracting(known), dimensions).map(\.threat)
    }

    private static func named(
        _ numbers: Set<UInt32>, _ dimensions: RiskDimensions
    ) -> [(number: UInt32, threat: ThreatObject)] {
        numbers.compactMap { number in dimensions.threatObject(Int(number)).map { (number, $0) } }
            .map { (number: $0, threat: $1, value: Text($1.value), type: Text($1.type)) }
            .sorted { ($0.value, $0.type) < ($1.value, $1.type) }
            .map { ($0.number, $0.threat) }
    }
}

extension [UInt64] {
    fileprivate func sortedDistinct() -> [UInt64] {
        var distinct: [UInt64] = []
        for element in sorted() where element != distinct.last { distinct.append(element) }
        return distinct
    }

    /// In a sorted array; its count when all are less.
    fileprivate func firstPosition(atOrAfter element: UInt64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
