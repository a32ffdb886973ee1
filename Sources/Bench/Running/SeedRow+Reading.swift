import Columns
import Formats

extension SeedRow {
    /// A row that a program printed: the names of ``groupNames``, `count`, `firstTime` and `lastTime`.
    ///
    /// Times are epoch seconds, or `2026-11-16T00:05:02` as the rule's own macro prints them (UTC). What is missing
    /// becomes a text or number that no true row has, so that comparing tells of it.
    init(_ object: JSONValue) {
        let values = Self.groupNames.map { object[Text($0)]?.plainText ?? "(none)" }
        group = Group(
            signature: values[0], user: values[1], userAgent: values[2], source: values[3], account: values[4],
            region: values[5], product: values[6], repository: values[7])
        count = object["count"]?.wholeNumber ?? -1
        firstTime = object["firstTime"]?.epochSeconds ?? -1
        lastTime = object["lastTime"]?.epochSeconds ?? -1
    }
}

extension JSONValue {
    /// Text or a number as written; nil for all else.
    var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text.string
        default: nil
        }
    }

    /// Also of a number inside a text; nil where it has a fraction.
    var wholeNumber: Int? { plainText.flatMap(Double.init).flatMap { Int(exactly: $0) } }

    /// The elements of an array; nothing for all else.
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    fileprivate var epochSeconds: Int? {
        if let number = wholeNumber { return number }
        guard let text = plainText,
            let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3), let hour = Int(match.4),
            let minute = Int(match.5), let second = Int(match.6),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
    }
}
