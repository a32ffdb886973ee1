import Columns
import Formats

// tags.conf: `[field=value]` stanzas of `tag = enabled`. Source: Admin Manual 9.3, tags.conf.

/// Which values of which fields carry which tags.
struct TagRules: Sendable {
    /// Fields in ASCII order; per value the tags in ASCII order.
    private(set) var fields: [String] = []
    private var tagsOfValue: [String: [Text: [String]]] = [:]
    private var lines: [String: [Text: AddonLine]] = [:]

    /// - Parameter eventtypes: their `tags` setting names tags of their own.
    init(_ layers: ConfLayers, eventtypes: ConfLayers, _ problems: inout ProblemList) {
        for stanza in layers.stanzas where stanza.name != "default" {
            guard let equals = stanza.name.firstIndex(of: "="), equals != stanza.name.startIndex else {
                problems.add(
                    "E458", stanza.place, "tag stanza '\(shortened(stanza.name))' is not of the form field=value",
                    hint: "write for example [eventtype=my_type]")
                continue
            }
            let field = Self.percentDecoded(stanza.name[..<equals]).string
            let value = Self.percentDecoded(stanza.name[stanza.name.index(after: equals)...])
            lines[field, default: [:]][value] = AddonLine(stanza.place, name: "[\(stanza.name)]")
            let names = stanza.settings.keys.sorted { asciiCompare($0, $1) < 0 }
            for name in names {
                guard let setting = stanza[name] else { continue }
                switch ConfFile.boolean(setting.text) {
                case true?: tagsOfValue[field, default: [:]][value, default: []].append(name)
                case false?: continue
                case nil:
                    problems.add(
                        "E458", setting, "tag '\(shortened(name))' is neither enabled nor disabled",
                        hint: "write \(shortened(name)) = enabled")
                }
            }
        }
        for stanza in eventtypes.stanzas where stanza.name != "default" {
            guard let setting = stanza["tags"] else { continue }
            let names = setting.text.split { $0 == " " || $0 == "," || $0 == "\t" || $0 == "\n" }.map(String.init)
            for name in names where tagsOfValue["eventtype"]?[Text(stanza.name)]?.contains(name) != true {
                tagsOfValue["eventtype", default: [:]][Text(stanza.name), default: []].append(name)
            }
        }
        fields = tagsOfValue.keys.sorted { asciiCompare($0, $1) < 0 }
    }

    var isEmpty: Bool { fields.isEmpty }

    /// The field values that carry a tag, in ASCII order: what `tag=name` in the search of an event type stands for.
    ///
    /// - Parameter tag: may hold `*`.
    /// - Parameter field: only this one's, for `tag::field=name`.
    func values(of tag: String, field: String?) -> [(field: String, value: String)] {
        var values: [(field: String, value: String)] = []
        for name in fields where field == nil || field == name {
            let tagged = (tagsOfValue[name] ?? [:]).filter { $0.value.contains { FieldSet.matches(tag, $0) } }
            values += tagged.keys.sorted().map { (name, $0.string) }
        }
        return values
    }

    var outputs: [String] { ["tag"] + fields.map { "tag::" + $0 } }

    /// The stanza that gives a value of a field its tags; nil where it has none.
    func line(field: String, value: Value) -> AddonLine? {
        guard let text = value.printed, let tags = tagsOfValue[field]?[text], !tags.isEmpty else { return nil }
        return lines[field]?[text]
    }

    /// Only the fields whose tags are asked for.
    func needed(_ set: FieldSet) -> TagRules {
        if set.contains("tag") { return self }
        var copy = self
        copy.fields = fields.filter { set.contains("tag::" + $0) }
        return copy
    }

    /// Writes `tag` and the `tag::field` columns; tags are sorted and each stands once.
    func apply(to batch: inout Batch) {
        var all = [[String]](repeating: [], count: batch.rowCount)
        var anyTag = false
        for field in fields {
            guard let column = batch.column(field), let tagsOfValue = tagsOfValue[field] else { continue }
            var known: [Int: [String]] = [:]
            var rows: [Value] = []
            rows.reserveCapacity(batch.rowCount)
            for row in 0..<batch.rowCount {
                let id = Int(column.ids[row])
                let tags: [String]
                if let done = known[id] {
                    tags = done
                } else {
                    var found: Set<String> = []
                    for element in column.values[id].elements {
                        if let text = element.printed { found.formUnion(tagsOfValue[text] ?? []) }
                    }
                    tags = found.sorted { asciiCompare($0, $1) < 0 }
                    known[id] = tags
                }
                rows.append(.list(tags.map { .text($0) }))
                all[row] += tags
                if !tags.isEmpty { anyTag = true }
            }
            batch.set("tag::" + field, Self.column(rows))
        }
        guard anyTag else { return }
        batch.set(
            "tag",
            Self.column(all.map { tags in .list(Set(tags).sorted { asciiCompare($0, $1) < 0 }.map { .text($0) }) }))
    }

    private static func column(_ rows: [Value]) -> Column {
        var builder = ColumnBuilder()
        for value in rows { builder.append(value) }
        return builder.finish()
    }

    /// Stanza names write reserved characters as `%20`.
    private static func percentDecoded(_ text: Substring) -> Text {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return Text(decoded)
    }
}
