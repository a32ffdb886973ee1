import ArgumentParser
import Engine
import Foundation
import Search

struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract:
            "Write the reference pages of commands, functions, limits and time formats from the program's tables.",
        discussion: """
            Examples:
              accrue docs                        docs/reference/ of the working directory
              accrue docs --output /tmp/pages
            """)

    @Option(help: "The folder to write to; it is made when it is missing.")
    var output = "docs/reference"

    mutating func run() throws {
        do {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            for page in ReferencePages.all {
                let path = output + "/" + page.fileName
                try Data(page.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
                Console.output(path + "\n")
            }
        } catch {
            throw EngineError(
                "E815", "the pages cannot be written to '\(output)': \(error.localizedDescription)",
                hint: "choose another folder with --output")
        }
    }
}
