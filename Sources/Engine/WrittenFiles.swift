import Columns
import Formats
import Foundation
import SPL
public import Search

/// What the searches of a run wrote, as files of a folder that `--content` reads back:
///
///     lookups/<file>.csv         outputlookup to a lookup file
///     collections/<name>.csv     outputlookup to a KV store collection
///     mlmodels/<name>.json       fit
///     collected/<index>.ndjson   collect: envelopes, which are an input as they stand
///     alerts/<action>.ndjson     sendalert: its parameters and one row a line
///
/// Tables, collections and models take the place of those that were there. Events and alerts are added, each line once:
/// the same run again adds nothing.
public struct WrittenFiles {
    private let folder: String

    public init(folder: String) { self.folder = folder }

    /// - Throws: `EngineError` E811 for a file that cannot be written or a name that is no file name.
    public func write(_ state: SearchState) throws {
        for name in state.tableNames {
            try replace("lookups", name, LookupCSV.encoded(state.table(name) ?? Batch()))
        }
        for name in state.collectionNames {
            try replace("collections", name + ".csv", LookupCSV.encoded(state.collection(name) ?? Batch()))
        }
        for name in state.modelNames {
            try replace("mlmodels", name + ".json", state.model(name)?.encoded() ?? [])
        }
        for index in state.collectedIndexes {
            try add("collected", index + ".ndjson", Self.envelopes(state.collectedEvents(index: index)))
        }
        for kind in [AlertAction.Kind.notable, .risk] {
            let actions = state.alertActions.filter { $0.kind == kind }
            if !actions.isEmpty { try add("alerts", kind.rawValue + ".ndjson", actions.flatMap(Self.lines)) }
        }
    }

    private static func envelopes(_ events: Batch) -> [[UInt8]] {
        (0..<events.rowCount).map { row in
            var writer = JSONWriter()
            writer.beginObject()
            if let time = events["_time", row].numeric {
                writer.key("time")
                writer.number(time)
            }
            for name in ["host", "source", "sourcetype", "index"] {
                guard let text = events[name, row].printed else { continue }
                writer.key(name)
                writer.string(text)
            }
            writer.key("event")
            writer.string(events["_raw", row].printed ?? Text([]))
            writer.endObject()
            return writer.bytes
        }
    }

    private static func lines(_ action: AlertAction) -> [[UInt8]] {
        (0..<action.rows.rowCount).map { row in
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("parameters")
            writer.beginObject()
            for parameter in action.parameters {
                writer.key(parameter.name)
                writer.string(parameter.value)
            }
            writer.endObject()
            writer.key("row")
            writer.beginObject()
            for (name, column) in zip(action.rows.names, action.rows.columns) where !column[row].isNull {
                writer.key(name)
                writer.value(column[row])
            }
            writer.endObject()
            writer.endObject()
            return writer.bytes
        }
    }

    private func replace(_ kind: String, _ name: String, _ bytes: [UInt8]) throws {
        let path = try path(kind, name)
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Self.unwritable(path, error)
        }
    }

    private func add(_ kind: String, _ name: String, _ lines: [[UInt8]]) throws {
        let path = try path(kind, name)
        var bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
        // A line that a crash cut short is no line to go on with.
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        var known = Set(bytes.split(separator: 0x0A))
        for line in lines where known.insert(line[...]).inserted { bytes += line + [0x0A] }
        try replace(kind, name, bytes)
    }

    private func path(_ kind: String, _ name: String) throws -> String {
        let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "/") && $0 != 0x7F }
        guard isPlain, !name.hasPrefix("."), name.utf8.count <= 200 else {
            throw EngineError(
                "E811", "'\(name)' is no name of a file, so it cannot be kept",
                hint: "choose another name in the search that writes it")
        }
        guard kind != "lookups" || name.hasSuffix(".csv") else {
            throw EngineError(
                "E811", "lookup file '\(name)' cannot be kept: its name does not end in .csv",
                hint: "name it \(name).csv in the search that writes it")
        }
        let directory = folder + "/" + kind
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw Self.unwritable(directory, error)
        }
        return directory + "/" + name
    }

    private static func unwritable(_ path: String, _ error: any Error) -> EngineError {
        EngineError(
            "E811", "'\(path)' cannot be written: \(error.localizedDescription)", hint: "choose another --keep folder")
    }
}
