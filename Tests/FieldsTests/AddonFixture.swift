import Columns
import Fields
import Formats
import Foundation
import SPL
import Search

/// Add-ons and events written out in a test.
struct AddonFixture {
    var addons = AddonSet()

    init(
        props: String = "", transforms: String = "", eventtypes: String = "", tags: String = "",
        lookups: [String: String] = [:]
    ) {
        addons.addLayer(
            app: "test",
            confFiles: [
                ("props.conf", .default, Array(props.utf8)), ("transforms.conf", .default, Array(transforms.utf8)),
                ("eventtypes.conf", .default, Array(eventtypes.utf8)), ("tags.conf", .default, Array(tags.utf8)),
            ],
            lookups: lookups.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
    }

    init(addons: AddonSet) { self.addons = addons }

    /// The add-ons of this repository.
    static func shipped() throws -> AddonFixture {
        var addons = AddonSet()
        let root = repository.appending(path: "rules/addons")
        for app in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            var conf: [(name: String, layer: AddonSet.Layer, text: [UInt8])] = []
            var lookups: [(name: String, csv: [UInt8])] = []
            let folder = root.appending(path: app)
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/default").sorted()) ?? []
            {
                conf.append((name, .default, Array(try Data(contentsOf: folder.appending(path: "default/" + name)))))
            }
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/lookups").sorted()) ?? []
            {
                lookups.append((name, Array(try Data(contentsOf: folder.appending(path: "lookups/" + name)))))
            }
            addons.addLayer(app: app, confFiles: conf, lookups: lookups)
        }
        return AddonFixture(addons: addons)
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The reference material, where it lies beside the repository.
    static var shared: URL? {
        let environment = ProcessInfo.processInfo.environment["ACCRUE_SHARED"].map { URL(filePath: $0) }
        let beside = repository.deletingLastPathComponent().appending(path: "shared")
        return [environment, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    static func origin(_ sourcetype: String, source: String = "test.log", host: String = "web1") -> EventOrigin {
        EventOrigin(sourcetype: sourcetype, source: source, host: host)
    }

    static func events(_ texts: [String], origin: EventOrigin, times: [Int64?] = []) -> EventBatch {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for text in texts {
            let start = bytes.count
            bytes += Array(text.utf8)
            ranges.append(start..<bytes.count)
            bytes.append(0x0A)
        }
        return EventBatch(buffer: ByteBuffer(bytes), ranges: ranges, origins: [origin], envelopeTimes: times)
    }

    /// 2026-01-01T00:00:00Z.
    static let now: Int64 = 1_767_225_600_000_000

    func decoder(_ needed: FieldSet = .all, origin: EventOrigin, now: Int64 = now) throws
        -> EventDecoder
    {
        try EventDecoder(
            addons: addons, origin: origin, needed: needed, zone: .utc,
            search: SearchEnvironment(nowMicroseconds: now))
    }

    func decode(
        _ texts: [String], needed: FieldSet = .all, sourcetype: String = "st", source: String = "test.log",
        host: String = "web1"
    ) throws -> Batch {
        let origin = Self.origin(sourcetype, source: source, host: host)
        return try decoder(needed, origin: origin)
            .decode(Self.events(texts, origin: origin), rows: Array(texts.indices))
    }

    /// The printed values of one event, by field.
    func fields(_ text: String, needed: FieldSet = .all, sourcetype: String = "st", host: String = "web1") throws
        -> [String: String]
    {
        let batch = try decode([text], needed: needed, sourcetype: sourcetype, host: host)
        return Self.row(batch, 0)
    }

    static func row(_ batch: Batch, _ row: Int) -> [String: String] {
        var fields: [String: String] = [:]
        for name in batch.names { fields[name] = batch[name, row].printed?.string }
        return fields
    }
}
