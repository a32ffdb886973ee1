import Columns
import Content
import Matching
import RiskIndex

/// One row of the lists, as the entity that it describes.
struct EntityRecord: Sendable {
    var list: EntityList
    var origin: EntityOrigin
    /// 0 for none; an index into `EntityRecords.zones`.
    var zone: Int32
    var row: [[String]]
    /// Which table `row` is of: an index into `EntityRecords.columns`.
    var table: Int
    /// The name of its entity, without the zone; nil where nothing can be merged into it.
    var name: String?
    /// Addresses in its blocks, up to one more than are merged.
    var blockAddressCount = 0
}

/// The records of all lists, by name, by short name and by address.
struct EntityRecords: Sendable {
    /// What an address is looked up as: the record, and the block as the table has it.
    struct Block: Sendable {
        var record: Int32
        var text: String
        /// A single address.
        var isAddress: Bool
    }

    private(set) var all: [EntityRecord] = []
    private(set) var identities = EntityNameIndex()
    private(set) var assets = EntityNameIndex()
    private(set) var users = ShortNameIndex()
    private(set) var hosts = ShortNameIndex()
    /// By zone, 0 for none.
    private(set) var blocks: [Int32: AddressBlockTable<Block>] = [:]
    /// Folded; the first is none.
    private(set) var zones = [""]
    private var zoneNumbers: [Text: Int32] = [:]
    /// Of each table, where its columns are.
    private let columns: [[String: Int]]
    private static let keys = ["identity", "asset", "asset"]

    init(_ tables: EntityTables, stopValues: StopValueList) {
        let all = [tables.identities, tables.assetsByName, tables.assetsByBlock]
        columns = all.map { table in
            Dictionary(table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let isUsable: (String) -> Bool = { !EntityName.isCompound($0) && !stopValues.contains($0) }
        tables.identities.forEachRecord { add(.identities, $0, $1, table: 0, isUsable) }
        tables.assetsByName.forEachRecord { add(.assets, $0, $1, table: 1, isUsable) }
        addBlocks(tables.assetsByBlock)
        for index in self.all.indices { self.all[index].name = entityName(Int32(index)) }
    }

    // MARK: Reading

    func values(_ column: String, of record: Int32) -> [String] {
        let record = all[Int(record)]
        return columns[record.table][column].map { record.row[$0] } ?? []
    }

    /// All names of a record, in the list's order; none for a network.
    func names(of record: Int32) -> [String] {
        let table = all[Int(record)].table
        return table == 2 ? [] : values(Self.keys[table], of: record)
    }

    /// The number of a zone; nil for one that no record has.
    func number(ofZone folded: String) -> Int32? { zoneNumbers[Text(folded)] }

    static func fold(_ name: String) -> Text { Text(FoldedName.fold(name)) }

    /// A zone as zones are compared: folded, without the blanks around it; nil for none.
    static func zone(_ text: String?) -> String? {
        guard let text else { return nil }
        let folded = FoldedName.fold(Text(text).withoutBlanks.string)
        return folded.isEmpty ? nil : folded
    }

    // MARK: Building

    private mutating func add(
        _ list: EntityList, _ origin: EntityOrigin, _ row: [[String]], table: Int, _ isUsable: (String) -> Bool
    ) {
        let index = Int32(all.count)
        let zone = zone(of: row, table)
        all.append(EntityRecord(list: list, origin: origin, zone: zone, row: row, table: table))
        for (position, name) in names(of: index).enumerated() where isUsable(name) {
            let folded = Self.fold(name)
            let owner = NameOwner(record: index, name: Int32(position))
            if list == .identities {
                identities.insert(folded, zone: zone, owner)
                let short = DomainUserName(folded)?.name ?? folded
                // `root` of `CORP\root` tells as little as `root`.
                if short == folded || isUsable(short.string) { users.insert(short, zone: zone, owner) }
            } else {
                assets.insert(folded, zone: zone, owner)
                if let host = HostName(folded), isUsable(host.short.string) {
                    hosts.insert(host.short, zone: zone, owner)
                }
                // An IPv4 address is written in one way only.
                if folded.bytes.contains(UInt8(ascii: ":")), let range = AddressRange(name), range.isAddress {
                    blocks[zone, default: AddressBlockTable()].insert(
                        range, Block(record: index, text: name, isAddress: true))
                }
            }
        }
    }

    private mutating func addBlocks(_ table: EntityTable) {
        guard let key = columns[2]["asset"] else { return }
        var records: [EntityPlace: Int32] = [:]
        for (index, record) in all.enumerated() where record.list == .assets && !table.rows.isEmpty {
            records[record.origin.place] = Int32(index)
        }
        table.forEachRecord { origin, row in
            guard let text = row[key].first, let range = AddressRange(text) else { return }
            let index: Int32
            if let known = records[origin.place] {
                index = known
            } else {
                index = Int32(all.count)
                records[origin.place] = index
                all.append(
                    EntityRecord(list: .assets, origin: origin, zone: zone(of: row, 2), row: row, table: 2))
            }
            let limit = EntityTables.maximumMergedNames + 1
            all[Int(index)].blockAddressCount = min(
                limit, all[Int(index)].blockAddressCount + range.addressCount(upTo: limit))
            blocks[all[Int(index)].zone, default: AddressBlockTable()].insert(
                range, Block(record: index, text: text, isAddress: false))
        }
    }

    private mutating func zone(of row: [[String]], _ table: Int) -> Int32 {
        guard let column = columns[table]["cim_entity_zone"], let zone = Self.zone(row[column].first) else { return 0 }
        if let known = zoneNumbers[Text(zone)] { return known }
        let number = Int32(zones.count)
        zones.append(zone)
        zoneNumbers[Text(zone)] = number
        return number
    }

    /// The first name that leads to this record and no other: of an identity in the list's order, of an asset the
    /// Windows name, the DNS name, the address, the MAC address.
    private func entityName(_ index: Int32) -> String? {
        let record = all[Int(index)]
        let names =
            record.list == .identities
            ? names(of: index) : ["nt_host", "dns", "ip", "mac"].flatMap { values($0, of: index) }
        return names.prefix(EntityTables.maximumMergedNames).first { name in
            let match = find(name, type: "", zone: record.zone, in: .both)
            return match?.step == .exactName && match?.records[0] == index
        }
    }
}
