/// A row of the seed rule ("AWS ECR Container Upload Outside Business Hours"): uploads of one group outside business hours.
public struct SeedRow: Hashable, Comparable, Sendable {
    /// What the rule's `stats` groups by.
    public struct Group: Hashable, Comparable, Sendable {
        public var signature, user, userAgent, source, account, region, product, repository: String

        /// In the order of ``SeedRow/groupNames``.
        var values: [String] { [signature, user, userAgent, source, account, region, product, repository] }

        public static func < (left: Group, right: Group) -> Bool {
            left.values.lexicographicallyPrecedes(right.values)
        }
    }

    static let groupNames = [
        "signature", "user", "user_agent", "src", "vendor_account", "vendor_region", "vendor_product", "repository",
    ]

    public var group: Group
    public var count: Int
    /// Epoch seconds.
    public var firstTime, lastTime: Int

    public static func < (left: SeedRow, right: SeedRow) -> Bool {
        if left.group != right.group { return left.group < right.group }
        return (left.count, left.firstTime, left.lastTime) < (right.count, right.firstTime, right.lastTime)
    }
}

extension SeedRow: CustomStringConvertible {
    public var description: String {
        let pairs = zip(Self.groupNames, group.values).map { "\($0)=\"\(printable($1))\"" }
        return (pairs + ["count=\(count)", "firstTime=\(firstTime)", "lastTime=\(lastTime)"]).joined(separator: " ")
    }
}

/// What is true of a file of invented events, counted while they were written.
public struct SeedTruth: Sendable {
    /// Sorted; the rows that the seed rule must give.
    public var rows: [SeedRow] = []
    /// Uploads outside business hours, those without a user among them.
    public var matchedEventCount = 0
    /// Lines with the word `PutImage`, written so.
    public var wordLineCount = 0
    public var eventCount = 0
    public var byteCount = 0
}
