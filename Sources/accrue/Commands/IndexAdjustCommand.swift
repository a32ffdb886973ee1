import ArgumentParser
import Columns
import Engine
import Formats
import Foundation
import Risk
import RiskIndex

struct IndexAdjustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust",
        abstract: "Adds a risk event by hand, Splunk's ad-hoc risk; a negative score takes away.",
        discussion: """
            With --answers a counted score (profile recommended) takes the entry only where it takes the event that it
            answers; a raw sum, as Splunk's, takes it by its own time. Expiry lets both go together.
            Example: accrue index adjust alice --score -20 --answers 3f2a91 --note 'planned migration, CHG-1042'
            """)

    @Argument(help: "The entity, by a normalized or raw name, without regard to case.")
    var entity: String

    @Option(parsing: .unconditional, help: "What it adds to the entity's risk.")
    var score: Double

    @Option(help: "Why; the risk event's message.")
    var note: String

    @Option(help: "Who. Default: the user that runs this.")
    var author: String?

    @Option(help: "Id of the risk event that this answers.")
    var answers: String?

    @Option(help: "user, system, other, or a custom type.")
    var type: String?

    @Option(help: "How far back from now the sums look that are shown, such as 24h or 7d.")
    var window = "7d"

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard score.isFinite else { throw ValidationError("--score takes a finite number") }
    }

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let start = min(try common.moved("-", window, option: "--window", now: now), now)
        let report = try common.openIndex(now: now).adjust(
            ManualEntry(
                entity: entity, riskObjectType: type, score: score, note: note, author: author ?? NSUserName(),
                timeMicroseconds: now, answeredIDPrefix: answers),
            window: start..<now + 1)
        output.write([
            [
                ResultField("risk_event_id", .text(report.event.id)),
                ResultField("normalized_risk_object", .text(report.event.normalizedRiskObject)),
                ResultField("risk_object_type", .text(report.event.riskObjectType)),
                ResultField("risk_score", .number(report.event.riskScore)),
                ResultField("score_before", .number(report.scoreBefore)),
                ResultField("score_after", .number(report.scoreAfter)),
                ResultField("new", .text(report.isNew ? "true" : "false")),
            ]
        ])
    }
}
