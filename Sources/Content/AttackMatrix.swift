/// One version of the ATT&CK matrix: techniques, the tactics they serve, and the kill-chain phase of each tactic.
///
/// Facts of MITRE ATT&CK; see NOTICE. Tactic names are the short ones that Splunk's annotations carry
/// (`privilege-escalation`).
public struct AttackMatrix: Sendable, Hashable {
    public struct Tactic: Sendable, Hashable {
        public var id: String
        public var name: String
        /// Phase of Lockheed Martin's kill chain.
        public var killChainPhase: String
    }

    public struct Technique: Sendable, Hashable {
        public var id: String
        public var name: String
        public var tacticIDs: [String]
    }

    /// What a detection's technique ids mean. Every list is free of repetition and sorted, as `values()` gives it.
    public struct Annotations: Sendable, Hashable {
        /// The ids as given, known ones only.
        public var techniqueIDs: [String] = []
        public var techniques: [String] = []
        public var tacticIDs: [String] = []
        public var tactics: [String] = []
        public var killChainPhases: [String] = []
        /// Ids that the matrix does not hold, nor their parent technique.
        public var unknownIDs: [String] = []
    }

    /// Of ATT&CK, such as `17.0`. Stored with each risk event, since later versions cut the tactics anew.
    public let version: String
    public let tactics: [Tactic]
    public let techniques: [Technique]
    private let tacticByID: [String: Tactic]
    private let techniqueByID: [String: Technique]

    /// Reads the two tables of `risk/attack/`.
    ///
    /// - Parameter tactics: `tactic_id,tactic,kill_chain_phase,attack_version`; every row of one version.
    /// - Parameter techniques: `technique_id,technique,tactic_ids`, the ids with blanks between them.
    /// - Throws: a ``ContentProblem`` with the line that cannot be read.
    public init(
        tactics tacticTable: (file: String, text: String), techniques techniqueTable: (file: String, text: String)
    ) throws(ContentProblem) {
        var tactics: [Tactic] = []
        var versions: Set<String> = []
        let tacticRows = try AttackTable.rows(
            tacticTable, header: ["tactic_id", "tactic", "kill_chain_phase", "attack_version"])
        for row in tacticRows {
            tactics.append(Tactic(id: row.values[0], name: row.values[1], killChainPhase: row.values[2]))
            versions.insert(row.values[3])
            guard versions.count == 1 else {
                throw AttackTable.problem(tacticTable.file, row.line, "table mixes versions of ATT&CK")
            }
        }
        let tacticByID = Dictionary(tactics.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var techniques: [Technique] = []
        for row in try AttackTable.rows(techniqueTable, header: ["technique_id", "technique", "tactic_ids"]) {
            let tacticIDs = row.values[2].split(separator: " ").map(String.init)
            if let unknown = tacticIDs.first(where: { tacticByID[$0] == nil }) {
                throw AttackTable.problem(techniqueTable.file, row.line, "unknown tactic '\(shortened(unknown))'")
            }
            techniques.append(Technique(id: row.values[0], name: row.values[1], tacticIDs: tacticIDs))
        }
        version = versions.first ?? ""
        self.tactics = tactics
        self.techniques = techniques
        self.tacticByID = tacticByID
        techniqueByID = Dictionary(techniques.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// No matrix at all: every technique is unknown, no event has tactics.
    public static let none = AttackMatrix()

    private init() {
        version = "none"
        tactics = []
        techniques = []
        tacticByID = [:]
        techniqueByID = [:]
    }

    /// The technique of an id; an unknown sub-technique (`T1204.999`) gives its parent, nil when that is unknown too.
    public func technique(_ id: String) -> Technique? {
        techniqueByID[id] ?? id.firstIndex(of: ".").flatMap { techniqueByID[String(id[..<$0])] }
    }

    public func tactic(_ id: String) -> Tactic? { tacticByID[id] }

    /// The annotations of a list of technique ids.
    ///
    /// A technique of several tactics gives them all: one rule can count for three tactics, as in Splunk.
    public func annotations(for ids: [String]) -> Annotations {
        var names: Set<String> = []
        var tacticIDs: Set<String> = []
        var known: Set<String> = []
        var unknown: Set<String> = []
        for id in ids {
            guard let technique = technique(id) else {
                unknown.insert(id)
                continue
            }
            known.insert(id)
            names.insert(technique.name)
            tacticIDs.formUnion(technique.tacticIDs)
        }
        let tactics = tacticIDs.compactMap { tacticByID[$0] }
        return Annotations(
            techniqueIDs: known.sorted(), techniques: names.sorted(), tacticIDs: tacticIDs.sorted(),
            tactics: Set(tactics.map(\.name)).sorted(), killChainPhases: Set(tactics.map(\.killChainPhase)).sorted(),
            unknownIDs: unknown.sorted())
    }
}
