import Columns
import Fields

/// What the events of one chunk have, by sourcetype.
struct FieldTally: Sendable {
    struct Field: Sendable {
        var eventCount = 0
        /// Place of the event in the chunk that the example is of.
        var firstEvent = Int.max
        var example = ""
        var makers: [FieldMaker: Int] = [:]

        mutating func add(_ other: Field) {
            eventCount += other.eventCount
            if other.firstEvent < firstEvent {
                firstEvent = other.firstEvent
                example = other.example
            }
            makers.merge(other.makers, uniquingKeysWith: +)
        }
    }

    /// Of one probe: the events that it accepts, and which of its fields some of them fill.
    struct Accepted: Sendable {
        var eventCount = 0
        var isFilled: [Bool]

        mutating func add(_ other: Accepted) {
            eventCount += other.eventCount
            for field in isFilled.indices where other.isFilled[field] { isFilled[field] = true }
        }
    }

    struct Sourcetype: Sendable {
        var eventCount = 0
        var fields: [String: Field] = [:]
        var accepted: [Int: Accepted] = [:]
    }

    var sourcetypes: [String: Sourcetype] = [:]
}

/// The tallies of all chunks, joined in input order: which event gives an example, and what is left out where there are
/// too many names, then does not depend on threads.
struct FieldTotals: Sendable {
    private(set) var sourcetypes: [String: FieldTally.Sourcetype] = [:]
    private(set) var unlistedEventCount = 0
    private(set) var hasUnlistedFields = false
    private var fieldCount = 0
    private var next = 0
    /// Chunks that came before their turn.
    private var waiting: [Int: FieldTally] = [:]

    mutating func add(_ tally: FieldTally, sequence: Int) {
        waiting[sequence] = tally
        while let tally = waiting.removeValue(forKey: next) {
            join(tally)
            next += 1
        }
    }

    private mutating func join(_ tally: FieldTally) {
        for name in tally.sourcetypes.keys.sorted() {
            guard let found = tally.sourcetypes[name] else { continue }
            guard sourcetypes[name] != nil || sourcetypes.count < FieldsReport.maximumSourcetypes else {
                unlistedEventCount += found.eventCount
                continue
            }
            // Taken out while it changes, so that its tables are not copied.
            var known = sourcetypes.removeValue(forKey: name) ?? FieldTally.Sourcetype()
            known.eventCount += found.eventCount
            for (probe, accepted) in found.accepted { known.accepted[probe, default: accepted.empty].add(accepted) }
            join(found.fields, into: &known)
            sourcetypes[name] = known
        }
    }

    private mutating func join(
        _ fields: [String: FieldTally.Field], into known: inout FieldTally.Sourcetype
    ) {
        var fresh: [String] = []
        for (name, field) in fields {
            if let index = known.fields.index(forKey: name) {
                // An example of an earlier chunk stays.
                var field = field
                field.firstEvent = .max
                known.fields.values[index].add(field)
            } else {
                fresh.append(name)
            }
        }
        for name in fresh.sorted() {
            guard fieldCount < FieldsReport.maximumFields else {
                hasUnlistedFields = true
                return
            }
            fieldCount += 1
            known.fields[name] = fields[name]
        }
    }
}

extension FieldTally.Accepted {
    fileprivate var empty: FieldTally.Accepted {
        FieldTally.Accepted(isFilled: [Bool](repeating: false, count: isFilled.count))
    }
}
