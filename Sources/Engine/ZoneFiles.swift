public import Formats
import Foundation

extension TimeZoneRules {
    /// The zone of a name as the machine knows it, from /usr/share/zoneinfo; nil where there is none.
    public static func named(_ name: String) -> TimeZoneRules? {
        if ["UTC", "GMT", "Z"].contains(name) { return .utc }
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
        guard let data = FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name) else { return nil }
        return try? TimeZoneRules(tzif: [UInt8](data), name: name)
    }
}
