import Foundation
import Testing

@testable import Bench

@Suite final class TrailFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "accrue-bench-" + UUID().uuidString)
    private var path: String { folder.appendingPathComponent("events.ndjson").path }
    private let generator = TrailGenerator(seed: 4, eventCount: 2_500)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test func aFileIsWrittenOnceAndKept() throws {
        let first = try TrailFile.prepare(path: path, generator)
        #expect(first.state == .written)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.count == first.truth.byteCount && bytes.count > 2_000_000)
        let second = try TrailFile.prepare(path: path, generator)
        #expect(second.state == .kept)
        #expect(second.truth.rows == first.truth.rows)
        #expect(second.truth.matchedEventCount == first.truth.matchedEventCount)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["events.ndjson"])
    }

    @Test func damageIsNoticedWhereverItIs() throws {
        let url = URL(fileURLWithPath: path)
        _ = try TrailFile.prepare(path: path, generator)
        let whole = try Data(contentsOf: url)
        let damages: [(String, (inout Data) -> Void)] = [
            ("a letter at the start", { $0[0] = 0x20 }),
            ("a letter behind the first piece", { $0[1_500_000] ^= 1 }),
            ("a letter at the end", { $0[$0.count - 1] = 0x20 }),
            ("a byte too many", { $0.append(0x0A) }),
            ("a byte too few", { $0.removeLast() }),
            ("nothing", { $0 = Data() }),
        ]
        for (name, damage) in damages {
            var damaged = whole
            damage(&damaged)
            try damaged.write(to: url)
            #expect(try TrailFile.prepare(path: path, generator).state == .replaced, "\(name)")
            #expect(try Data(contentsOf: url) == whole, "\(name)")
        }
    }

    @Test func aPlaceThatCannotBeWrittenIsAnError() {
        let error = #expect(throws: BenchError.self) {
            try TrailFile.write(path: folder.path + "/no/such/folder/events", generator)
        }
        #expect(error?.code == .files)
        #expect(error?.message.contains("No such file or directory") == true)
    }
}
