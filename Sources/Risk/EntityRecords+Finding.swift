import Columns
import Content
import Matching

/// The record that a risk object was looked up as, or why it is none.
struct EntityMatch: Sendable {
    var step: EntityProvenance.Step
    /// One, or for `severalRecords` those that could be meant.
    var records: [Int32]
    /// Of the record, as it is written there.
    var name: String

    /// The record that says something about the object, though it may not be merged into it.
    var recordOfAttributes: Int32? {
        step == .severalRecords || step == .otherDomain ? nil : records.first
    }
}

extension EntityRecords {
    enum Lists {
        case identities, assets, both
        var haveIdentities: Bool { self != .assets }
        var haveAssets: Bool { self != .identities }
    }

    /// First match wins: identity by name, asset by name, asset by address (the smallest block first), then the derived
    /// forms: those of users in identities, those of hosts in assets.
    ///
    /// Source for the order: splunk/rba, asset_and_identity_rir_logic.
    ///
    /// - Parameter type: folded. A `user` has no address, and only `user` and `system` have derived forms: no more is
    ///   known of what another type's names mean.
    func find(_ name: String, type: String, zone: Int32, in lists: Lists) -> EntityMatch? {
        let folded = Self.fold(name)
        if lists.haveIdentities, let owner = identities.owner(folded, zone: zone) {
            return exact(owner, folded, zone)
        }
        if lists.haveAssets, let owner = assets.owner(folded, zone: zone) {
            return merged(owner, .exactName)
        }
        if lists.haveAssets, type != "user", let address = IPAddress(folded.bytes) {
            return block(holding: address, zone: zone).map(byAddress)
        }
        switch type {
        case "user" where lists.haveIdentities: return user(folded, zone)
        case "system" where lists.haveAssets: return host(folded, zone)
        default: return nil
        }
    }

    /// The smallest block of `zone` or without a zone; of equal ones that of the zone.
    func block(holding address: IPAddress, zone: Int32) -> Block? {
        let ofNone = blocks[0]?.smallest(holding: address)
        guard zone != 0, let ofZone = blocks[zone]?.smallest(holding: address) else { return ofNone?.value }
        if let ofNone, ofNone.length > ofZone.length { return ofNone.value }
        return ofZone.value
    }

    // MARK: Steps

    private func merged(_ owner: NameOwner, _ step: EntityProvenance.Step) -> EntityMatch {
        let names = names(of: owner.record)
        let hasTooMany = names.count > EntityTables.maximumMergedNames
        return EntityMatch(
            step: hasTooMany ? .tooManyNames : step, records: [owner.record], name: names[Int(owner.name)])
    }

    /// What stands before the `@` of several addresses is nobody's name, whoever is first in the list.
    private func exact(_ owner: NameOwner, _ folded: Text, _ zone: Int32) -> EntityMatch {
        if owner.name >= all[Int(owner.record)].origin.writtenNameCount {
            let owners = users.owners(folded, zone: zone)
            if owners.count > 1 { return several(owners) }
        }
        return merged(owner, .exactName)
    }

    private func several(_ owners: [NameOwner]) -> EntityMatch {
        let sorted = owners.sorted {
            (all[Int($0.record)].origin.place, $0.record) < (all[Int($1.record)].origin.place, $1.record)
        }
        return EntityMatch(
            step: .severalRecords, records: sorted.map(\.record),
            name: names(of: sorted[0].record)[Int(sorted[0].name)])
    }

    private func byAddress(_ block: Block) -> EntityMatch {
        let record = all[Int(block.record)]
        let step: EntityProvenance.Step
        if record.name == nil {
            // Too many names, or names that others have.
            step = names(of: block.record).count > EntityTables.maximumMergedNames ? .tooManyNames : .network
        } else if block.isAddress {
            step = .address
        } else {
            step = record.blockAddressCount > EntityTables.maximumMergedNames ? .tooManyNames : .addressBlock
        }
        return EntityMatch(step: step, records: [block.record], name: block.text)
    }

    private func user(_ folded: Text, _ zone: Int32) -> EntityMatch? {
        guard let name = DomainUserName(folded) else { return nil }
        let owners = users.owners(name.name, zone: zone)
        guard let only = owners.first else { return nil }
        let step: EntityProvenance.Step = name.form == .downLevel ? .domainForm : .emailForm
        if owners.count > ShortNameIndex.limit { return several(owners) }
        let answers = owners.map { domains(of: $0.record).answer(name) }
        let agreeing = zip(owners, answers).filter { $1 == .agrees }.map(\.0)
        if agreeing.count == 1 { return merged(agreeing[0], step) }
        if owners.count > 1 { return several(owners) }
        // `WEB1\rob` is an account of that machine, not of the domain.
        if answers[0] == .contradicts || isMachine(name, zone) {
            return EntityMatch(
                step: .otherDomain, records: [only.record], name: names(of: only.record)[Int(only.name)])
        }
        return merged(only, step)
    }

    private func isMachine(_ name: DomainUserName, _ zone: Int32) -> Bool {
        guard name.form == .downLevel else { return false }
        return assets.owner(name.domain, zone: zone) != nil || !hosts.owners(name.domain, zone: zone).isEmpty
    }

    private func domains(of record: Int32) -> RecordDomains {
        var domains = RecordDomains()
        let names = names(of: record)
        guard names.count <= EntityTables.maximumMergedNames else { return domains }
        for text in names + values("email", of: record) {
            if let name = DomainUserName(Self.fold(text)) { domains.add(name) }
        }
        for text in values("downLevelDomainName", of: record) {
            let folded = Self.fold(text)
            if let name = DomainUserName(folded) { domains.add(name) } else { domains.addDownLevel(folded) }
        }
        return domains
    }

    private func host(_ folded: Text, _ zone: Int32) -> EntityMatch? {
        guard let host = HostName(folded) else { return nil }
        let owners = hosts.owners(host.short, zone: zone)
        guard let only = owners.first else { return nil }
        if owners.count > 1 { return several(owners) }
        guard host.isFull else { return merged(only, .fullName) }
        // The full name would have matched, so that this one is of another domain.
        let hasFullName = names(of: only.record).prefix(EntityTables.maximumMergedNames).contains { name in
            HostName(Self.fold(name)).map { $0.isFull && $0.short == host.short } ?? false
        }
        if hasFullName {
            return EntityMatch(
                step: .otherDomain, records: [only.record], name: names(of: only.record)[Int(only.name)])
        }
        return merged(only, .shortName)
    }
}
