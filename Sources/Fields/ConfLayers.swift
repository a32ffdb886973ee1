// Splunk merges the files of one name over all apps setting by setting: local/ beats default/, and among equals the
// app whose name comes first in ASCII order. Source: Admin Manual 9.3, "Configuration file precedence", global context.

/// One setting after merging, with the place it came from.
struct ConfValue: Hashable, Sendable {
    var text: String
    var file: String
    var line: Int

    /// `a, b`: names of stanzas.
    var listedNames: [String] { text.split(separator: ",").map { trimmedBlanks($0) }.filter { !$0.isEmpty } }
}

/// All layers of one configuration file name, merged.
struct ConfLayers: Sendable {
    private struct Ranked: Sendable {
        var value: ConfValue
        var rank: Int
        var isLocal: Bool
        var app: String
    }

    struct Stanza: Sendable {
        var name: String
        var settings: [String: ConfValue]
        /// Where the first layer opened it.
        var file: String
        var line: Int
        /// The highest rank among its settings.
        var rank: Int

        subscript(_ name: String) -> ConfValue? { settings[name] }
        var place: ConfValue { ConfValue(text: name, file: file, line: line) }
    }

    private var ranked: [String: [String: Ranked]] = [:]
    private var places: [String: (file: String, line: Int)] = [:]

    mutating func add(file: String, stanza: String, line: Int) {
        if places[stanza] == nil { places[stanza] = (file, line) }
        if ranked[stanza] == nil { ranked[stanza] = [:] }
    }

    /// - Parameter rank: of the folder that the app came with; a higher one beats everything below it.
    mutating func add(
        app: String, rank: Int, isLocal: Bool, stanza: String, setting: String, value: ConfValue
    ) {
        let fresh = Ranked(value: value, rank: rank, isLocal: isLocal, app: app)
        if let old = ranked[stanza]?[setting], !Self.wins(fresh, over: old) { return }
        ranked[stanza, default: [:]][setting] = fresh
    }

    /// In one file the later line wins.
    private static func wins(_ fresh: Ranked, over old: Ranked) -> Bool {
        if fresh.rank != old.rank { return fresh.rank > old.rank }
        if fresh.isLocal != old.isLocal { return fresh.isLocal }
        return asciiCompare(fresh.app, old.app) <= 0
    }

    func stanza(_ name: String) -> Stanza? {
        guard let settings = ranked[name], let place = places[name] else { return nil }
        return Stanza(
            name: name, settings: settings.mapValues(\.value), file: place.file, line: place.line,
            rank: settings.values.map(\.rank).max() ?? 0)
    }

    /// All stanzas in ASCII order of their names.
    var stanzas: [Stanza] {
        ranked.keys.sorted { asciiCompare($0, $1) < 0 }.compactMap { stanza($0) }
    }

    var names: [String] { ranked.keys.sorted { asciiCompare($0, $1) < 0 } }
}

/// Bytewise order, which is Splunk's ASCII order; Swift's own compares by Unicode canonical order.
func asciiCompare(_ left: String, _ right: String) -> Int {
    var a = left.utf8.makeIterator(), b = right.utf8.makeIterator()
    while true {
        switch (a.next(), b.next()) {
        case (nil, nil): return 0
        case (nil, _): return -1
        case (_, nil): return 1
        case (let x?, let y?): if x != y { return Int(x) - Int(y) }
        }
    }
}
