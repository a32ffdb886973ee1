import Columns
import Formats
import Foundation
import Testing

/// Fields of real Splunk output, where the shared material is at hand.
@Suite struct JSONOracleTests {
    @Test func everyFieldOfSplunksCloudTrailEventsThatComesFromTheTextIsFound() throws {
        guard let lines = sharedLines("oracles/splunk_cloudtrail_values.jsonl") else { return }
        var comparedCount = 0
        for line in lines {
            guard case .object(let expected) = try JSONValue.parse(Array(line)) else { continue }
            guard case .string(let raw)? = expected.first(where: { $0.key == "_raw" })?.value else { continue }
            let flattener = JSONFlattener(wanted: .all)
            var found = JSONLeaves()
            try raw.bytes.withUnsafeBytes { try flattener.flatten($0, into: &found) }
            var values: [Text: [Text]] = [:]
            for leaf in 0..<found.count {
                values[flattener.name(of: found.nameID(leaf)), default: []].append(found.value(leaf))
            }
            for (name, value) in values {
                // The add-on rewrites some fields by eval; the rest must be as Splunk printed it.
                guard case .string(let printed)? = expected.first(where: { $0.key == name })?.value else { continue }
                comparedCount += 1
                #expect(value == [printed], "\(name)")
            }
        }
        #expect(comparedCount > 80)
    }
}

private func sharedLines(_ path: String) -> [Data]? {
    let root =
        ProcessInfo.processInfo.environment["ACCRUE_SHARED"]
        ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared").standardized.path
    guard let data = FileManager.default.contents(atPath: root + "/" + path) else { return nil }
    return data.split(separator: UInt8(ascii: "\n")).map { Data($0) }
}
