public import SPL

/// All content of a run, each list sorted by name, and what was wrong with the files it came from.
public struct ContentCatalog: Sendable {
    public internal(set) var detections: [Detection] = []
    public internal(set) var macroPlaces: [MacroPlace] = []
    public internal(set) var lookups: [LookupDefinition] = []
    public internal(set) var stories: [Story] = []
    public internal(set) var schedules: [NamedSchedule] = []
    public internal(set) var baselines: [Baseline] = []
    public internal(set) var dataSources: [DataSource] = []
    public internal(set) var incidentRules: [IncidentRule] = []
    /// Enabled or not.
    public internal(set) var riskFactors: [RiskFactor] = []
    public internal(set) var dataModels: [DataModel] = []
    /// By file, then place.
    public internal(set) var problems: [ContentProblem] = []

    public var macros: [MacroDefinition] { macroPlaces.map(\.macro) }

    /// The incident rules that are on and run in a profile, by name.
    public func incidentRules(of profile: RiskProfile) -> [IncidentRule] {
        incidentRules.filter { $0.isEnabled && $0.profiles.contains(profile) }
    }

    /// Detections whose name, search name, file, or file name (with or without its ending) the pattern fits.
    ///
    /// `*` stands for any text and `?` for one character; letters are compared without case.
    public func detections(matching pattern: String) -> [Detection] { detections(matching: [pattern])[0] }

    /// As ``detections(matching:)-(String)``, for each of many patterns.
    public func detections(matching patterns: [String]) -> [[Detection]] {
        let names = detections.map { DetectionNames($0) }
        return patterns.map { pattern in
            let glob = Glob(pattern)
            return zip(detections, names).filter { $1.match(glob) }.map(\.0)
        }
    }

    /// The techniques of detections that a matrix does not hold, as warnings; sorted.
    ///
    /// The version of the matrix matters: techniques come and go between releases of ATT&CK.
    public func unknownTechniques(in matrix: AttackMatrix) -> [ContentProblem] {
        detections.flatMap { detection in
            matrix.annotations(for: detection.mitreAttackIDs).unknownIDs.map { id in
                let diagnostic = Diagnostic(
                    ContentCode.unknownTechnique,
                    "technique '\(shortened(id))' is not in ATT&CK \(matrix.version), so it adds no tactic",
                    hint: "correct the id, or load the matrix version that has it", severity: .warning)
                return ContentProblem(file: detection.file, position: .start, diagnostic: diagnostic)
            }
        }.sorted()
    }
}

/// A pattern of `*` and `?` over text, without case.
public struct Glob: Sendable {
    private let pattern: [Character]

    public init(_ pattern: String) { self.pattern = Self.folded(pattern) }

    public func matches(_ text: String) -> Bool { matches(Self.folded(text)) }

    /// What a text is compared as.
    static func folded(_ text: String) -> [Character] { Array(text.lowercased()) }

    /// Goes back to the last `*` only: time is at most pattern times text.
    func matches(_ text: [Character]) -> Bool {
        var (inPattern, inText) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == "*" {
                star = (inPattern, inText)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == "?" || pattern[inPattern] == text[inText] {
                inPattern += 1
                inText += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                inPattern = last.pattern + 1
                inText = last.text + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == "*" }
    }
}
