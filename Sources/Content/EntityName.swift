/// Names of entities that say more than a name: whose host's or zone's it is.
///
/// Square brackets behind a blank cannot be in Windows account names, DNS names or user names of AWS, so that only who
/// means it writes such a name. In a host or zone brackets are written `%5B` and `%5D`, so that two different pairs never
/// give one name.
public enum EntityName {
    /// `SYSTEM [on web1]`: a name that every host has.
    public static func onHost(_ name: String, _ host: String) -> String { "\(name) [on \(escaped(host))]" }

    /// `web1 [zone emea]`.
    public static func inZone(_ name: String, _ zone: String) -> String { "\(name) [zone \(escaped(zone))]" }

    /// What ``inZone(_:_:)`` made a name of; any other text as it is.
    public static func withoutZone(_ name: String, _ zone: String) -> String {
        let ending = Array(inZone("", zone).utf8)
        guard name.utf8.count > ending.count, name.utf8.suffix(ending.count).elementsEqual(ending) else { return name }
        return String(decoding: name.utf8.dropLast(ending.count), as: UTF8.self)
    }

    /// Ends as names with a host or a zone do.
    public static func isCompound(_ name: String) -> Bool {
        guard name.utf8.last == UInt8(ascii: "]") else { return false }
        let bytes = Array(name.utf8)
        guard let open = bytes.lastIndex(of: UInt8(ascii: "[")), open > 0,
            bytes[open - 1] == UInt8(ascii: " ")
        else { return false }
        let inside = bytes[(open + 1)...]
        return inside.starts(with: "on ".utf8) || inside.starts(with: "zone ".utf8)
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x5B || $0 == 0x5D }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x25: bytes += Array("%25".utf8)
            case 0x5B: bytes += Array("%5B".utf8)
            case 0x5D: bytes += Array("%5D".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
