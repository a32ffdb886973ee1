import Content
import Foundation
import SPL
import Testing

/// Splunk's own content, where the reference material is at hand.
@Suite(.enabled(if: Repository.shared != nil)) struct CorpusTests {
    private func catalog(_ folder: String) throws -> ContentCatalog {
        let shared = try #require(Repository.shared)
        return Repository.catalog(try Repository.files(below: shared.appending(path: "corpus/\(folder)")))
    }

    private func problemCounts(_ catalog: ContentCatalog) -> [String: Int] {
        catalog.problems.reduce(into: [:]) { counts, problem in
            counts["\(problem.diagnostic.severity.rawValue) \(problem.diagnostic.code)", default: 0] += 1
        }
    }

    @Test func everyFileOfTheOldestGenerationLoads() throws {
        let catalog = try catalog("security_content")
        #expect(catalog.detections.count == 1357)
        #expect(catalog.detections.allSatisfy { $0.generation == .observable })
        #expect(catalog.macros.count == 189)
        #expect(catalog.lookups.count == 79)
        #expect(catalog.stories.count == 261)
        #expect(catalog.baselines.count == 66)
        #expect(catalog.dataSources.count == 205)
        #expect(
            problemCounts(catalog) == [
                "warning E404": 4, "warning E409": 5, "warning E411": 4, "note E412": 5,
            ])
        #expect(catalog.unknownTechniques(in: try Repository.attackMatrix()).isEmpty)
    }

    @Test func theNewerGenerationsLoad() throws {
        let older = try catalog("schema_samples/gen2")
        #expect(older.detections.count == 10)
        #expect(older.detections.allSatisfy { $0.generation == .rba })
        #expect(older.problems.isEmpty)
        let newest = try catalog("schema_samples/gen3")
        #expect(newest.detections.count == 15)
        #expect(newest.detections.allSatisfy { $0.generation == .finding })
        // One published TTP has no `finding`, which its own schema asks for.
        #expect(problemCounts(newest) == ["warning E420": 1])
    }

    /// Six detections are in both sample folders: the order of adding decides, and each change is said.
    @Test func laterGenerationsReplaceEarlierOnes() throws {
        let catalog = try catalog("schema_samples")
        #expect(catalog.detections.count == 19)
        #expect(problemCounts(catalog) == ["note E410": 6, "warning E420": 1, "error E403": 1])
        #expect(catalog.detections.count { $0.generation == .finding } == 15)
        #expect(catalog.schedules.map(\.name) == ["Default Baseline", "Default EventBasedDetection"])
    }

    /// The counts were made once more with another YAML library (PyYAML) over the same files.
    @Test func typesAndEntitiesAddUp() throws {
        let catalog = try catalog("security_content")
        let types = catalog.detections.reduce(into: [:]) { $0[$1.type.text, default: 0] += 1 }
        let entities = catalog.detections.flatMap(\.entities)
        let entityTypes = entities.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
        let threatObjects = catalog.detections.flatMap(\.threatObjects)
        #expect(types == ["TTP": 779, "Anomaly": 390, "Hunting": 173, "Correlation": 15])
        #expect(entityTypes == ["system": 1042, "user": 673, "other": 32])
        #expect(threatObjects.count == 627)
        #expect(entities.allSatisfy { (0...100).contains($0.score) })
        #expect(catalog.detections.filter { $0.type == .hunting }.allSatisfy { !$0.writesRiskEvents })
    }

    /// Each character of each search is found at the place that is given for it.
    @Test(arguments: ["security_content", "schema_samples"])
    func placesOfSearchCharactersAreExact(folder: String) throws {
        let shared = try #require(Repository.shared)
        let files = try Repository.files(below: shared.appending(path: "corpus/\(folder)"))
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.text) })
        var checked = 0
        for detection in Repository.catalog(files).detections {
            let lines = try #require(texts[detection.file]).split(separator: "\n", omittingEmptySubsequences: false)
                .map { Array($0.unicodeScalars) }
            var offset = 0
            for scalar in detection.search.unicodeScalars {
                defer { offset += String(scalar).utf8.count }
                guard scalar != " ", scalar != "\n" else { continue }
                let position = detection.searchOrigin.position(ofUTF8Offset: offset, in: detection.search)
                let found = lines[position.line - 1][position.column - 1]
                guard found == scalar || found == "\\" else {
                    Issue.record("\(detection.file):\(position.line):\(position.column) is '\(found)', not '\(scalar)'")
                    break
                }
                checked += 1
            }
        }
        #expect(checked > 10_000)
    }

    @Test func theShippedRuleKeepsTheInterfaceOfThePublishedOne() throws {
        let shared = try #require(Repository.shared)
        let published = try #require(
            Repository.catalog(try Repository.files(below: shared.appending(path: "seed"))).detections.first)
        let shipped = try #require(
            try Repository.shippedCatalog().detections(matching: published.name).first)
        #expect(shipped.name == published.name)
        #expect(shipped.id == published.id)
        #expect(shipped.version == published.version)
        #expect(shipped.type == published.type)
        #expect(shipped.search == published.search)
        #expect(shipped.drilldowns == published.drilldowns)
        #expect(shipped.entities == published.entities)
        #expect(shipped.threatObjects == published.threatObjects)
        #expect(shipped.analyticStories == published.analyticStories)
        #expect(shipped.mitreAttackIDs == published.mitreAttackIDs)
        #expect(shipped.dataSources == published.dataSources)
        #expect(shipped.tests == published.tests)
        #expect(shipped.schedule == published.schedule)
        #expect(shipped.description != published.description)
    }
}
