import ArgumentParser
import Content
import Engine
import Formats
import Foundation
import RiskIndex
import SPL

/// From when to when stored events are replayed.
struct ReplayOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Incident runs from this time on: a duration such as 30d, a modifier, ISO 8601 or epoch. Default: 30d.")
    var since: String?

    @Option(parsing: .unconditional, help: "Incident runs before this time. Default: now.")
    var until: String?

    /// - Throws: `UsageError` for times that cannot be read or lie in the wrong order.
    func range(_ common: CommonOptions, now: Int64) throws -> Range<Int64> {
        let start = try common.time(Self.modifier(since ?? common.earliest ?? "30d"), option: "--since", now: now)
        let end = try (until ?? common.latest).map { try common.time($0, option: "--until", now: now) } ?? now
        guard start < end else {
            throw UsageError(
                message: "--since is not before --until",
                hint: "write --since 30d, or two times of which the first is earlier")
        }
        return start..<end
    }

    /// `30d` is thirty days ago; digits alone are epoch seconds.
    private static func modifier(_ text: String) -> String {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        return !digits.isEmpty && !unit.isEmpty && unit.allSatisfy { ("a"..."z").contains($0) } ? "-" + text : text
    }
}

/// Loads the incident rules of files that are no part of the content.
enum IncidentRuleFiles {
    static func load(_ paths: [String], _ common: CommonOptions) throws -> [IncidentRule] {
        guard !paths.isEmpty else { return [] }
        let content = try common.loadContent(ruleFiles: paths)
        return try paths.map { path in
            if let rule = content.catalog.incidentRules.first(where: { $0.file == path }) { return rule }
            let problem = content.problems.first { $0.file == path && $0.diagnostic.severity == .error }
            throw UsageError(
                code: "E813", message: "--incident-rule '\(path)' holds no incident rule that can be read",
                hint: problem?.description ?? "give a .yml file as in risk/incident_rules")
        }
    }
}
