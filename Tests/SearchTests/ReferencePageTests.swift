import Foundation
import SPL
import Search
import Testing

/// docs/reference/ says what the tables of the program say; ACCRUE_UPDATE=1 rewrites the pages.
@Suite struct ReferencePageTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/reference")

    static let commandNames = Commands.all.map { $0.name }
    private static let environment = SearchEnvironment(nowMicroseconds: 0)

    @Test(arguments: ReferencePages.all.map(\.fileName)) func pageIsWhatTheProgramWrites(_ name: String) throws {
        let page = try #require(ReferencePages.all.first { $0.fileName == name })
        let url = Self.folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try page.text.write(to: url, atomically: true, encoding: .utf8)
        } else {
            let written = try String(contentsOf: url, encoding: .utf8)
            #expect(written == page.text, "\(name) is not what `accrue docs` writes")
        }
    }

    @Test(arguments: commandNames) func helpIsWhole(_ name: String) throws {
        let type = try #require(Commands.all.first { $0.name == name })
        let help = type.help
        #expect(help.syntax == name || help.syntax.hasPrefix(name + " "))
        #expect(help.summary.hasSuffix("."))
        #expect(!(help.syntax + help.summary).contains("\n"))
        #expect(help.syntax.contains("<options>") || help.options.isEmpty)
        #expect(!help.options.isEmpty || !help.syntax.contains("<options>"))
        let names = help.options.map { $0.form.prefix { $0 != "=" } }
        #expect(Set(names).count == names.count)
        for option in help.options { #expect(option.form.contains("=") && !option.effect.isEmpty) }
    }

    /// A page must not name an option that the command refuses as unknown.
    @Test(arguments: commandNames) func namedOptionsExist(_ name: String) throws {
        let type = try #require(Commands.all.first { $0.name == name })
        for option in type.help.options {
            let written = option.form.prefix { $0 != "=" }.replacing("<name>", with: "x")
            let search = "| \(name) \(written)=1"
            let problem = Self.problem(with: search)
            #expect(problem?.code != "E311", "\(search): \(problem?.message ?? "")")
        }
    }

    private static func problem(with search: String) -> Diagnostic? {
        do throws(Diagnostic) {
            let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
            _ = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
            return nil
        } catch {
            return error
        }
    }

    @Test func everyLimitIsExplained() {
        let limits = Mirror(reflecting: SearchLimits()).children.compactMap(\.label)
        #expect(limits == SearchLimit.all.map(\.name))
        let commands = Set(Self.commandNames)
        for limit in SearchLimit.all {
            for name in limit.commands { #expect(commands.contains(name), "\(limit.name) names '\(name)'") }
        }
    }

    @Test func limitsStandForTheirOwnValues() {
        let standard = SearchLimits()
        for (child, limit) in zip(Mirror(reflecting: standard).children, SearchLimit.all) {
            #expect(child.value as? Int == standard[keyPath: limit.value], "\(limit.name)")
        }
    }
}
