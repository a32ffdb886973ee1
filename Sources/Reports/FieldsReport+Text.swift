public import Engine
import Fields

extension FieldsReport {
    private static let listLimit = 10
    /// Names may come from events.
    private static let nameWidth = 64
    /// Missing fields of a dataset that are named.
    private static let missingLimit = 8

    /// For the terminal: a table of fields for each sourcetype, the datasets that it serves, and what detections miss.
    ///
    /// - Parameters:
    ///   - maximumWidth: of tables, in columns.
    ///   - listsReaders: all detections that could read a sourcetype, not only the fields that most of them miss.
    public func text(maximumWidth: Int? = nil, listsReaders: Bool = false) -> String {
        var sections = sourcetypes.map { text(of: $0, maximumWidth, listsReaders) }
        if sections.isEmpty { sections.append("no events\n") }
        let notes = notes
        if !notes.isEmpty { sections.append(notes) }
        return sections.joined(separator: "\n")
    }

    private func text(of sourcetype: Sourcetype, _ maximumWidth: Int?, _ listsReaders: Bool) -> String {
        let name = TerminalText.escape(sourcetype.name)
        var text = "\(name): \(counted(sourcetype.eventCount, "event")), \(counted(sourcetype.fields.count, "field"))\n"
        var fields = TextTable([.init("field"), .init("events", .right), .init("example"), .init("made by")])
        for field in sourcetype.fields where !field.isGiven {
            let name = TerminalText.cut(TerminalText.escape(field.name), toWidth: Self.nameWidth)
            fields.append([name, String(field.eventCount), field.example, field.makerText])
        }
        text += fields.text(maximumWidth: maximumWidth, indent: 2)
        let given = sourcetype.fields.filter(\.isGiven).map(\.name)
        if !given.isEmpty { text += "  default fields: \(given.joined(separator: ", "))\n" }
        text += "\n" + datasetsText(sourcetype, maximumWidth)
        return text + "\n" + readersText(sourcetype, maximumWidth, listsReaders)
    }

    private func datasetsText(_ sourcetype: Sourcetype, _ maximumWidth: Int?) -> String {
        guard !sourcetype.datasets.isEmpty else { return "  Data models: none takes these events\n" }
        var table = TextTable([.init("dataset"), .init("events", .right), .init("fields", .right), .init("missing")])
        for dataset in sourcetype.datasets {
            let total = dataset.served.count + dataset.missing.count
            table.append([
                dataset.name, String(dataset.eventCount), "\(dataset.served.count) of \(total)",
                Self.list(dataset.missing, Self.missingLimit),
            ])
        }
        return "  Data models: \(counted(sourcetype.datasets.count, "dataset"))\n"
            + table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func readersText(_ sourcetype: Sourcetype, _ maximumWidth: Int?, _ listsAll: Bool) -> String {
        let readers = sourcetype.readers
        guard !readers.isEmpty else { return "  Detections: none of \(ruleCount) could read these events\n" }
        let starved = readers.filter { !$0.unfilled.isEmpty }
        var text = "  Detections: \(readers.count) of \(ruleCount) could read these events, "
        text += "\(starved.count) of them read fields that none of these events fills\n"
        if listsAll {
            var table = TextTable([.init("detection"), .init("reads"), .init("never filled")])
            for reader in readers {
                let source = reader.datasets.isEmpty ? "events" : reader.datasets.joined(separator: ", ")
                table.append([reader.rule, source, reader.unfilled.joined(separator: ", ")])
            }
            return text + table.text(maximumWidth: maximumWidth, indent: 2)
        }
        var table = TextTable([.init("never filled"), .init("detections", .right), .init("such as")])
        let gaps = Self.gaps(starved)
        for gap in gaps.prefix(Self.listLimit) { table.append([gap.field, String(gap.rules.count), gap.rules[0]]) }
        if !gaps.isEmpty { text += table.text(maximumWidth: maximumWidth, indent: 2) }
        if gaps.count > Self.listLimit {
            text += "  and \(counted(gaps.count - Self.listLimit, "more field")); --detections lists all\n"
        }
        return text
    }

    /// The fields that detections miss, those that most miss first, then by name.
    private static func gaps(_ readers: [Reader]) -> [(field: String, rules: [String])] {
        var rules: [String: [String]] = [:]
        for reader in readers {
            for field in reader.unfilled { rules[field, default: []].append(reader.rule) }
        }
        return rules.map { (field: $0.key, rules: $0.value) }.sorted {
            $0.rules.count != $1.rules.count ? $0.rules.count > $1.rules.count : $0.field < $1.field
        }
    }

    private var notes: String {
        var text = ""
        if unlistedEventCount > 0 {
            text +=
                "\(counted(unlistedEventCount, "event")) of sourcetypes beyond \(Self.maximumSourcetypes) not listed\n"
        }
        if hasUnlistedFields { text += "fields beyond \(Self.maximumFields) are not listed\n" }
        if !unboundRules.isEmpty {
            text += "bound to no sourcetype, source, index, event type, tag or data model: "
            text += "\(unboundRules.count) of \(ruleCount) detections (\(Self.list(unboundRules, 3)))\n"
        }
        if uncompiledRuleCount > 0 {
            text += "left out because they do not compile: \(counted(uncompiledRuleCount, "detection")); "
            text += "accrue content check says why\n"
        }
        return text
    }

    private static func list(_ names: [String], _ limit: Int) -> String {
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }
}

extension FieldsReport.Field {
    /// Every event has it, whatever the text says; how many have a time is worth knowing all the same.
    fileprivate var isGiven: Bool { name != "_time" && makers.map(\.maker) == [.defaultField] }

    /// The commonest maker, and how many others there are.
    fileprivate var makerText: String {
        guard let first = makers.first else { return "" }
        return makers.count > 1 ? "\(first.maker) and \(makers.count - 1) more" : "\(first.maker)"
    }
}
