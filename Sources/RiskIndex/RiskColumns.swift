/// What of risk events a reader wants beside time, raw name, rule and calculated score.
public struct RiskColumnParts: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Base score, factors and their names.
    public static let scores = RiskColumnParts(rawValue: 1)
    public static let firings = RiskColumnParts(rawValue: 2)
    public static let messages = RiskColumnParts(rawValue: 4)
    public static let keys = RiskColumnParts(rawValue: 8)
    public static let threatObjects = RiskColumnParts(rawValue: 16)
    public static let firingIDs = RiskColumnParts(rawValue: 32)
    /// Messages told apart without their text.
    public static let messageHashes = RiskColumnParts(rawValue: 64)
    /// Keys as numbers.
    public static let keyOrders = RiskColumnParts(rawValue: 128)
    /// The other fields of the result row.
    public static let rowFields = RiskColumnParts(rawValue: 256)
}

/// Risk events as columns, by time, then key. What events share is a number of ``RiskDimensions``; all columns have as
/// many entries as there are events, those that were not asked for none.
public struct RiskColumns: Sendable {
    public var timesMicroseconds: [Int64] = []
    public var riskObjects: [UInt32] = []
    public var rules: [UInt32] = []
    public var calculatedRiskScores: [Double] = []
    /// ``RiskColumnParts/scores``.
    public var riskScores: [Double] = []
    public var riskFactorAdds: [Double] = []
    public var riskFactorMults: [Double] = []
    /// Names of the factors that applied, additions and multiplications, as numbers of `factorLists`.
    public var factorIDs: [UInt32] = []
    public var factorLists: [(additions: [String], multiplications: [String])] = []
    /// ``RiskColumnParts/firings``: equal for events of one firing; a number of this index only.
    public var firings: [Int64] = []
    /// ``RiskColumnParts/firingIDs``: the first 16 digits of the firings' keys, the same in every index.
    public var firingIDs: [String] = []
    /// ``RiskColumnParts/messages``, as numbers of `messages`.
    public var messageIDs: [UInt32] = []
    public var messages: [String] = []
    /// ``RiskColumnParts/messageHashes``: equal for equal messages, the same in every index.
    public var messageHashes: [Int64] = []
    /// ``RiskColumnParts/keys``.
    public var keys: [String] = []
    /// ``RiskColumnParts/keyOrders``: the first 15 hex digits of the keys as numbers.
    public var keyOrders: [Int64] = []
    /// ``RiskColumnParts/threatObjects``, as numbers of `threatLists`, whose entries are numbers of the dimensions.
    public var threatListIDs: [UInt32] = []
    public var threatLists: [[UInt32]] = []

    /// ``RiskColumnParts/rowFields``, as stored; ``rowField(_:of:)`` reads one of them.
    public var rowFields: [[UInt8]] = []

    public init() {}

    /// A field of the event's result row; nil where the row has none of this name.
    public func rowField(_ name: String, of row: Int) -> ResultField? {
        // Nearly no row has the field that a search asks for: its name would stand in the text.
        guard rowFields[row].holds(name) else { return nil }
        return FieldListJSON.decode(String(decoding: rowFields[row], as: UTF8.self))?.first { $0.name == name }
    }

    public var count: Int { timesMicroseconds.count }
}

/// What risk events share, by number. Numbers are those of this index and this read only.
public struct RiskDimensions: Sendable {
    private var rules: [RiskRule?]
    private var ruleGroups: [UInt32]
    private var riskObjects: [RiskObject?]
    private var threatObjects: [ThreatObject?]

    init(rules: [RiskRule?], riskObjects: [RiskObject?], threatObjects: [ThreatObject?]) {
        self.rules = rules
        var first: [[UInt8]: UInt32] = [:]
        ruleGroups = rules.enumerated().map { number, rule in
            guard let rule else { return 0 }
            let name = Array(rule.searchName.utf8)
            let group = first[name] ?? UInt32(number)
            first[name] = group
            return group
        }
        self.riskObjects = riskObjects
        self.threatObjects = threatObjects
    }

    /// One more than the largest number.
    public var ruleBound: Int { rules.count }
    public var riskObjectBound: Int { riskObjects.count }
    public var threatObjectBound: Int { threatObjects.count }

    /// Nil for a number that no event has.
    public func rule(_ number: Int) -> RiskRule? { number < rules.count ? rules[number] : nil }
    /// One number for all versions of a rule: the smallest of those with its `search_name`.
    public func ruleGroup(_ number: UInt32) -> UInt32 {
        Int(number) < ruleGroups.count ? ruleGroups[Int(number)] : number
    }
    public func riskObject(_ number: Int) -> RiskObject? { number < riskObjects.count ? riskObjects[number] : nil }
    public func threatObject(_ number: Int) -> ThreatObject? {
        number < threatObjects.count ? threatObjects[number] : nil
    }
}

extension [UInt8] {
    /// Whether `name` may stand in this JSON; a name with letters that JSON may escape always may.
    fileprivate func holds(_ name: String) -> Bool {
        let wanted = Array(name.utf8)
        guard let first = wanted.first,
            wanted.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C && $0 != 0x2F })
        else { return true }
        guard count >= wanted.count else { return false }
        for start in 0...(count - wanted.count) where self[start] == first {
            if self[start..<start + wanted.count].elementsEqual(wanted) { return true }
        }
        return false
    }
}
