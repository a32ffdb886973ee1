import Foundation
import SPL
import Testing

/// Each file of fixtures/diagnostics: macro definitions (`macro: name(a)=text`, `iseval: name=text`), the search, a line
/// `----`, the exact text that is shown. `ACCRUE_UPDATE=1` rewrites what stands below the line.
struct DiagnosticGoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../fixtures/diagnostics"
    ).standardized
    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path())
        return (names ?? []).filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test(arguments: files)
    func diagnosticReadsAsWritten(_ file: String) throws {
        let url = Self.folder.appending(path: file)
        let golden = try Golden(String(contentsOf: url, encoding: .utf8))
        let shown = golden.shown()
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try (golden.head + "----\n" + shown + "\n").write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(golden.expected == shown)
        }
    }

    @Test func everyCodeHasAGolden() throws {
        let shown = try Self.files.map {
            try Golden(String(contentsOf: Self.folder.appending(path: $0), encoding: .utf8)).shown()
        }
        for code in SyntaxCode.allCases where code != .unexpandedMacro {
            #expect(
                shown.contains { $0.contains("error[\(code.rawValue)]") }, "\(code) has no file in fixtures/diagnostics"
            )
        }
    }

    // A search never gets there: expansion comes first and leaves no backtick.
    @Test func aBacktickLeftAfterExpansionIsNamed() {
        #expect { try Pipeline.parse("index=main `m`") } throws: {
            ($0 as? Diagnostic)?.code == SyntaxCode.unexpandedMacro.rawValue
        }
    }

    @Test func codesAreSortedAndUnique() {
        let codes = SyntaxCode.allCases.map(\.rawValue)
        #expect(codes == Set(codes).sorted())
        #expect(Set(SyntaxCode.allCases.map(\.meaning)).count == codes.count)
    }
}

private struct Golden {
    /// The lines above the `----`.
    var head: String
    var search: String
    var expected: String
    var macroLines: [(isEval: Bool, text: String)] = []

    init(_ text: String) {
        let parts = text.components(separatedBy: "\n----\n")
        head = parts[0] + "\n"
        expected = parts.dropFirst().joined(separator: "\n----\n").trimmingCharacters(in: .newlines)
        var lines = parts[0].components(separatedBy: "\n")
        while let line = lines.first, line.hasPrefix("macro: ") || line.hasPrefix("iseval: ") {
            macroLines.append((line.hasPrefix("iseval"), String(line.drop { $0 != ":" }.dropFirst(2))))
            lines.removeFirst()
        }
        search = lines.joined(separator: "\n")
    }

    /// What is shown for the first error.
    func shown() -> String {
        var macros = MacroTable([])
        for line in macroLines {
            do throws(Diagnostic) {
                var macro = try MacroDefinition.parse(line.text)
                macro.isEval = line.isEval
                macros.define(macro)
            } catch {
                return error.rendered(source: line.text, file: "--macro")
            }
        }
        do throws(Diagnostic) {
            let expanded = try ExpandedSearch.expand(search, macros: macros)
            do throws(Diagnostic) {
                try Self.check(Pipeline.parse(expanded.text))
            } catch {
                return expanded.atSource(error).rendered(source: search, file: "search.spl")
            }
        } catch {
            return error.rendered(source: search, file: "search.spl")
        }
        return "no error"
    }

    /// The commands here read their arguments as the engine's do, in few words.
    private static func check(_ pipeline: Pipeline) throws(Diagnostic) {
        for command in pipeline.commands {
            var reader = ArgumentReader(command)
            switch command.name {
            case "search":
                _ = try SearchExpression.parse(command.argumentText, at: command.argumentOffset)
            case "where":
                _ = try EvalExpression.parse(command.argumentText, at: command.argumentOffset)
            case "eval":
                _ = try EvalAssignment.parseList(command.argumentText, at: command.argumentOffset)
            case "rename":
                _ = try reader.fieldName("the field to rename")
                guard reader.consumeKeyword("as") else { throw reader.unexpected(reader.peek(), expected: "AS") }
                _ = try reader.fieldName("the new name")
            case "table":
                _ = try reader.fieldList()
                try reader.expectEnd()
            case "head":
                if reader.peek()?.text.first?.isNumber != true { _ = try reader.parenthesizedText() }
            default:
                break
            }
        }
    }
}
