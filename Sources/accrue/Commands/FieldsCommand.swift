import ArgumentParser
import Engine
import Ingest
import Reports

struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "What is extracted from each sourcetype, by which line of which add-on, and what rules miss.",
        discussion: """
            For each sourcetype its fields with an example and the line that made them, the data models that its events
            belong to, and the fields that detections read of them and no event fills.

            Examples:
              accrue fields logs/ --content ~/security_content
              accrue fields events.ndjson.gz --detections
              accrue fields app.log --sourcetype my:app --format ndjson | jq 'select(.kind == "field")'
            """)

    @Argument(help: "Files, folders, or - for stdin.")
    var input: [String]

    @Flag(help: "List every detection that could read a sourcetype, not only the fields that most of them miss.")
    var detections = false

    @OptionGroup var inputs: InputOptions
    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: RowOutput.forms)
        let content = try common.loadContent()
        let job = FieldsJob(
            inputs: inputs.specs(input), nowMicroseconds: try common.clock(), zone: try common.zone(),
            threadCount: common.threadCount)
        let report = try job.run(content)
        switch form {
        case .table: Console.output(report.text(listsReaders: detections))
        default: RowOutput(form: form).write(report.rows + ScanMessages.rows(report.scan))
        }
        ContentMessages.write(content)
        ScanMessages.write(report.scan)
        if report.scan.hasFailedInputs { throw ExitCode(ExitStatus.unreadable) }
    }
}
