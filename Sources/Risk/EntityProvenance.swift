public import Content

/// Which list a record is of.
public enum EntityList: String, Sendable, Hashable {
    case identities, assets
    case stopValues = "stop_values"
}

/// Why a risk object has the normalized name that it has: by which step, which record, and which of its names.
///
/// ``description`` is the form that is stored and shown: one line that begins with the step.
public struct EntityProvenance: Sendable, Hashable {
    public enum Step: String, Sendable, CaseIterable {
        /// The object is a name of the record; case aside.
        case exactName = "exact-name"
        /// `CORP\rob`, and the record has `rob`.
        case domainForm = "domain-form"
        /// `rob@corp.example`, and the record has `rob`.
        case emailForm = "email-form"
        /// `web1.corp.example`, and the record has `web1`.
        case shortName = "short-name"
        /// `web1`, and the record has `web1.corp.example`.
        case fullName = "full-name"
        /// An address of the record that is written otherwise there.
        case address
        /// An address in a block of a record that is one machine.
        case addressBlock = "address-block"

        /// A stop value of every host, as the one of this host.
        case perHost = "per-host"
        /// A stop value of every host, and the host is not known: the name alone.
        case unknownHost = "unknown-host"
        /// A stop value that many share: the name as written.
        case sharedValue = "shared-value"
        /// A stop value that names nobody, or a text in which nothing is visible.
        case placeholder

        /// No record: the name as written.
        case ownName = "own-name"
        /// An address of a network, which is no entity: the name as written.
        case network
        /// Several records could be meant: the name as written.
        case severalRecords = "several-records"
        /// A record has the short name, but says that its domain is another one: the name as written.
        case otherDomain = "other-domain"
        /// The record has more than `EntityTables.maximumMergedNames` names or addresses: the name as written.
        case tooManyNames = "too-many-names"

        /// The object became the record's entity.
        public var isMerged: Bool {
            switch self {
            case .exactName, .domainForm, .emailForm, .shortName, .fullName, .address, .addressBlock: true
            default: false
            }
        }
    }

    public var step: Step
    /// Of the record; nil without one.
    public var list: EntityList?
    /// Where the record is; of several, those that come first, ``longestPlaceList`` at most.
    public var places: [EntityPlace] = []
    /// How many records there are beside ``places``.
    public var unlistedCount = 0
    /// The name of the record that matched, as it is written there, or the block that the address is in.
    public var matchedName: String?

    static let longestPlaceList = 3
}

extension EntityProvenance: CustomStringConvertible {
    /// `exact-name: 'rob' of identities risk/entities/identities.csv:12`; at most about 500 characters, none of which
    /// controls a terminal or the direction of text.
    public var description: String {
        guard let list, !places.isEmpty else { return step.rawValue }
        let listed = places.map { "\(Self.tail($0.file)):\($0.line)" }.joined(separator: ", ")
        let more = unlistedCount > 0 ? " and \(unlistedCount) more" : ""
        let name = matchedName.map { "'\(Self.head($0))' of " } ?? ""
        return "\(step.rawValue): \(name)\(list.rawValue) \(listed)\(more)"
    }

    private static func head(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(60)
        return shown(start) + (start.endIndex == text.unicodeScalars.endIndex ? "" : "...")
    }

    /// The end of a path, which says most of it.
    private static func tail(_ text: String) -> String {
        let end = text.unicodeScalars.suffix(100)
        return (end.startIndex == text.unicodeScalars.startIndex ? "" : "...") + shown(end)
    }

    private static func shown(_ text: Substring.UnicodeScalarView) -> String {
        String(
            String.UnicodeScalarView(
                text.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
