public import Columns
public import Formats
import Matching
import SPL
public import Search

/// The add-ons that tell how events become fields, in Splunk's own configuration format, all apps and layers merged.
///
/// Read are props.conf, transforms.conf, eventtypes.conf, tags.conf and lookup tables in CSV. Nothing throws: what cannot
/// be read or is not supported is left out and listed in ``problems``.
/// Source: Splunk Admin Manual 9.3, "Configuration file precedence" and the reference of each file.
public struct AddonSet: Sendable {
    public enum Layer: String, Sendable { case `default`, local }

    private(set) var props = ConfLayers()
    private(set) var transforms = ConfLayers()
    private(set) var eventtypes = ConfLayers()
    private(set) var tags = ConfLayers()
    /// Lookup tables by file name, with the place they came from.
    private(set) var tables: [String: (file: LookupFile, path: String)] = [:]
    private var tableRanks: [String: Int] = [:]
    private(set) var zones: [String: TimeZoneRules] = [:]
    private var readProblems = ProblemList()
    private(set) var cache = AddonCache()

    /// Files above this are refused: a lookup table is read into memory whole.
    static let maximumLookupBytes = 512 << 20

    public init() {}

    /// Adds the files of one app. The order of calls does not matter: local beats default, and then the app whose name
    /// comes first in ASCII order wins, setting by setting.
    ///
    /// - Parameter rank: settings of a higher rank win over all of a lower one, whatever the layer: a folder that a user
    ///   loads on top of what is shipped. Within one rank Splunk's own order holds.
    /// - Parameter confFiles: other names than the four are left to other readers.
    /// - Parameter lookups: file name without directory, and content; of two tables of one name the first app's stays.
    public mutating func addLayer(
        app: String, rank: Int = 0, confFiles: [(name: String, layer: Layer, text: [UInt8])],
        lookups: [(name: String, csv: [UInt8])]
    ) {
        cache = AddonCache()
        for (name, layer, text) in confFiles {
            let path = "\(app)/\(layer.rawValue)/\(name)"
            switch name {
            case "props.conf": read(text, name, path, app, rank, layer, into: \.props)
            case "transforms.conf": read(text, name, path, app, rank, layer, into: \.transforms)
            case "eventtypes.conf": read(text, name, path, app, rank, layer, into: \.eventtypes)
            case "tags.conf": read(text, name, path, app, rank, layer, into: \.tags)
            default: continue
            }
        }
        for (name, csv) in lookups {
            // A table of a higher rank takes the place of the one below it.
            if let known = tableRanks[name], known < rank { tables[name] = nil }
            tableRanks[name] = max(rank, tableRanks[name] ?? rank)
            readTable(name, csv, "\(app)/lookups/\(name)")
        }
    }

    /// Makes a table known under a file name, in place of one of the same or a lower rank.
    ///
    /// - Parameter path: where its rows come from, for messages.
    public mutating func addTable(_ name: String, _ file: LookupFile, path: String, rank: Int) {
        if let known = tableRanks[name], known > rank { return }
        cache = AddonCache()
        tables[name] = (file, path)
        tableRanks[name] = rank
    }

    /// Makes a zone known under the name that `TZ =` settings use. ``zoneNames`` lists those that are asked for.
    public mutating func addZone(_ zone: TimeZoneRules, name: String) {
        cache = AddonCache()
        zones[name] = zone
    }

    /// The names that `TZ =` settings give, in ASCII order.
    public var zoneNames: [String] {
        Set(props.stanzas.compactMap { $0["TZ"]?.text }).sorted { asciiCompare($0, $1) < 0 }
    }

    private mutating func read(
        _ text: [UInt8], _ name: String, _ path: String, _ app: String, _ rank: Int, _ layer: Layer,
        into layers: WritableKeyPath<AddonSet, ConfLayers>
    ) {
        let file = ConfFile(text: text)
        for problem in file.problems {
            readProblems.add(AddonProblem(code: "E450", file: path, line: problem.line, message: problem.message))
        }
        let isLocal = layer == .local
        for stanza in file.stanzas {
            self[keyPath: layers].add(file: path, stanza: stanza.name, line: stanza.line)
            for var setting in stanza.settings {
                if name == "props.conf" { setting.name = Self.canonical(setting.name) }
                let value = ConfValue(text: setting.value, file: path, line: setting.line)
                SupportedSettings.check(
                    file: name, stanza: stanza.name, setting: setting.name, value: value, &readProblems)
                self[keyPath: layers].add(
                    app: app, rank: rank, isLocal: isLocal, stanza: stanza.name, setting: setting.name, value: value)
            }
        }
    }

    /// `LOOKUP-` may be written `lookup_`, or without a mark behind it. Source: Admin Manual 9.3, props.conf, LOOKUP-.
    private static func canonical(_ name: String) -> String {
        let prefix = "lookup"
        guard name.utf8.count > prefix.utf8.count, name.prefix(prefix.count).lowercased() == prefix else { return name }
        let rest = name.dropFirst(prefix.count)
        return "LOOKUP-" + (rest.hasPrefix("-") || rest.hasPrefix("_") ? rest.dropFirst() : rest)
    }

    private mutating func readTable(_ name: String, _ csv: [UInt8], _ path: String) {
        guard tables[name] == nil else {
            readProblems.add(
                AddonProblem(
                    code: "E457", file: path, line: 0,
                    message: "lookup table '\(name)' is there twice; the first is used",
                    hint: "rename one of them"))
            return
        }
        guard csv.count <= Self.maximumLookupBytes else {
            readProblems.add(
                AddonProblem(
                    code: "E457", file: path, line: 0,
                    message: "lookup table '\(name)' is larger than \(Self.maximumLookupBytes >> 20) MiB"))
            return
        }
        tables[name] = (LookupFile(csv: csv), path)
    }

    /// What is not run as written, in the order of files and stanzas; each once.
    public var problems: [AddonProblem] {
        var problems = readProblems
        _ = SourcetypeRules(props.stanzas, &problems)
        let context = CompileContext(environment: SearchEnvironment(nowMicroseconds: 0))
        for stanza in props.stanzas {
            if !stanza.name.hasPrefix("rule::"), !stanza.name.hasPrefix("delayedrule::"),
                StanzaPattern(stanza: stanza.name) == nil
            {
                problems.add("E452", stanza.place, "stanza '\(shortened(stanza.name))' is no pattern that can be read")
            }
            let settings = OriginSettings(settings: stanza.settings)
            _ = OriginExtraction(settings, self, context, &problems)
            _ = IndexTimeRules(settings, self, &problems)
            _ = EventBreaking(settings, self, &problems)
            if let breaker = settings["LINE_BREAKER"], let regex = compiledRegex(breaker.text, breaker, &problems),
                regex.groupCount == 0
            {
                problems.add(
                    "E452", breaker, "LINE_BREAKER '\(shortened(breaker.text))' has no group, so lines are cut as ever",
                    hint: "the first group is what lies between two events: ([\\r\\n]+)")
            }
        }
        for stanza in transforms.stanzas where stanza.isLookup { _ = LookupTransform(stanza, &problems) }
        for name in tables.keys.sorted(by: { asciiCompare($0, $1) < 0 }) {
            guard let table = tables[name] else { continue }
            for (line, message, hint) in table.file.csv.problems {
                problems.add(AddonProblem(code: "E457", file: table.path, line: line, message: message, hint: hint))
            }
        }
        let tags = TagRules(tags, eventtypes: eventtypes, &problems)
        let types = EventTypeRules.inlined(eventtypes, tags, macros: context.environment.macros, &problems)
        _ = EventTypeRules.compile(types, origin: nil, context: context, &problems)
        return problems.problems
    }

    /// The sourcetype of a file, told by its path and its first lines; nil when no rule fits.
    ///
    /// - Parameter sample: lines or events from the start of the file.
    public func recognise(sample: [UnsafeRawBufferPointer], path: String) -> String? {
        var problems = ProblemList()
        return SourcetypeRules(props.stanzas, &problems).recognise(sample: sample, path: path)
    }

    /// How text of an origin is cut into events; nil where each line is one.
    public func eventBreaking(of origin: EventOrigin) -> EventBreaking? {
        var problems = ProblemList()
        return EventBreaking(cache.settings(self, origin), self, &problems)
    }

    /// How files of an origin are read that are tables (INDEXED_EXTRACTIONS); nil where they are none.
    public func tableReading(of origin: EventOrigin) -> TableReadingRules? {
        var problems = ProblemList()
        guard case .table(let rules)? = IndexedFormat(cache.settings(self, origin), &problems) else { return nil }
        return TableReadingRules(rules: rules)
    }

    /// The origin that searches see: `rename` gives a sourcetype another name when it is searched.
    ///
    /// The settings of that name then hold, but for those of indexing. Source: Admin Manual 9.3, props.conf, rename.
    public func searchOrigin(of origin: EventOrigin) -> EventOrigin {
        guard let name = cache.settings(self, origin)["rename"]?.text, !name.isEmpty else { return origin }
        var shown = origin
        shown.sourcetype = name
        return shown
    }
}
