import GRDB
import GRDBSQLite

/// What one rule's risk events in a window amounted to. All versions of a rule are one.
public struct RuleActivity: Sendable, Hashable {
    public var searchName: String
    public var riskEventCount: Int
    public var entityCount: Int
    /// Sum of `calculated_risk_score`, in order of time.
    public var riskScore: Double
    /// Of its last risk event before the window's end, which may lie before its start; UTC microseconds.
    public var lastFiringMicroseconds: Int64?
    /// Findings of the window that one of its events belongs to, as positions in ``RuleActivities/findingKeys``,
    /// ascending.
    public var findings: [Int]

    public init(
        searchName: String, riskEventCount: Int, entityCount: Int, riskScore: Double, lastFiringMicroseconds: Int64?,
        findings: [Int]
    ) {
        self.searchName = searchName
        self.riskEventCount = riskEventCount
        self.entityCount = entityCount
        self.riskScore = riskScore
        self.lastFiringMicroseconds = lastFiringMicroseconds
        self.findings = findings
    }
}

public struct RuleActivities: Sendable {
    /// Every rule that has an event in the index, by name.
    public var rules: [RuleActivity]
    /// Of the window, by time, then key.
    public var findingKeys: [String]

    public init(rules: [RuleActivity], findingKeys: [String]) {
        self.rules = rules
        self.findingKeys = findingKeys
    }
}

extension RiskIndex {
    /// All rules' activity in `start <= time < end` (UTC microseconds), of events and of findings, read as columns: one
    /// step over an index each event.
    public func ruleActivities(start: Int64, end: Int64) throws(IndexError) -> RuleActivities {
        try reading { database in
            let dimensions = try RiskDimensions.read(database, path: path)
            var tallies = [RuleTally](repeating: RuleTally(), count: dimensions.ruleBound)
            try tally(database, dimensions, start, end, &tallies)
            var findingKeys: [String] = []
            try tallyFindings(database, dimensions, start, end, &tallies, &findingKeys)
            var rules: [RuleActivity] = []
            let lastFiring = try database.makeStatement(sql: RiskIndex.lastFiringSQL)
            for number in 0..<dimensions.ruleBound {
                guard let rule = dimensions.rule(number) else { continue }
                let last = try Int64.fetchOne(lastFiring, arguments: [number, end])
                let group = Int(dimensions.ruleGroup(UInt32(number)))
                tallies[group].lastFiring = max(tallies[group].lastFiring ?? .min, last ?? .min)
                if group == number { tallies[group].searchName = rule.searchName }
            }
            for tally in tallies {
                guard let name = tally.searchName else { continue }
                rules.append(
                    RuleActivity(
                        searchName: name, riskEventCount: tally.count, entityCount: tally.entityCount,
                        riskScore: tally.score,
                        lastFiringMicroseconds: tally.lastFiring.flatMap { $0 == .min ? nil : $0 },
                        findings: tally.findings))
            }
            rules.sort { $0.searchName.utf8.lexicographicallyPrecedes($1.searchName.utf8) }
            return RuleActivities(rules: rules, findingKeys: findingKeys)
        }
    }

    static let lastFiringSQL = "SELECT max(time) FROM risk_record WHERE rule = ? AND time < ?"

    private func tally(
        _ database: Database, _ dimensions: RiskDimensions, _ start: Int64, _ end: Int64, _ tallies: inout [RuleTally]
    ) throws {
        let query = RiskEventQuery(startMicroseconds: start, endMicroseconds: end)
        let select = try RiskColumnReader.select(query, [], path: path)
        var reader = try RiskColumnReader(database, select, [], path: path)
        let groups = (0..<dimensions.ruleBound).map { Int(dimensions.ruleGroup(UInt32($0))) }
        let entities = (0..<dimensions.riskObjectBound).map {
            UInt32(truncatingIfNeeded: dimensions.riskObject($0)?.entityID ?? 0)
        }
        var seen: Set<UInt64> = []
        while let batch = try reader.next(65_536) {
            for row in 0..<batch.count {
                let group = groups[Int(batch.rules[row])]
                tallies[group].count += 1
                tallies[group].score += batch.calculatedRiskScores[row]
                let entity = entities[Int(batch.riskObjects[row])]
                if seen.insert(UInt64(group) << 32 | UInt64(entity)).inserted { tallies[group].entityCount += 1 }
            }
        }
    }

    private func tallyFindings(
        _ database: Database, _ dimensions: RiskDimensions, _ start: Int64, _ end: Int64,
        _ tallies: inout [RuleTally], _ keys: inout [String]
    ) throws {
        let findings = try Row.fetchAll(
            database, sql: "SELECT id, key FROM finding WHERE time >= ? AND time < ? ORDER BY time, key",
            arguments: [start, end])
        for (position, finding) in findings.enumerated() {
            keys.append(finding[1])
            var groups: Set<Int> = []
            try database.step(RiskIndex.findingRuleSQL, [finding[0]]) { row in
                groups.insert(Int(dimensions.ruleGroup(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 0)))))
            }
            for group in groups { tallies[group].findings.append(position) }
        }
    }

    static let findingRuleSQL = """
        SELECT rule FROM finding_risk_event JOIN risk_record ON risk_record.id = risk_event_id WHERE finding_id = ?
        """
}

private struct RuleTally {
    var searchName: String?
    var count = 0
    var entityCount = 0
    var score = 0.0
    var lastFiring: Int64?
    var findings: [Int] = []
}
