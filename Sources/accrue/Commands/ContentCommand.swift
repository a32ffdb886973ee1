import ArgumentParser
import Columns
import Content
import Engine
import Risk
import RiskIndex
import SPL

struct ContentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "content", abstract: "The loaded content: check it, list it.",
        subcommands: [ContentCheckCommand.self, List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The detections, incident rules and risk factors that are loaded.",
            discussion: "Example: accrue content list --content ~/security_content --format ndjson")

        @OptionGroup var common: CommonOptions

        mutating func run() throws {
            let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
            let content = try common.loadContent()
            let detections = content.catalog.detections.map { detection in
                row(detection.name, detection.type.text, detection.status, detection.version, detection.file)
            }
            let rules = content.catalog.incidentRules.map { rule in
                row(rule.name, "Incident rule", rule.status, rule.version, rule.file) + [
                    ResultField("enabled", .text(rule.isEnabled ? "true" : "false")),
                    ResultField(
                        "profiles",
                        .list(RiskProfile.allCases.filter(rule.profiles.contains).map { .text($0.rawValue) })),
                ]
            }
            let factors = content.catalog.riskFactors.map { factor in
                row(
                    factor.name, "Risk factor", factor.isEnabled ? "enabled" : "disabled", factor.version, factor.file)
            }
            output.write(detections + rules + factors)
            for problem in content.problems { Console.error(problem.description) }
            if content.problems.contains(where: { $0.diagnostic.severity == .error }) {
                throw ExitCode(ExitStatus.doesNotHold)
            }
        }

        private func row(_ name: String, _ type: String, _ status: String, _ version: Int, _ file: String)
            -> [ResultField]
        {
            [
                ResultField("name", .text(name)), ResultField("type", .text(type)),
                ResultField("status", .text(status)),
                ResultField("version", .number(Double(version))), ResultField("file", .text(file)),
            ]
        }
    }
}
