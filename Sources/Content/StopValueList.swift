import Columns
import Matching
import SPL

/// A name that never tells who an entity is: a row of `stop_values.csv`.
public struct StopValue: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Names nobody: `-`, `unknown`. Risk of it is lost, and counted as such.
        case placeholder
        /// Names another one on every host: `SYSTEM`, `127.0.0.1`. The entity is that of the host.
        case perHost = "per_host"
        /// An address that many share, as behind NAT. It is never taken for the name of one of them.
        case shared
    }

    /// Names, addresses, blocks and ranges of addresses that mean the same. The first one names the entity.
    public var values: [String]
    /// `user`, `system` and so on, folded; nil for every type.
    public var type: String?
    public var kind: Kind
    /// For people: why it is one.
    public var why: String
    public var place: EntityPlace
}

/// The stop values of all content folders. For one that two of them have, the folder loaded last counts.
public struct StopValueList: Sendable {
    /// Those that count first come first.
    public private(set) var all: [StopValue] = []
    private(set) var problems = EntityProblems()
    /// By folded name: indices into `all`, at most one for each type.
    private var byName: [Text: [Int]] = [:]
    /// By type, "" for every type.
    private var blocks: [String: AddressBlockTable<Int>] = [:]
    private var longestName = 0
    private static let longestAddress = 64

    /// Empty.
    public init() {}

    /// - Parameter files: those that count first come first.
    init(_ files: [EntityFile]) {
        for file in files {
            problems.merge(file.problems)
            for row in file.rows { add(row, file.file) }
        }
    }

    /// The stop value that `name` is for entities of `type`: one for this type before one for every type.
    public func value(_ name: String, type: String) -> StopValue? {
        guard canHold(name) else { return nil }
        let indices = byName[Self.key(name)] ?? []
        let address = Self.address(name)
        if indices.isEmpty, address == nil { return nil }
        let type = Self.folded(type)
        let found =
            indices.first { all[$0].type == type } ?? self.index(address, type)
            ?? indices.first { all[$0].type == nil } ?? self.index(address, "")
        return found.map { all[$0] }
    }

    /// A stop value for entities of any type.
    public func contains(_ name: String) -> Bool {
        guard canHold(name) else { return false }
        if byName[Self.key(name)] != nil { return true }
        guard let address = Self.address(name) else { return false }
        return blocks.values.contains { $0.smallest(holding: address) != nil }
    }

    private func canHold(_ name: String) -> Bool { name.utf8.count <= max(longestName, Self.longestAddress) }

    /// Most names are none, as their first character says.
    private static func address(_ name: String) -> IPAddress? {
        switch name.utf8.first ?? 0 {
        case 0x30...0x3A, 0x41...0x46, 0x61...0x66: IPAddress(Array(name.utf8))
        default: nil
        }
    }

    private func index(_ address: IPAddress?, _ type: String) -> Int? {
        address.flatMap { blocks[type]?.smallest(holding: $0)?.value }
    }

    private static func folded(_ text: String) -> String {
        String(decoding: CaseFolding.fold(Array(text.utf8)), as: UTF8.self)
    }

    private static func key(_ name: String) -> Text { Text(CaseFolding.fold(Array(name.utf8))) }

    private mutating func add(_ row: EntityFile.Row, _ file: String) {
        let values = row.values("value")
        guard !values.isEmpty else {
            problems.add(file, row.line, "row has no value", hint: "write the name that tells nobody apart")
            return
        }
        guard let kind = row.cells["kind"].flatMap({ StopValue.Kind(rawValue: Self.folded($0)) }) else {
            problems.add(
                file, row.line, "kind '\(shortened(row.cells["kind"] ?? ""))' is none",
                hint: StopValue.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            return
        }
        let type = row.cells["type"].map(Self.folded)
        let index = all.count
        all.append(
            StopValue(
                values: values, type: type, kind: kind, why: row.cells["why"] ?? "",
                place: EntityPlace(file: file, line: row.line)))
        for value in values {
            if let range = AddressRange(value) {
                blocks[type ?? "", default: AddressBlockTable()].insert(range, index)
                if !range.isAddress { continue }
            }
            claim(value, index)
        }
    }

    private mutating func claim(_ value: String, _ index: Int) {
        let key = Self.key(value)
        guard let known = byName[key, default: []].first(where: { all[$0].type == all[index].type }) else {
            byName[key, default: []].append(index)
            longestName = max(longestName, key.count)
            return
        }
        let place = all[index].place
        guard known != index, all[known].place.file == place.file else { return }
        problems.add(
            place.file, place.line, "'\(shortened(value))' is a stop value of line \(all[known].place.line) already",
            hint: "remove it from one of them", code: ContentCode.sharedKey)
    }
}
