import Foundation
import SPL
import Testing

/// Searches written by others: filters that a Sigma converter made, and cases from Splunk's documentation. They need the
/// shared folder, as ``CorpusTests`` does.
struct OracleSearchTests {
    private struct Line: Decodable { var spl: String }

    @Test(.enabled(if: SharedFolder.path != nil, "there is no shared folder on this machine"))
    func everyOracleSearchParsesAndPrintsBack() throws {
        let folder = try #require(SharedFolder.path) + "/oracles/"
        for file in ["filters.jsonl", "spl_cases.jsonl"] {
            let lines = try Data(contentsOf: URL(filePath: folder + file)).split(separator: UInt8(ascii: "\n"))
            var expressionCount = 0
            for line in lines {
                let search = try JSONDecoder().decode(Line.self, from: Data(line)).spl
                do {
                    expressionCount += try RoundTrip.check(ExpandedSearch.expand(search, macros: MacroTable([])).text)
                } catch let error as Diagnostic where error.code == "E208" && search.contains("| search OR ") {
                    // The converter leaves an OR without its left side there: an error is the right answer.
                } catch {
                    Issue.record("\((error as? Diagnostic)?.rendered(source: search) ?? String(describing: error))")
                }
            }
            #expect(!lines.isEmpty)
            print("\(file): \(lines.count) searches, \(expressionCount) inner expressions")
        }
    }
}
