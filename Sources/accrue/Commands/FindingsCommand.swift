import ArgumentParser
import Columns
import Formats
import Reports
import Risk
import RiskIndex
import Search

struct FindingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "The findings: entities for which a risk incident rule held.",
        discussion: """
            Examples:
              accrue findings --since -7d --open
              accrue findings --status in_progress --owner amy --format ndjson
            """)

    @Option(parsing: .unconditional, help: "Only findings at or after this time: a modifier, ISO 8601 or epoch.")
    var since: String?

    @Option(help: "Only with this status: new, in_progress, pending, resolved or closed.")
    var status: String?

    @Option(help: "Only in this state: opened, updated, held or closed (the rule does not hold any more).")
    var state: String?

    @Option(help: "Only with this owner; 'unassigned' for nobody's.")
    var owner: String?

    @Option(help: "Only of this entity (its normalized name), without regard to case.")
    var entity: String?

    @Option(help: "Only of this incident rule, by its search name.")
    var rule: String?

    @Flag(help: "Only those that nobody has resolved or closed.")
    var open = false

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let range = try common.range(now: now)
        let start = try since.map { try common.time($0, option: "--since", now: now) } ?? range.earliest
        let status = try status.map(ReviewOptions.status)
        let state = try state.map(Self.state)
        let index = try common.openIndexForReading(now: now)
        let lives = try index.lives(
            FindingQuery(
                startMicroseconds: start, endMicroseconds: range.latest,
                normalizedRiskObjects: entity.map { [$0] }, searchNames: rule.map { [$0] }))
        let reviews = try index.reviews()
        let rows = lives.map { ListedFinding($0, reviews[$0.finding.key] ?? []) }.filter { listed in
            let standing = listed.standing
            return (status.map { standing.status == $0 } ?? true)
                && (state.map { listed.life.finding.state == $0 } ?? true)
                && (owner.map { FoldedName.fold($0).utf8.elementsEqual(FoldedName.fold(standing.owner).utf8) } ?? true)
                && !(open && standing.status.isDone)
        }
        output.write(rows.map { output.form == .table ? $0.row : ResultField.rows($0.fields) })
    }

    private static func state(_ text: String) throws -> FindingState {
        if let state = FindingState(rawValue: text.lowercased()) { return state }
        throw UsageError(
            message: "unknown state '\(Console.escape(text))'",
            hint: "states: " + FindingState.allCases.map(\.rawValue).joined(separator: ", "))
    }
}

/// A finding as the list shows it.
private struct ListedFinding {
    let life: FindingLife
    let standing: FindingStanding

    init(_ life: FindingLife, _ reviews: [FindingReview]) {
        self.life = life
        standing = FindingStanding(reviews)
    }

    /// The last step that was told, or the last review; held runs change nothing.
    private var lastChange: (timeMicroseconds: Int64, what: String) {
        let step = life.changes.last { $0.state != .held }
        let stepTime = step?.timeMicroseconds ?? life.finding.timeMicroseconds
        if let time = standing.timeMicroseconds, time >= stepTime { return (time, "review") }
        return (stepTime, step.map { "\($0.state.rawValue): \($0.reasonCode)" } ?? life.finding.state.rawValue)
    }

    var fields: [(name: String, value: Value)] {
        let change = lastChange
        return life.finding.splunkFields(standing) + [
            ("last_change_time", .number(Double(change.timeMicroseconds) / 1_000_000)),
            ("last_change", .text(change.what)),
        ]
    }

    /// The columns that fit on a screen.
    var row: [ResultField] {
        let change = lastChange
        return FindingRows.row(life.finding) + [
            ResultField("state", .text(life.finding.state.rawValue)),
            ResultField("status", .text(standing.status.label)), ResultField("owner", .text(standing.owner)),
            ResultField("last_change", .text("\(TimeText.iso8601(change.timeMicroseconds)) \(change.what)")),
        ]
    }
}
