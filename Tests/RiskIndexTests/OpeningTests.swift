import Foundation
import GRDB
import Testing

@testable import RiskIndex

@Suite struct OpeningTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func openingError(readOnly: Bool = false, path: String? = nil) -> IndexError? {
        do {
            _ = try RiskIndex.open(path: path ?? folder.indexPath, now: 0, readOnly: readOnly)
            return nil
        } catch {
            return error
        }
    }

    @Test func anEmptyFolderGetsAnEmptyIndex() throws {
        let index = try RiskIndex.open(path: folder.path + "/deep/er/risk.sqlite", now: 0, readOnly: false)
        #expect(try index.counts() == IndexCounts(riskEvents: 0, findings: 0, firings: 0, storedEvents: 0))
        #expect(try index.timeRange() == nil)
        #expect(try index.riskEvents(RiskEventQuery()).isEmpty)
    }

    @Test func theDatabaseIsSetUpForDurability() throws {
        let index = try folder.openIndex()
        let pragmas = try index.pool.write { database in
            try ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id"].map { pragma in
                try String.fetchOne(database, sql: "PRAGMA \(pragma)") ?? ""
            }
        }
        #expect(pragmas == ["wal", "2", "1", "5000", "1094931029"])
    }

    @Test func everyTableIsStrict() throws {
        let index = try folder.openIndex()
        let loose = try index.pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
                    AND name NOT IN ('sqlite_schema', 'grdb_migrations')
                    """)
        }
        #expect(loose.isEmpty)
    }

    @Test func migrationsAreSortedAndNamedAfterTheirFiles() throws {
        let names = Migrations.all.map { $0.name }
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/RiskIndex/Migrations").standardized.path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("M0") }
        #expect(files.count == names.count)
        for (file, type) in zip(files.sorted(), Migrations.all) {
            #expect(file == "\(type).swift")
            #expect(type.name.hasPrefix(file.dropFirst().prefix(5)))
        }
    }

    @Test func reopeningKeepsTheContents() throws {
        _ = try folder.openIndex().insert([sampleFiring(sampleEvent("aa"))])
        #expect(try folder.openIndex().counts().riskEvents == 1)
        #expect(try folder.openIndex(readOnly: true).counts().riskEvents == 1)
    }

    @Test func readingAMissingIndexSaysToRunFirst() {
        let error = openingError(readOnly: true)
        #expect(error?.code == .missing)
        #expect(error?.description.contains("no risk index at '\(folder.indexPath)': run `accrue run` first") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.indexPath))
    }

    @Test func anEmptyFileIsMissingForReadersAndFreshForWriters() throws {
        try Data().write(to: URL(fileURLWithPath: folder.indexPath))
        #expect(openingError(readOnly: true)?.code == .missing)
        #expect(openingError() == nil)
    }

    @Test(arguments: [false, true]) func aFileThatIsNotADatabaseIsRefusedUntouched(readOnly: Bool) throws {
        let content = Data(String(repeating: "risk,score\nbob,20\n", count: 400).utf8)
        try content.write(to: URL(fileURLWithPath: folder.indexPath))
        let error = openingError(readOnly: readOnly)
        #expect(error?.code == .notAnIndex)
        #expect(error?.message.contains(folder.indexPath) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.indexPath)) == content)
    }

    @Test func aFolderIsNotAnIndex() {
        #expect(openingError(path: folder.path)?.code == .notAnIndex)
        #expect(openingError(readOnly: true, path: folder.path)?.code == .notAnIndex)
    }

    @Test func anotherProgramsDatabaseIsRefusedUntouched() throws {
        let other = try DatabaseQueue(path: folder.indexPath)
        try other.write { try $0.execute(sql: "CREATE TABLE bookmark (url TEXT)") }
        try other.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.indexPath))
        #expect(openingError()?.code == .notAnIndex)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.indexPath)) == before)
    }

    @Test(arguments: [false, true]) func aNewerSchemaIsRefused(readOnly: Bool) throws {
        let index = try folder.openIndex()
        try index.pool.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999_from_the_future')")
        }
        let error = openingError(readOnly: readOnly)
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("9999_from_the_future") == true)
    }

    @Test func whatARunKilledAtItsStartLeavesIsAnEmptyIndex() throws {
        let older = try DatabasePool(path: folder.indexPath)
        try older.write { try $0.execute(sql: "PRAGMA application_id = \(Migrations.applicationID)") }
        try older.close()
        #expect(openingError(readOnly: true) == nil)
        #expect(try folder.openIndex(readOnly: true).counts().riskEvents == 0)
    }

    @Test func aFolderThatCannotBeMadeIsUnwritable() throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/file"))
        let error = openingError(path: folder.path + "/file/risk.sqlite")
        #expect(error?.code == .unwritable)
        #expect(openingError(path: "/proc/accrue/risk.sqlite")?.code == .unwritable)
    }

    @Test func writingThroughAReadOnlyIndexIsUnwritable() throws {
        _ = try folder.openIndex()
        let index = try folder.openIndex(readOnly: true)
        #expect {
            _ = try index.insert([sampleFiring(sampleEvent("aa"))])
        } throws: { ($0 as? IndexError)?.code == .unwritable }
    }

    @Test func aDamagedFileIsReportedAsSuch() throws {
        let index = try folder.openIndex()
        _ = try index.insert((0..<200).map { sampleFiring(sampleEvent("k\($0)")) })
        try index.pool.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.indexPath))
        for offset in 4096..<bytes.count { bytes[offset] = 0x5A }
        try bytes.write(to: URL(fileURLWithPath: folder.indexPath))
        #expect(openingError()?.code == .corrupt)
    }

    @Test func aWriterWaitsFiveSecondsForALockThenGivesUp() throws {
        let index = try folder.openIndex()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.indexPath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let start = ContinuousClock.now
        #expect {
            _ = try index.insert([sampleFiring(sampleEvent("aa"))])
        } throws: { ($0 as? IndexError)?.code == .locked }
        #expect(ContinuousClock.now - start > .seconds(4))
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try index.insert([sampleFiring(sampleEvent("aa"))]).newEvents == 1)
    }

    @Test func manyOpenersAtOnceMakeOneIndex() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask { [folder] in
                    _ = try folder.openIndex().insert([sampleFiring(sampleEvent("k\(number)"))])
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.openIndex().counts().riskEvents == 6)
    }

    @Test func errorCodesAreUnique() {
        #expect(Set(IndexError.Code.allCases.map(\.rawValue)).count == IndexError.Code.allCases.count)
        #expect(IndexError.Code.allCases.allSatisfy { $0.rawValue.hasPrefix("E6") })
    }
}
