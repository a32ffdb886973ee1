import Formats

/// The members that reports write again and again.
extension JSONWriter {
    mutating func text(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func texts(_ name: String, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    mutating func count(_ name: String, _ count: Int) {
        key(name)
        number(count)
    }

    mutating func score(_ name: String, _ score: Double) {
        key(name)
        number(ScoreText.exact(score))
    }

    mutating func tally(_ tally: RiskTally, prefix: String = "") {
        score(prefix + "risk_score", tally.riskScore)
        count(prefix + "risk_event_count", tally.eventCount)
    }

    /// An array of objects; `members` writes what stands in each.
    mutating func list<Element>(
        _ name: String, _ elements: [Element], _ members: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            members(element, &self)
            endObject()
        }
        endArray()
    }
}
