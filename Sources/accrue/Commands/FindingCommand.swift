import ArgumentParser
import Columns
import Engine
import Reports
import Risk
import RiskIndex

struct FindingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finding", abstract: "One finding, with the risk events that made it.",
        discussion: "Example: accrue finding 3f2a91c0 --explain")

    @Argument(help: "The finding's id, or the start of it.")
    var id: String

    @Flag(help: "List every risk event with its score and the running sum.")
    var explain = false

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: RowOutput.forms)
        let now = try common.clock()
        let index = try common.openIndexForReading(now: now)
        guard let finding = try index.finding(idPrefix: id) else {
            throw EngineError("E356", "no finding has the id '\(id)'", hint: "`accrue findings` lists them")
        }
        let output = RowOutput(form: form)
        guard form == .table else {
            // One document: the finding, and with --explain its ledger as further rows of the same form.
            let record = ResultField.rows(finding.splunkFields, kind: "finding")
            let ledger = explain ? try ledger(finding, index) : []
            output.write([record] + ledger.map { [ResultField("kind", .text("risk_event"))] + $0 })
            return
        }
        var text = ""
        for field in ResultField.rows(finding.splunkFields) {
            let values = field.name.hasSuffix("_time") ? field.values.map(readableTime) : field.values
            text += "\(field.name): \(values.joined(separator: ", "))\n"
        }
        Console.output(text)
        if explain {
            Console.output("\n")
            output.write(try ledger(finding, index))
        }
    }

    private func ledger(_ finding: Finding, _ index: RiskIndex) throws -> [[ResultField]] {
        var sum = 0.0
        return try index.riskEvents(findingKey: finding.key).map { event in
            sum += event.calculatedRiskScore
            return [
                ResultField("_time", .number(Double(event.timeMicroseconds) / 1_000_000)),
                ResultField("risk_event_id", .text(event.id)),
                ResultField("search_name", .text(event.searchName)),
                ResultField("risk_object", .text(event.riskObject)),
                ResultField("risk_score", .number(event.riskScore)),
                ResultField("calculated_risk_score", .number(event.calculatedRiskScore)),
                ResultField("running_sum", .number(sum)),
                ResultField("risk_message", .text(event.riskMessage)),
            ]
        }
    }

    private func readableTime(_ text: String) -> String {
        Double(text).map { TimeText.iso8601(Int64(($0 * 1_000_000).rounded())) } ?? text
    }
}
