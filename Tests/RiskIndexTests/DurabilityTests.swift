import Foundation
import GRDB
import Testing

@testable import RiskIndex

@Suite struct DurabilityTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private static func firings(_ range: Range<Int>) -> [Firing] {
        range.map { number in
            sampleFiring(
                sampleEvent(
                    "k\(number)", at: Int64(number), entity: "user\(number % 50)",
                    threatObjects: [ThreatObject(value: "10.0.0.\(number % 20)", type: "ip_address")],
                    fields: [ResultField(name: "src", values: ["10.0.0.\(number % 20)"], isNumber: false)]),
                contributing: [sampleStoredEvent("e\(number)", at: Int64(number), raw: Array("event \(number)".utf8))])
        }
    }

    /// What is on the disk is what a process killed at this moment leaves: its writes are the kernel's already.
    private func copyOfDisk(named name: String) throws -> String {
        let copy = folder.path + "/" + name + ".sqlite"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.indexPath + suffix, toPath: copy + suffix)
        }
        return copy
    }

    @Test func anInterruptedInsertLeavesTheLastCommitAndIsCompletedByRunningAgain() throws {
        let index = try folder.openIndex()
        _ = try index.insert(DurabilityTests.firings(0..<100))
        var copies: [String] = []
        try index.pool.writeWithoutTransaction { database in
            // A small cache makes SQLite write uncommitted pages to the log, as a big transaction would.
            try database.execute(sql: "PRAGMA cache_size = 10")
            try database.inTransaction {
                var writer = try FiringWriter(database, indexTimeMicroseconds: 0, path: index.path)
                for (position, firing) in DurabilityTests.firings(100..<1100).enumerated() {
                    _ = try writer.insert(firing)
                    if position % 333 == 200 { copies.append(try copyOfDisk(named: "at-\(position)")) }
                }
                return .rollback
            }
        }
        #expect(copies.count == 3)
        for copy in copies {
            #expect(try RiskIndex.open(path: copy, now: 0, readOnly: true).counts().riskEvents == 100)
            let survivor = try RiskIndex.open(path: copy, now: 0, readOnly: false)
            #expect(try survivor.counts().riskEvents == 100)
            #expect(
                try survivor.insert(DurabilityTests.firings(0..<1100))
                    == InsertCount(newEvents: 1000, knownEvents: 100))
            #expect(try survivor.riskEvents(RiskEventQuery()) == DurabilityTests.firings(0..<1100).flatMap(\.events))
            #expect(try survivor.storedEvents(firingKey: "f-k1099").map(\.key) == ["e1099"])
        }
    }

    /// Runs this very test program again as a writer and kills it, so that nothing of it gets to clean up.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/exe")))
    func aKilledWriterLeavesAnIndexThatOpens() throws {
        for logBytes in [0, 20_000, 200_000, 1_000_000, 3_000_000] {
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            child.arguments = ["--testing-library", "swift-testing", "--filter", "writerToBeKilled"]
            child.environment = ProcessInfo.processInfo.environment.merging(
                ["ACCRUE_WRITER_TO_BE_KILLED": folder.indexPath]) { $1 }
            child.standardOutput = FileHandle.nullDevice
            child.standardError = FileHandle.nullDevice
            try child.run()
            let deadline = ContinuousClock.now + .seconds(60)
            while logSizeBytes() ?? -1 < logBytes, ContinuousClock.now < deadline { usleep(200) }
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            #expect(child.terminationReason == .uncaughtSignal)

            let index = try folder.openIndex()
            let committed = try index.riskEvents(RiskEventQuery())
            #expect(committed.count % 10 == 0)
            #expect(committed.count > 0 || logBytes < 1_000_000)
            #expect(committed == DurabilityTests.firings(0..<committed.count).flatMap(\.events))
            #expect(try index.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
            let more = DurabilityTests.firings(0..<committed.count + 10)
            #expect(try index.insert(more) == InsertCount(newEvents: 10, knownEvents: committed.count))
            try index.pool.close()
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: folder.indexPath + suffix)
            }
        }
    }

    private func logSizeBytes() -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.indexPath + "-wal")
        return attributes?[.size] as? Int
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["ACCRUE_WRITER_TO_BE_KILLED"] != nil))
    func writerToBeKilled() throws {
        let path = try #require(ProcessInfo.processInfo.environment["ACCRUE_WRITER_TO_BE_KILLED"])
        let index = try RiskIndex.open(path: path, now: 0, readOnly: false)
        for start in stride(from: 0, to: 1_000_000, by: 10) {
            _ = try index.insert(DurabilityTests.firings(start..<start + 10))
        }
        Issue.record("nobody killed the writer")
    }

    @Test func aFullDiskIsReportedAndKeepsWhatWasCommitted() throws {
        let index = try RiskIndex.open(path: folder.indexPath, now: 0, readOnly: false, maximumPageCount: 100)
        _ = try index.insert(DurabilityTests.firings(0..<10))
        #expect {
            _ = try index.insert(DurabilityTests.firings(10..<5000))
        } throws: { error in
            (error as? IndexError)?.code == .diskFull && "\(error)".contains(folder.indexPath)
        }
        #expect(try index.counts().riskEvents == 10)
        try index.pool.close()
        let more = try folder.openIndex()
        #expect(
            try more.insert(DurabilityTests.firings(0..<5000)) == InsertCount(newEvents: 4990, knownEvents: 10))
    }

    @Test func aDiskTooSmallForTheTablesIsReported() throws {
        #expect {
            _ = try RiskIndex.open(path: folder.indexPath, now: 0, readOnly: false, maximumPageCount: 3)
        } throws: { ($0 as? IndexError)?.code == .diskFull }
        #expect(try folder.openIndex().counts().riskEvents == 0)
    }

    /// Prints the speed; a machine's speed is nothing to assert.
    @Test func aHundredThousandEventsInOneRun() throws {
        let index = try folder.openIndex()
        let clock = ContinuousClock()
        let count = 100_000
        let firings = DurabilityTests.firings(0..<count)
        let insertTime = try clock.measure {
            for start in stride(from: 0, to: count, by: 10_000) {
                _ = try index.insert(Array(firings[start..<start + 10_000]))
            }
        }
        var readCount = 0
        let readTime = try clock.measure {
            try index.forEachRiskEvent(RiskEventQuery()) { readCount += $0.count }
        }
        #expect(readCount == count)
        #expect(try index.riskScores(start: 0, end: .max).reduce(0) { $0 + $1.riskScore } == Double(count) * 20)
        print("risk index: \(count) events inserted in \(insertTime), read in \(readTime)")
    }
}
