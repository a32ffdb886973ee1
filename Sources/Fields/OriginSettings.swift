// Which settings of props.conf an event gets, by where it came from.
// Source: Admin Manual 9.3, props.conf, "Precedence": [source::] over [host::] over [sourcetype] over [default]; among
// matching stanzas of one kind the higher `priority`, then the name that is first in ASCII order.

struct OriginSettings: Sendable {
    private(set) var settings: [String: ConfValue] = [:]

    init(settings: [String: ConfValue]) { self.settings = settings }

    /// - Parameter stanzas: in order of precedence, the highest first.
    init(_ stanzas: [ConfLayers.Stanza]) {
        for stanza in stanzas { settings.merge(stanza.settings) { mine, _ in mine } }
    }

    subscript(_ name: String) -> ConfValue? { settings[name] }

    /// The settings `<prefix><class>`, in ASCII order of the class: the order in which Splunk runs them.
    func classes(_ prefix: String) -> [(name: String, value: ConfValue)] {
        settings.filter { $0.key.hasPrefix(prefix) && $0.key.utf8.count > prefix.utf8.count }
            .map { (name: String($0.key.dropFirst(prefix.count)), value: $0.value) }
            .sorted { asciiCompare($0.name, $1.name) < 0 }
    }
}

/// The stanzas of props.conf with their headers read.
struct PropsPatterns: Sendable {
    private struct Entry: Sendable {
        var pattern: StanzaPattern
        var stanza: ConfLayers.Stanza
        var priority: Int
    }

    private var entries: [Entry] = []

    init(_ stanzas: [ConfLayers.Stanza]) {
        for stanza in stanzas {
            guard let pattern = StanzaPattern(stanza: stanza.name) else { continue }
            let priority = stanza["priority"].flatMap { Int($0.text) } ?? (pattern.isLiteral ? 100 : 0)
            entries.append(Entry(pattern: pattern, stanza: stanza, priority: priority))
        }
    }

    /// The stanzas that apply, in order of precedence.
    func matching(sourcetype: String, source: String, host: String) -> [ConfLayers.Stanza] {
        var matching = entries.filter { $0.pattern.matches(sourcetype: sourcetype, source: source, host: host) }
        matching.sort { left, right in
            let (leftKind, rightKind) = (left.pattern.kind.rawValue, right.pattern.kind.rawValue)
            if leftKind != rightKind { return leftKind > rightKind }
            if left.priority != right.priority { return left.priority > right.priority }
            // Of two spellings of one sourcetype the exact one comes first.
            let (leftExact, rightExact) = (left.stanza.name == sourcetype, right.stanza.name == sourcetype)
            if leftExact != rightExact { return leftExact }
            return asciiCompare(left.stanza.name, right.stanza.name) < 0
        }
        return matching.map(\.stanza)
    }
}
