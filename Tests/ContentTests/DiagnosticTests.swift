import Content
import Foundation
import Testing

/// Every message as a golden: fixtures/content/*.txt hold the files, a line of `----`, and the exact text shown.
///
/// `ACCRUE_UPDATE=1 swift test` rewrites the text; a human reads the difference.
@Suite struct DiagnosticTests {
    static let folder = Repository.root.appending(path: "fixtures/content").resolvingSymlinksInPath()

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test func thereAreCases() {
        #expect(Self.cases.count >= 20)
    }

    @Test(arguments: cases)
    func messageIsAsWritten(name: String) throws {
        let url = Self.folder.appending(path: name)
        let golden = try Repository.text(url)
        let parts = golden.components(separatedBy: "\n----\n")
        let input = parts[0]
        var files: [(name: String, text: String)] = []
        for line in input.components(separatedBy: "\n") {
            if line.hasPrefix("==> ") {
                files.append((String(line.dropFirst(4)), ""))
            } else {
                try #require(!files.isEmpty, "the first line names a file: ==> detections/x.yml")
                files[files.count - 1].text += line + "\n"
            }
        }
        let shown = Repository.catalog(files).problems.map { $0.description + "\n" }.joined()
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try Data((input + "\n----\n" + shown).utf8).write(to: url)
            return
        }
        #expect(parts.count == 2 ? parts[1] == shown : shown.isEmpty, "\(shown)")
    }
}
