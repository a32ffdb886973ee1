import ArgumentParser
import Content
import Engine
import Formats
import Foundation
import SPL

struct ContentCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compile every detection, baseline, incident rule and macro; name what does not, and where.",
        discussion: """
            Exit code 1 when there is an error; warnings and notes do not count.

            Examples:
              accrue content check ~/security_content
              accrue content check my_rules --format json | jq '.findings[] | select(.severity == "error")'
            """)

    @Argument(help: "The folder to check, on top of what is loaded; without it, all that is loaded.")
    var folder: String?

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.text, .json, .ndjson])
        var common = common
        if let folder { common.content.append(folder) }
        let report = ContentCheck(
            try common.loadContent(), nowMicroseconds: try common.clock(), zone: try common.zone()
        ).run(below: folder)
        switch form {
        case .json: Console.output(Self.json(report))
        case .ndjson: for finding in report.findings { Console.output(Self.object(finding) + "\n") }
        default:
            for finding in report.findings { Console.output(finding.description + "\n") }
        }
        for tally in report.tallies where tally.checked > 0 {
            Console.error("\(tally.kind): \(tally.checked) checked, \(tally.refused) refused")
        }
        if report.hasErrors { throw ExitCode(ExitStatus.doesNotHold) }
    }

    private static func json(_ report: ContentCheck.Report) -> String {
        var text = "{\"findings\":["
        text += report.findings.map { "\n" + object($0) }.joined(separator: ",")
        text += "\n],\"checked\":{"
        text += report.tallies.map { "\"\($0.kind)\":\($0.checked)" }.joined(separator: ",")
        text += "},\"refused\":{"
        text += report.tallies.map { "\"\($0.kind)\":\($0.refused)" }.joined(separator: ",")
        return text + "}}\n"
    }

    private static func object(_ finding: ContentProblem) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("file")
        writer.string(finding.file)
        writer.key("line")
        writer.number(finding.line)
        writer.key("column")
        writer.number(finding.column)
        writer.key("code")
        writer.string(finding.diagnostic.code)
        writer.key("severity")
        writer.string(finding.diagnostic.severity.rawValue)
        writer.key("message")
        writer.string(finding.diagnostic.message)
        writer.key("hint")
        if let hint = finding.diagnostic.hint { writer.string(hint) } else { writer.null() }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
