import Content
import Risk
import RiskIndex

/// What incident runs know of earlier runs, and where their findings go: the index, or memory only.
protocol FindingStore: Sendable {
    func findings(of rule: IncidentRule) throws -> [Finding]

    /// Of one profile.
    func lives(of rule: IncidentRule, _ profile: RiskProfile) throws -> [FindingLife]

    /// By finding key.
    func reviews() throws -> [String: [FindingReview]]

    /// The last run of the rule that was looked at, UTC microseconds; nil for none.
    func lastLook(at rule: IncidentRule, _ profile: RiskProfile) throws -> Int64?

    mutating func setLastLook(_ timeMicroseconds: Int64, at rule: IncidentRule, _ profile: RiskProfile) throws

    /// - Returns: how many findings are new.
    mutating func add(_ lives: [FindingLife], of rule: IncidentRule) throws -> Int
}

/// The findings of the index.
struct IndexedFindings: FindingStore {
    let index: RiskIndex

    func findings(of rule: IncidentRule) throws -> [Finding] {
        try index.findings(FindingQuery(searchNames: [rule.searchName]))
    }

    func lives(of rule: IncidentRule, _ profile: RiskProfile) throws -> [FindingLife] {
        try index.lives(FindingQuery(searchNames: [rule.searchName])).filter { $0.finding.profile == profile.rawValue }
    }

    func reviews() throws -> [String: [FindingReview]] { try index.reviews() }

    func lastLook(at rule: IncidentRule, _ profile: RiskProfile) throws -> Int64? {
        try index.setting(setting(rule, profile)).flatMap { Int64($0) }
    }

    func setLastLook(_ timeMicroseconds: Int64, at rule: IncidentRule, _ profile: RiskProfile) throws {
        try index.setSetting(setting(rule, profile), String(timeMicroseconds))
    }

    func add(_ lives: [FindingLife], of rule: IncidentRule) throws -> Int { try index.write(lives).newFindings }

    private func setting(_ rule: IncidentRule, _ profile: RiskProfile) -> String {
        "incidents \(profile.rawValue) \(rule.id)"
    }
}

/// Findings of runs that begin with none, kept until somebody has compared them.
struct CollectedFindings: FindingStore {
    /// By rule id; each by time, then key.
    private(set) var findings: [String: [BacktestFinding]] = [:]

    func findings(of rule: IncidentRule) -> [Finding] { [] }
    func lives(of rule: IncidentRule, _ profile: RiskProfile) -> [FindingLife] { [] }
    func reviews() -> [String: [FindingReview]] { [:] }
    func lastLook(at rule: IncidentRule, _ profile: RiskProfile) -> Int64? { nil }
    mutating func setLastLook(_ timeMicroseconds: Int64, at rule: IncidentRule, _ profile: RiskProfile) {}

    mutating func add(_ lives: [FindingLife], of rule: IncidentRule) -> Int {
        findings[rule.id, default: []] += lives.map { BacktestFinding($0.finding) }
        return lives.count
    }
}
