import ArgumentParser
import Columns
import Engine
import Formats
import Risk
import RiskIndex

struct ThreatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threat", abstract: "One threat object: the entities and rules it was seen with.",
        discussion: "Example: accrue threat 203.0.113.7")

    @Argument(help: "The threat object, such as an address; without regard to case.")
    var value: String

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        guard let sightings = try common.openIndexForReading(now: now).threat(value) else {
            throw EngineError("E358", "no risk event names the threat object '\(value)'", hint: nil)
        }
        let time: (Int64) -> Value = { .number(Double($0) / 1_000_000) }
        output.write(
            sightings.entities.map { entity in
                [
                    ResultField("threat_object", .list(sightings.values.map { .text($0) })),
                    ResultField("threat_object_type", .list(sightings.types.map { .text($0) })),
                    ResultField("normalized_risk_object", .text(entity.normalizedRiskObject)),
                    ResultField("risk_object_type", .text(entity.riskObjectType)),
                    ResultField("risk_event_count", .number(Double(entity.riskEventCount))),
                    ResultField("risk_score", .number(entity.riskScore)),
                    ResultField("first_seen", time(entity.firstMicroseconds)),
                    ResultField("last_seen", time(entity.lastMicroseconds)),
                    ResultField("search_name", .list(sightings.rules.map { .text($0.searchName) })),
                ]
            })
    }
}
