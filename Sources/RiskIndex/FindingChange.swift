import GRDB

/// Where a finding is in its life.
public enum FindingState: String, Sendable, CaseIterable {
    /// The rule holds for the first time.
    case opened
    /// The rule holds, and something is new that an analyst has not seen.
    case updated
    /// The rule holds, and nothing is new: nobody is told again.
    case held
    /// The rule holds no more.
    case closed
}

/// One step of a finding's life, with what the entity looked like then. Runs of the same state and reason are one step.
public struct FindingChange: Sendable, Hashable {
    /// The run that found it so, and the last one in a row that did.
    public var timeMicroseconds: Int64
    public var lastTimeMicroseconds: Int64
    public var runCount: Int
    public var state: FindingState
    /// `threshold`, `new_rule`, `new_tactic`, `new_threat_object`, `score_up`, `known_rules`, `slide_out`, `below`.
    public var reasonCode: String
    public var reason: String
    public var windowStartMicroseconds: Int64
    public var windowEndMicroseconds: Int64
    /// What the incident rule says, the plain sum, and what of it counts.
    public var riskScore: Double
    public var rawRiskScore: Double
    public var countedRiskScore: Double
    public var riskEventCount: Int
    public var severity: String
    /// `search_name`s of the window's events, sorted; as are ids of tactics and threat objects.
    public var sources: [String]
    public var tactics: [String]
    public var threatObjects: [ThreatObject]

    public init(
        timeMicroseconds: Int64, state: FindingState, reasonCode: String, reason: String,
        windowStartMicroseconds: Int64, windowEndMicroseconds: Int64, riskScore: Double, rawRiskScore: Double,
        countedRiskScore: Double, riskEventCount: Int, severity: String, sources: [String], tactics: [String],
        threatObjects: [ThreatObject]
    ) {
        self.timeMicroseconds = timeMicroseconds
        lastTimeMicroseconds = timeMicroseconds
        runCount = 1
        self.state = state
        self.reasonCode = reasonCode
        self.reason = reason
        self.windowStartMicroseconds = windowStartMicroseconds
        self.windowEndMicroseconds = windowEndMicroseconds
        self.riskScore = riskScore
        self.rawRiskScore = rawRiskScore
        self.countedRiskScore = countedRiskScore
        self.riskEventCount = riskEventCount
        self.severity = severity
        self.sources = sources
        self.tactics = tactics
        self.threatObjects = threatObjects
    }
}

/// A change between the struct and its row.
enum FindingChangeRecord {
    static let columns = """
        time, last_time, run_count, state, reason_code, reason, info_min_time, info_max_time, risk_score,
        raw_risk_score, counted_risk_score, risk_event_count, severity, sources, tactics, threat_objects
        """

    /// Later steps replace the row of their position: a step that goes on is written again.
    static let insertSQL = """
        INSERT OR REPLACE INTO finding_change (finding_id, position, \(columns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let selectSQL = "SELECT \(columns) FROM finding_change WHERE finding_id = ? ORDER BY position"

    static func arguments(_ change: FindingChange, findingID: Int64, position: Int) -> StatementArguments {
        [
            findingID, position, change.timeMicroseconds, change.lastTimeMicroseconds, change.runCount,
            change.state.rawValue, change.reasonCode, StoredText.encode(change.reason),
            change.windowStartMicroseconds, change.windowEndMicroseconds, change.riskScore, change.rawRiskScore,
            change.countedRiskScore, change.riskEventCount, StoredText.encode(change.severity),
            StringListJSON.encode(change.sources), StringListJSON.encode(change.tactics),
            StringListJSON.encode(change.threatObjects.map { [$0.value, $0.type] }),
        ]
    }

    static func decode(_ row: Row, findingKey: String, path: String) throws -> FindingChange {
        guard let state = FindingState(rawValue: row[3]), let sources = StringListJSON.decodeList(row[13]),
            let tactics = StringListJSON.decodeList(row[14]), let threats = StringListJSON.decodeLists(row[15]),
            threats.allSatisfy({ $0.count == 2 })
        else { throw IndexError.damagedRecord(path: path, table: "change of finding", key: findingKey) }
        var change = FindingChange(
            timeMicroseconds: row[0], state: state, reasonCode: row[4], reason: StoredText.decode(row[5]),
            windowStartMicroseconds: row[6], windowEndMicroseconds: row[7], riskScore: row[8], rawRiskScore: row[9],
            countedRiskScore: row[10], riskEventCount: row[11], severity: StoredText.decode(row[12]),
            sources: sources, tactics: tactics, threatObjects: threats.map { ThreatObject(value: $0[0], type: $0[1]) })
        change.lastTimeMicroseconds = row[1]
        change.runCount = row[2]
        return change
    }
}
