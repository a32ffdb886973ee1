import ArgumentParser
import Engine
import Foundation
import Reports
import Risk
import RiskIndex

struct FindingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finding", abstract: "One finding: what became of it, who looks after it, and why it opened.",
        discussion: """
            Examples:
              accrue finding 3f2a91c0 --explain --threshold 80,60
              accrue finding 3f2a91c0 --format html > finding.html
              accrue finding 3f2a91c0 --status in_progress --owner amy
              accrue finding 3f2a91c0 --status closed --disposition benign_positive --note 'planned migration'
            """)

    @Argument(help: "The finding's id, or the start of it.")
    var id: String

    @Flag(help: "The ledger from base scores to sums, and what would have been without a rule or threat object.")
    var explain = false

    @Option(help: "With --explain: thresholds to look at beside the content's own, such as 80,60.")
    var threshold: String?

    @Flag(help: "With --explain: also Elastic Security's score.")
    var elastic = false

    @Option(help: "Review: new, in_progress, pending, resolved or closed.")
    var status: String?

    @Option(help: "Review: who looks after it.")
    var owner: String?

    @Option(
        help:
            "Review: true_positive, benign_positive, false_positive, false_positive_inaccurate_data, other, undetermined."
    )
    var disposition: String?

    @Option(help: "Review: what is worth to know.")
    var note: String?

    @Option(help: "Who writes the review. Default: the user of this process.")
    var author: String?

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: RowOutput.forms + [.text, .html])
        let now = try common.clock()
        let zone = try common.zone()
        let review = try review(now: now)
        let isExplained = explain || form == .html
        let options = try ExplainOptions.job(common, threshold: threshold, elastic: elastic, isAsked: isExplained)
        var index = try common.openIndexForReading(now: now)
        guard let finding = try index.finding(idPrefix: id) else {
            throw EngineError(
                "E356", "no finding has the id '\(Console.escape(id))'", hint: "`accrue findings` lists them")
        }
        if let review {
            index = try common.openIndex(now: now)
            try index.add(review, findingKey: finding.key)
        }
        let life = FindingLife(finding: finding, changes: try index.changes(findingKey: finding.key))
        let explanation = try isExplained ? ExplainJob(common.loadContent(), options).finding(life, in: index) : nil
        let report = FindingReport(
            life, reviews: try index.reviews(findingKey: finding.key)[finding.key] ?? [],
            twins: try index.twins(of: finding),
            explanation: explanation, zone: zone)
        switch form {
        case .json: Console.output(report.json)
        case .html: Console.output(FindingPage(report).html)
        case .ndjson, .csv: RowOutput(form: form).write(report.rows)
        default: Console.output(report.text())
        }
    }

    /// Nil when nothing is reviewed.
    private func review(now: Int64) throws -> FindingReview? {
        guard status != nil || owner != nil || disposition != nil || note != nil else {
            guard author == nil else {
                throw UsageError(
                    message: "--author writes nothing by itself",
                    hint: "add --status, --owner, --disposition or --note")
            }
            return nil
        }
        return FindingReview(
            timeMicroseconds: now, author: try ReviewAuthor.name(author),
            status: try status.map { try ReviewOptions.status($0).rawValue },
            owner: owner.map { $0.isEmpty ? FindingStanding.nobody : $0 },
            disposition: try disposition.map { try ReviewOptions.disposition($0).rawValue }, note: note)
    }
}

/// What people type for a review's words.
enum ReviewOptions {
    static func status(_ text: String) throws -> ReviewStatus {
        if let status = ReviewStatus(typed: text) { return status }
        throw UsageError(
            message: "unknown status '\(Console.escape(text))'",
            hint: "statuses: " + ReviewStatus.allCases.map(\.rawValue).joined(separator: ", "))
    }

    static func disposition(_ text: String) throws -> ReviewDisposition {
        if let disposition = ReviewDisposition(typed: text) { return disposition }
        throw UsageError(
            message: "unknown disposition '\(Console.escape(text))'",
            hint: "dispositions: "
                + ReviewDisposition.allCases.map { "\($0.rawValue) (\($0.label))" }.joined(separator: ", "))
    }
}

/// Who writes what an analyst writes.
enum ReviewAuthor {
    static func name(_ given: String?) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let candidates = [given, environment["USER"], environment["LOGNAME"], NSUserName()]
        if let name = candidates.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) { return name }
        throw UsageError(message: "nobody is named as the author", hint: "set --author NAME, or USER")
    }
}

/// The options of an explanation.
enum ExplainOptions {
    /// - Parameter isAsked: whether there is to be an explanation: the other options make no sense without it.
    static func job(
        _ common: CommonOptions, threshold: String?, elastic: Bool, isAsked: Bool
    ) throws -> ExplainJob.Options {
        var options = ExplainJob.Options(profile: common.riskProfile, zone: try common.zone())
        guard isAsked || (threshold == nil && !elastic) else {
            throw UsageError(message: "--threshold and --elastic belong to an explanation", hint: "add --explain")
        }
        options.wantsElasticScore = elastic
        options.thresholds =
            try threshold?.split(separator: ",", omittingEmptySubsequences: false).map { part in
                guard let number = Double(part.trimmingCharacters(in: .whitespaces)), number.isFinite else {
                    throw UsageError(
                        message: "--threshold '\(Console.escape(String(part)))' is no number", hint: "write 80 or 80,60"
                    )
                }
                return number
            } ?? []
        guard options.thresholds.count <= 100 else {
            throw UsageError(message: "--threshold takes 100 numbers at most", hint: nil)
        }
        return options
    }
}
