public import Content
import Fields
public import Formats
import SPL
import Search

/// Compiles everything that content asks to run: each detection, baseline, incident rule and macro, with all that is
/// loaded around it.
public struct ContentCheck: Sendable {
    /// How one kind of content fared.
    public struct Tally: Sendable {
        public var kind: String
        public var checked = 0
        /// Those with an error.
        public var refused = 0
    }

    public struct Report: Sendable {
        /// By file, then place.
        public var findings: [ContentProblem]
        public var tallies: [Tally]

        public var hasErrors: Bool { findings.contains { $0.diagnostic.severity == .error } }
    }

    private let content: LoadedContent
    private let environment: SearchEnvironment

    /// - Parameter nowMicroseconds: UTC; relative times are only checked, never resolved for a run.
    public init(_ content: LoadedContent, nowMicroseconds: Int64, zone: TimeZoneRules = .utc) {
        self.content = content
        var environment = content.environment(nowMicroseconds: nowMicroseconds, zone: zone)
        environment.checksOnly = true
        self.environment = environment
    }

    /// - Parameter folder: only files below it are checked and told of; nil checks all that is loaded.
    public func run(below folder: String?) -> Report {
        let prefix = folder.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        func isWanted(_ file: String) -> Bool { prefix.map { file.hasPrefix($0) } ?? true }
        var findings = content.problems.filter { isWanted($0.file) }
        findings += content.addonProblems.filter { isWanted($0.file) }.map { problem in
            ContentProblem(
                file: problem.file, position: TextPosition(line: problem.line, column: 1),
                diagnostic: Diagnostic(problem.code, problem.message, hint: problem.hint, severity: .warning))
        }
        var tallies: [Tally] = []
        func check<Item>(_ kind: String, _ items: [Item], _ problems: (Item) -> [ContentProblem]) {
            var tally = Tally(kind: kind)
            for item in items {
                let found = problems(item)
                tally.checked += 1
                if found.contains(where: { $0.diagnostic.severity == .error }) { tally.refused += 1 }
                findings += found
            }
            tallies.append(tally)
        }
        check("detections", content.catalog.detections.filter { isWanted($0.file) }) { detection in
            do throws(RuleProblem) {
                return try DetectionPlan(detection, environment: environment).warnings.map(\.contentProblem)
            } catch {
                return [error.contentProblem]
            }
        }
        check("baselines", content.catalog.baselines.filter { isWanted($0.file) }) { problems($0.ruleSearch) }
        check("incident rules", content.catalog.incidentRules.filter { isWanted($0.file) }) { problems($0.ruleSearch) }
        check("macros", content.catalog.macroPlaces.filter { isWanted($0.file) }) { place in
            MacroCheck(place.macro, environment).problems.map {
                ContentProblem(file: place.file, position: place.origin.start, diagnostic: $0)
            }
        }
        return Report(findings: findings.sorted(), tallies: tallies)
    }

    private func problems(_ rule: RuleSearch) -> [ContentProblem] {
        do throws(RuleProblem) {
            let (search, expanded) = try rule.compile(environment)
            return search.missingFileWarnings.map { rule.problem($0, in: expanded).contentProblem }
        } catch {
            return [error.contentProblem]
        }
    }
}

extension CompiledSearch {
    /// What a run needs beside the content: it is no mistake of the content's.
    var missingFileWarnings: [Diagnostic] {
        missingFiles.map { Diagnostic($0.code, $0.message, hint: $0.hint, severity: .warning) }
    }
}

extension RuleProblem {
    var contentProblem: ContentProblem {
        ContentProblem(file: file, position: TextPosition(line: line, column: column), diagnostic: diagnostic)
    }
}
