// Local time, from compiled tz database files (RFC 8536). The bytes come from the caller: this layer opens no files.

/// The offsets of one time zone from UTC, over all time.
public struct TimeZoneRules: Hashable, Sendable {
    struct LocalType: Hashable, Sendable {
        var offsetSeconds: Int
        var isDaylight: Bool
        var abbreviation: String
    }

    /// As given by the caller: `Europe/Berlin`, `UTC`, `+02:00`.
    public let name: String
    /// UTC seconds at which each period of `typeIndexes` begins, ascending.
    let transitions: [Int64]
    let typeIndexes: [UInt8]
    /// Never empty; the first is in force before the first transition (RFC 8536 section 3.2).
    let types: [LocalType]
    /// In force after the last transition.
    let footer: PosixZoneRule?

    init(
        name: String, transitions: [Int64] = [], typeIndexes: [UInt8] = [], types: [LocalType],
        footer: PosixZoneRule? = nil
    ) {
        precondition(!types.isEmpty && transitions.count == typeIndexes.count, "zone without a local time type")
        self.name = name
        self.transitions = transitions
        self.typeIndexes = typeIndexes
        self.types = types
        self.footer = footer
    }

    public static let utc = TimeZoneRules.fixed(offsetSeconds: 0, name: "UTC")

    /// A zone without rules. `name` is also its abbreviation.
    public static func fixed(offsetSeconds: Int, name: String) -> TimeZoneRules {
        TimeZoneRules(
            name: name, types: [LocalType(offsetSeconds: offsetSeconds, isDaylight: false, abbreviation: name)])
    }

    /// Seconds to add to UTC to get local time; negative west of Greenwich.
    public func offsetSeconds(atUTC seconds: Int64) -> Int { localType(atUTC: seconds).offsetSeconds }

    /// The zone's name at that time, such as `CET` or `CEST`; `+03` where the tz database has no letters.
    public func abbreviation(atUTC seconds: Int64) -> String { localType(atUTC: seconds).abbreviation }

    /// The instant at which the local clock shows `seconds`.
    ///
    /// Where the clock shows a time twice (the end of daylight saving) the earlier instant is taken. A time that the
    /// clock skips is read with the offset before the gap: 02:30 in a gap from 02:00 to 03:00 is 03:30.
    public func utcSeconds(fromLocal seconds: Int64) -> Int64 {
        if transitions.isEmpty, footer == nil { return seconds - Int64(types[0].offsetSeconds) }
        let before = offsetSeconds(atUTC: seconds - 86_400)
        let earlier = seconds - Int64(before)
        if offsetSeconds(atUTC: earlier) == before { return earlier }
        let after = offsetSeconds(atUTC: seconds + 86_400)
        let later = seconds - Int64(after)
        return offsetSeconds(atUTC: later) == after ? later : earlier
    }

    /// The offset this zone means by an abbreviation, nil when it never used it.
    func offsetSeconds(named abbreviation: String) -> Int? {
        if let type = types.last(where: { $0.abbreviation == abbreviation }) { return type.offsetSeconds }
        guard let footer else { return nil }
        if footer.standard.abbreviation == abbreviation { return footer.standard.offsetSeconds }
        guard let daylight = footer.daylight, daylight.type.abbreviation == abbreviation else { return nil }
        return daylight.type.offsetSeconds
    }

    private func localType(atUTC seconds: Int64) -> LocalType {
        guard let first = transitions.first, let last = transitions.last else {
            return footer?.localType(atUTC: seconds) ?? types[0]
        }
        if seconds < first { return types[0] }
        if seconds >= last, let footer { return footer.localType(atUTC: seconds) }
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return types[Int(typeIndexes[low])]
    }
}

/// Why a time zone file was refused.
public struct TimeZoneError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        case notTZif, truncated, inconsistent, leapSeconds, badFooter
    }

    public let code: Code
    public let message: String
}
