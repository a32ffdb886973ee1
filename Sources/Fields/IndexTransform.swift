import Columns
import Formats
import Matching

// One stanza of transforms.conf, read for index time (TRANSFORMS-, RULESET-): a pattern over one part of an event whose
// match writes another part. Source: Admin Manual 9.3, transforms.conf, "KEYS" and DEST_KEY.

struct IndexTransform: Sendable {
    /// A part of an event that transforms read and write.
    private enum Part: Sendable {
        case raw, host, source, sourcetype, index

        /// By its name in SOURCE_KEY and DEST_KEY, in lower case.
        init?(key: String) {
            switch key {
            case "_raw": self = .raw
            case "metadata:host": self = .host
            case "metadata:source": self = .source
            case "metadata:sourcetype": self = .sourcetype
            case "_metadata:index": self = .index
            default: return nil
            }
        }

        /// As transforms see it.
        func text(of event: EventInIndexing) -> [UInt8] {
            switch self {
            case .raw: event.raw
            case .host: Array("host::\(event.origin.host)".utf8)
            case .source: Array("source::\(event.origin.source)".utf8)
            case .sourcetype: Array("sourcetype::\(event.origin.sourcetype)".utf8)
            case .index: Array(event.origin.index.utf8)
            }
        }
    }

    /// SOURCE_KEY.
    private enum Source: Sendable {
        case part(Part)
        case meta
        /// `field:x`: a field that an earlier transform or the event's envelope gave.
        case field(String)
    }

    /// DEST_KEY.
    private enum Target: Sendable {
        case part(Part)
        case queue
        /// WRITE_META, DEST_KEY = _meta: the match makes fields.
        case meta([(name: FormatTemplate, value: FormatTemplate)])
    }

    private let source: Source
    private let target: Target
    private let regex: Regex
    /// FORMAT, but for a target whose fields it names.
    private let format: FormatTemplate
    /// DEFAULT_VALUE: written where the pattern does not match.
    private let fallback: String?
    /// LOOKAHEAD: how far into the source the pattern looks, in bytes.
    private let lookahead: Int
    /// REPEAT_MATCH.
    private let findsAll: Bool

    static let settings: Set<String> = ["DEST_KEY", "WRITE_META", "DEFAULT_VALUE", "LOOKAHEAD", "REPEAT_MATCH"]

    private static let defaultLookahead = 4_096
    private static let maximumMatches = 1_000

    init?(_ stanza: ConfLayers.Stanza, _ problems: inout ProblemList) {
        let settings = OriginSettings(settings: stanza.settings)
        guard let source = Self.source(settings, &problems) else { return nil }
        guard let pattern = stanza["REGEX"] else {
            problems.add(
                "E452", stanza.place, "transform '\(shortened(stanza.name))' has no REGEX, which TRANSFORMS- needs")
            return nil
        }
        guard let regex = compiledRegex(pattern.text, pattern, &problems),
            let target = Self.target(stanza, settings, regex, &problems)
        else { return nil }
        self.source = source
        self.target = target
        self.regex = regex
        format = FormatTemplate(TransformRule.pieces(stanza["FORMAT"]?.text ?? "$1"))
        fallback = stanza["DEFAULT_VALUE"]?.text
        lookahead = settings.count("LOOKAHEAD", &problems) ?? Self.defaultLookahead
        findsAll = settings.flag("REPEAT_MATCH", &problems) ?? false
    }

    private static func source(_ settings: OriginSettings, _ problems: inout ProblemList) -> Source? {
        guard let key = settings["SOURCE_KEY"], !key.text.isEmpty else { return .part(.raw) }
        if let part = Part(key: key.text.lowercased()) { return .part(part) }
        switch key.text.lowercased() {
        case "_meta": return .meta
        default:
            if key.text.hasPrefix("field:") { return .field(String(key.text.dropFirst("field:".count))) }
            problems.add(
                "E451", key, "SOURCE_KEY '\(shortened(key.text))' is not supported at index time",
                hint:
                    "_raw, _meta, MetaData:Host, MetaData:Source, MetaData:Sourcetype, _MetaData:Index or field:<name>")
            return nil
        }
    }

    private static func target(
        _ stanza: ConfLayers.Stanza, _ settings: OriginSettings, _ regex: Regex, _ problems: inout ProblemList
    ) -> Target? {
        let key = stanza["DEST_KEY"]
        let writesMeta = settings.flag("WRITE_META", &problems) ?? false
        if let part = key.flatMap({ Part(key: $0.text.lowercased()) }) { return .part(part) }
        switch key?.text.lowercased() ?? "" {
        case "queue": return .queue
        case "_meta",
            "" where key != nil && key?.text.isEmpty == false || writesMeta:
            return metaPairs(stanza, regex, &problems).map { pairs in
                .meta(pairs.map { (FormatTemplate($0.name), FormatTemplate($0.value)) })
            }
        case "":
            problems.add(
                "E452", stanza.place,
                "transform '\(shortened(stanza.name))' has neither DEST_KEY nor WRITE_META, so it writes nothing",
                hint: "write WRITE_META = true for fields, or use the transform in a REPORT-")
            return nil
        default:
            guard let key else { return nil }
            problems.add(
                "E451", key, "DEST_KEY '\(shortened(key.text))' is not supported",
                hint: "_raw, _meta, queue, MetaData:Host, MetaData:Source, MetaData:Sourcetype or _MetaData:Index")
            return nil
        }
    }

    /// FORMAT `$0 name::$1`, or the named groups of the pattern; `<stanza>::$1` where there is neither.
    private static func metaPairs(
        _ stanza: ConfLayers.Stanza, _ regex: Regex, _ problems: inout ProblemList
    ) -> [TransformRule.FormatPair]? {
        guard let format = stanza["FORMAT"] else {
            if regex.groupNames.isEmpty {
                return [TransformRule.FormatPair(name: [.text(stanza.name)], value: [.group(1)])]
            }
            return regex.groupNames.map {
                TransformRule.FormatPair(name: [.text($0.name)], value: [.group($0.index)])
            }
        }
        // `$0` is what was in _meta before: fields are added to it in any case.
        let text = trimmedBlanks(format.text.hasPrefix("$0") ? String(format.text.dropFirst(2)) : format.text)
        if let pairs = TransformRule.format(text) { return pairs }
        problems.add(
            "E452", format, "FORMAT '\(shortened(format.text))' is not a list of name::value",
            hint: "write for example FORMAT = zone::$1")
        return nil
    }

    // MARK: Running

    func apply(to event: inout EventInIndexing) {
        guard let text = text(of: event) else { return }
        let window = text.prefix(lookahead)
        var matches: [RegexMatch] = []
        window.withUnsafeBytes { bytes in
            // A pattern that gives up has found nothing more.
            try? regex.forEachMatch(in: bytes) { match throws(RegexError) in
                matches.append(match)
                return findsAll && matches.count < Self.maximumMatches
            }
        }
        window.withUnsafeBytes { bytes in
            if case .meta(let pairs) = target {
                for match in matches {
                    for pair in pairs {
                        guard let name = pair.name.filled(match, bytes), let value = pair.value.filled(match, bytes),
                            !name.isEmpty, !value.isEmpty
                        else { continue }
                        event.addField(String(decoding: name, as: UTF8.self), Text(value))
                    }
                }
            } else if let match = matches.first {
                let before = format.readsBefore ? self.before(in: event) : nil
                if let value = format.filled(match, bytes, before: before) { write(value, to: &event) }
            } else if let fallback {
                write(Array(fallback.utf8), to: &event)
            }
        }
    }

    private func text(of event: EventInIndexing) -> [UInt8]? {
        switch source {
        case .part(let part): part.text(of: event)
        case .meta: event.metaText
        case .field(let name): event.field(name)?.bytes
        }
    }

    /// `$0`: what DEST_KEY holds so far.
    private func before(in event: EventInIndexing) -> [UInt8]? {
        if case .part(let part) = target { part.text(of: event) } else { nil }
    }

    private func write(_ value: [UInt8], to event: inout EventInIndexing) {
        func named(_ prefix: String) -> String? {
            let text = trimmedBlanks(String(decoding: value, as: UTF8.self))
            let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
            return name.isEmpty ? nil : name
        }
        switch target {
        case .part(.raw): event.raw = value
        case .part(.host): if let name = named("host::") { event.origin.host = name }
        case .part(.source): if let name = named("source::") { event.origin.source = name }
        case .part(.sourcetype): if let name = named("sourcetype::") { event.origin.sourcetype = name }
        case .part(.index): if let name = named("index::") { event.origin.index = name }
        case .queue: event.isDropped = named("")?.lowercased() == "nullqueue"
        case .meta: return
        }
    }
}

/// An event on its way through the index-time rules.
struct EventInIndexing {
    var raw: [UInt8]
    var origin: EventOrigin
    /// queue = nullQueue; a later transform may bring the event back.
    var isDropped = false
    private(set) var fields: [(name: String, value: Value)]

    /// A hostile pattern may make many.
    private static let maximumFields = 1_000

    init(raw: [UInt8], origin: EventOrigin, fields: [(name: String, value: Value)]) {
        self.raw = raw
        self.origin = origin
        self.fields = fields
    }

    mutating func addField(_ name: String, _ value: Text) {
        if fields.count < Self.maximumFields { fields.append((name, .text(value))) }
    }

    func field(_ name: String) -> Text? { fields.first { $0.name == name }?.value.printed }

    /// `_meta` as Splunk writes it.
    var metaText: [UInt8] {
        Array(fields.map { "\($0.name)::\($0.value.printed?.string ?? "")" }.joined(separator: " ").utf8)
    }
}
