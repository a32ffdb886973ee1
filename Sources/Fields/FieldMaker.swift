// Where a field comes from, for people who ask why they have it. Extraction itself never looks at this: the lines ride
// on the compiled rules, and only a traced decoding reads them.

/// A line of an add-on.
public struct AddonLine: Hashable, Sendable {
    /// `app/default/props.conf`, the app as the caller of ``AddonSet/addLayer(app:rank:confFiles:lookups:)`` named it.
    public var file: String
    /// One-based.
    public var line: Int
    /// What stands there: `FIELDALIAS-0_event`, `REPORT-0 [transform]`, `[eventtype=failure]`.
    public var name: String

    public init(file: String, line: Int, name: String) {
        self.file = file
        self.line = line
        self.name = name
    }

    init(_ place: ConfValue, name: String) { self.init(file: place.file, line: place.line, name: name) }
}

/// What gave an event a field's value: the last that changed it.
public enum FieldMaker: Hashable, Sendable {
    /// It came beside the text: members of an envelope, columns of a table.
    case envelope
    /// Every event has it: origin, time, counts over the text.
    case defaultField
    /// INDEXED_EXTRACTIONS: names of the text or its header.
    case indexedExtractions
    /// Names that stand in the text. `json`, `xml`, `multi` or `auto`, as in props.conf.
    case keyValues(mode: String)
    case line(AddonLine)
}

extension FieldMaker: CustomStringConvertible {
    /// `windows/default/props.conf:12 FIELDALIAS-0_event`, `KV_MODE json`, `default field`, `envelope`.
    public var description: String {
        switch self {
        case .envelope: "envelope"
        case .defaultField: "default field"
        case .indexedExtractions: "INDEXED_EXTRACTIONS"
        case .keyValues(let mode): "KV_MODE \(mode)"
        case .line(let line):
            "\(line.file.split(separator: "/").suffix(3).joined(separator: "/")):\(line.line) \(line.name)"
        }
    }
}
