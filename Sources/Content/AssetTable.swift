import Matching

/// `asset_lookup_by_str` and `asset_lookup_by_cidr`, of the files of assets.
///
/// The names of an asset are its addresses, MAC addresses, Windows and DNS names; blocks and ranges of addresses go to the
/// second table, a row each, the smallest first: it is the one that an address gets.
struct AssetTable {
    static let columns = [
        "_key", "asset", "key", "asset_id", "asset_tag", "bunit", "category", "cim_entity_zone", "city", "country",
        "dns", "ip", "is_expected", "lat", "long", "mac", "nt_host", "owner", "pci_domain", "priority", "requires_av",
        "should_timesync", "should_update",
    ]
    private static let flags = ["is_expected", "should_timesync", "should_update", "requires_av"]

    private(set) var byName = EntityTable(columns: columns)
    private(set) var byBlock = EntityTable(columns: columns)
    private var values: EntityValues
    /// Per row of `byBlock`, the bits that are free in its block.
    private var freeBits: [Int] = []

    var problems: [ContentProblem] { values.problems.all }

    /// - Parameter files: those whose names go first come first.
    init(_ files: [EntityFile]) {
        values = EntityValues(files)
        for file in files {
            for row in file.rows { add(row, file.file) }
        }
        byBlock.sort(by: freeBits)
    }

    private mutating func add(_ row: EntityFile.Row, _ file: String) {
        var addresses: [String] = []
        var blocks: [(text: String, length: Int)] = []
        for text in row.values("ip") {
            guard let range = AddressRange(text) else {
                values.report(
                    file, row, "ip '\(shortened(text))' is no address, block or range",
                    hint: "write 192.0.2.7, 192.0.2.0/24 or 192.0.2.1-192.0.2.9")
                continue
            }
            if range.isAddress { addresses.append(text) } else { blocks += range.blocks }
        }
        let names = addresses + row.values("mac") + row.values("nt_host") + row.values("dns")
        guard !names.isEmpty || !blocks.isEmpty else {
            if row.values("ip").isEmpty {
                values.report(file, row, "row has neither ip, mac, nt_host nor dns", hint: "an asset needs a name")
            }
            return
        }
        let claimedNames = values.claim(names, file, row)
        var claimedBlocks: [(name: ClaimedName, length: Int)] = []
        for block in blocks {
            claimedBlocks += values.claim([block.text], file, row).map { ($0, block.length) }
        }
        let cells = cells(row, file)
        let place = EntityPlace(file: file, line: row.line)
        func append(names: [ClaimedName], isZoned: Bool) {
            guard !names.isEmpty else { return }
            var cells = cells
            cells["asset"] = names.map(\.text)
            cells["key"] = cells["asset"]
            cells["ip"] = addresses
            byName.append(cells, EntityOrigin(place: place, writtenNameCount: names.count), isZoned: isZoned)
        }
        func append(blocks: [(name: ClaimedName, length: Int)], isZoned: Bool) {
            for (name, length) in blocks {
                var cells = cells
                for column in ["asset", "key", "ip"] { cells[column] = [name.text] }
                byBlock.append(cells, EntityOrigin(place: place, writtenNameCount: 1), isZoned: isZoned)
                if !isZoned { freeBits.append((name.text.contains(":") ? 128 : 32) - length) }
            }
        }
        append(names: claimedNames.filter(\.isInLookups), isZoned: false)
        append(blocks: claimedBlocks.filter(\.name.isInLookups), isZoned: false)
        if claimedNames.contains(where: { !$0.isInLookups }) { append(names: claimedNames, isZoned: true) }
        if claimedBlocks.contains(where: { !$0.name.isInLookups }) { append(blocks: claimedBlocks, isZoned: true) }
    }

    private mutating func cells(_ row: EntityFile.Row, _ file: String) -> [String: [String]] {
        var cells = row.cells.mapValues { [$0] }
        for column in ["mac", "nt_host", "dns", "pci_domain"] { cells[column] = row.values(column) }
        cells["category"] = values.categories(row)
        cells["priority"] = values.priority(file, row)
        cells["lat"] = values.degrees("lat", 90, file, row)
        cells["long"] = values.degrees("long", 180, file, row)
        for flag in Self.flags { cells[flag] = values.boolean(flag, file, row) }
        let key = EntityValues.key(["dns", "ip", "mac", "nt_host"].map { row.values($0) })
        cells["_key"] = [key]
        cells["asset_id"] = [key]
        cells["asset_tag"] =
            (cells["category"] ?? []) + row.values("pci_domain") + Self.flags.filter { cells[$0] == ["true"] }
            + row.values("bunit")
        return cells
    }
}
