import Foundation
import SPL
import Testing

/// The outside oracle of the grammar: every search and macro of Splunk's published content, where the shared folder is on
/// the machine. Reading its YAML needs python3 with its yaml module.
struct CorpusTests {
    struct Document: Decodable, Sendable {
        var file: String
        /// `detection`, `baseline`, `drilldown` or `macro`.
        var kind: String
        var name: String
        var arguments: [String]
        var text: String
    }

    @Test(.enabled(if: corpusFolder != nil, "the corpus or python3 with yaml is not on this machine"))
    func everyPublishedSearchParsesAndPrintsBack() throws {
        let documents = try Self.readCorpus()
        let macros = MacroTable(Self.macrosOfAddons + documents.filter { $0.kind == "macro" }.map(\.definition))
        var counts: [String: Int] = [:]
        var expressionCount = 0
        var failures: [String] = []
        for document in documents where document.kind != "macro" {
            counts[document.kind, default: 0] += 1
            do {
                let expanded = try ExpandedSearch.expand(document.text, macros: macros)
                do {
                    expressionCount += try RoundTrip.check(expanded.text, "\(document.file)")
                } catch let error as Diagnostic {
                    throw expanded.atSource(error)
                }
            } catch {
                failures.append(document.message(error))
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        #expect(counts["detection", default: 0] > 1_000)
        print("corpus: \(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)s" }.joined(separator: ", "))")
        print("corpus: \(expressionCount) inner expressions, \(failures.count) failures")
    }

    @Test(.enabled(if: corpusFolder != nil, "the corpus or python3 with yaml is not on this machine"))
    func everyPublishedMacroBodyParsesAndPrintsBack() throws {
        let documents = try Self.readCorpus().filter { $0.kind == "macro" }
        let macros = MacroTable(Self.macrosOfAddons + documents.map(\.definition))
        var kinds: [String: Int] = [:]
        var failures: [String] = []
        for document in documents {
            do {
                let arguments = document.arguments.map { "placeholder_\($0)" }.joined(separator: ",")
                let call = arguments.isEmpty ? "`\(document.name)`" : "`\(document.name)(\(arguments))`"
                kinds[try Self.checkBody(ExpandedSearch.expand(call, macros: macros).text), default: 0] += 1
            } catch {
                failures.append(document.message(error))
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        #expect(documents.count > 100)
        print("corpus: \(documents.count) macros, as \(kinds.sorted { $0.key < $1.key }), \(failures.count) failures")
    }

    /// A body is a part of a search; which part is not written anywhere, so that three readings are tried.
    private static func checkBody(_ text: String) throws -> String {
        if let pipeline = try? Pipeline.parse("| " + text),
            pipeline.commands.allSatisfy({ SplunkCommandNames.all.contains($0.name) })
        {
            try RoundTrip.check("| " + text)
            return "pipeline"
        }
        if (try? SearchExpression.parse(text)) != nil {
            try RoundTrip.check(text)
            return "search expression"
        }
        let pipeline = try Pipeline.parse("| arguments " + text)
        #expect(try Pipeline.parse(pipeline.description) == pipeline)
        return "arguments"
    }

    /// Stand-ins for the macros that the content expects from other apps.
    private static let macrosOfAddons: [MacroDefinition] =
        [
            MacroDefinition(
                name: "drop_dm_object_name", arguments: ["object_name"], definition: #"rename "$object_name$.*" as "*""#
            ),
            MacroDefinition(
                name: "cim_corporate_web_domain_search", arguments: ["field"], definition: "$field$=corporate.example"),
        ]
        + [
            "aws_bedrock_claude", "cisco_asa", "cisco_ios", "cisco_secure_access_dns", "cisco_secure_access_ravpn",
            "ms365_defender_incident_alerts", "process_cscript", "process_office_products_parent", "process_wscript",
        ].map { MacroDefinition(name: $0, definition: "sourcetype=\($0)") }
}

extension CorpusTests.Document {
    var definition: MacroDefinition { MacroDefinition(name: name, arguments: arguments, definition: text) }

    func message(_ error: any Error) -> String {
        "\(file): \((error as? Diagnostic)?.rendered(source: text) ?? String(describing: error))"
    }
}

// Reading.
extension CorpusTests {
    static let corpusFolder: String? = {
        guard let shared = SharedFolder.path, (try? run("import yaml")) != nil else { return nil }
        return shared + "/corpus"
    }()

    private static func readCorpus() throws -> [Document] {
        let script = """
            import glob, json, sys, yaml
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            root = sys.argv[1]
            def emit(file, kind, name, arguments, text):
                print(json.dumps(dict(file=file, kind=kind, name=name, arguments=arguments, text=text)))
            for file in sorted(glob.glob(root + "/**/*.yml", recursive=True)):
                folders = file[len(root):].split("/")
                for document in yaml.load_all(open(file), Loader=loader):
                    if not isinstance(document, dict): continue
                    if "macros" in folders:
                        emit(file, "macro", document["name"], document.get("arguments") or [], document["definition"])
                    elif "search" in document:
                        kind = "baseline" if "baselines" in folders else "detection"
                        emit(file, kind, document["name"], [], document["search"])
                        for drilldown in document.get("drilldown_searches") or []:
                            text = drilldown["search"].replace("%original_detection_search%", document["search"])
                            emit(file, "drilldown", drilldown["name"], [], text)
            """
        guard let corpusFolder else { return [] }
        let decoder = JSONDecoder()
        return try run(script, corpusFolder).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Document.self, from: Data($0))
        }
    }

    private struct ScriptFailure: Error { var status: Int32 }

    private static func run(_ script: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ScriptFailure(status: process.terminationStatus) }
        return data
    }
}
