import Columns

/// A name of a record: the record, and which of its names.
struct NameOwner: Hashable, Sendable {
    var record: Int32
    var name: Int32
}

/// A folded name in a zone; 0 is no zone.
private struct ZonedName: Hashable {
    var zone: Int32
    var name: Text
}

/// Whose a name is. In one zone it is one record's only.
struct EntityNameIndex: Sendable {
    private var owners: [ZonedName: NameOwner] = [:]

    /// The first who has a name keeps it.
    mutating func insert(_ folded: Text, zone: Int32, _ owner: NameOwner) {
        let key = ZonedName(zone: zone, name: folded)
        if owners[key] == nil { owners[key] = owner }
    }

    /// The record of `zone` with this name, else the record without a zone.
    func owner(_ folded: Text, zone: Int32) -> NameOwner? {
        if zone != 0, let owner = owners[ZonedName(zone: zone, name: folded)] { return owner }
        return owners[ZonedName(zone: 0, name: folded)]
    }
}

/// Records by the short form of their names, which several may share.
struct ShortNameIndex: Sendable {
    private struct Node {
        var owner: NameOwner
        /// Into `nodes`, -1 for the end.
        var next: Int32
    }

    private var heads: [ZonedName: Int32] = [:]
    private var nodes: [Node] = []
    /// More records than this are as good as any number.
    static let limit = 16

    /// All names of a record are inserted before those of the next: a short form counts once for each.
    mutating func insert(_ short: Text, zone: Int32, _ owner: NameOwner) {
        let key = ZonedName(zone: zone, name: short)
        let head = heads[key] ?? -1
        if head >= 0, nodes[Int(head)].owner.record == owner.record { return }
        heads[key] = Int32(nodes.count)
        nodes.append(Node(owner: owner, next: head))
    }

    /// The records of `zone` and those without a zone, at most ``limit`` and one.
    func owners(_ short: Text, zone: Int32) -> [NameOwner] {
        var found: [NameOwner] = []
        for zone in zone == 0 ? [0] : [zone, 0] {
            var index = heads[ZonedName(zone: zone, name: short)] ?? -1
            while index >= 0, found.count <= Self.limit {
                found.append(nodes[Int(index)].owner)
                index = nodes[Int(index)].next
            }
        }
        return found
    }
}
