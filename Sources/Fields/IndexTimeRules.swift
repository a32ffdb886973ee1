import Columns
import Formats
import SPL
import Search

// What happens to an event before any search sees it: TRUNCATE, SEDCMD-, TRANSFORMS-, RULESET-.
// Source: Admin Manual 9.3, props.conf; Getting Data In 9.3, "Anonymize data", "Route and filter data".

/// The index-time rules of one origin.
struct IndexTimeRules: Sendable {
    private let edits: [SedScript]
    private let transforms: [IndexTransform]
    /// TRUNCATE: bytes of a line that are kept. Splunk cuts at 10,000 unasked; here only a setting does.
    private let truncation: Int?
    /// TRUNCATE counts for each line of an event that was put together of lines.
    private let mergesLines: Bool
    /// The event's time stands in the text as it came.
    let timestamps: TimestampRules

    init(_ settings: OriginSettings, _ addons: AddonSet, _ problems: inout ProblemList) {
        edits = settings.classes("SEDCMD-").compactMap { Self.edit($0.value, &problems) }
        var transforms: [IndexTransform] = []
        for (_, value) in settings.classes("TRANSFORMS-") + settings.classes("RULESET-") {
            for name in value.listedNames {
                guard let stanza = addons.transforms.stanza(name) else {
                    problems.add(
                        "E455", value, "transform '\(shortened(name))' is not in any transforms.conf",
                        hint: "add the stanza [\(shortened(name))] or remove it from the setting")
                    continue
                }
                if let transform = IndexTransform(stanza, &problems) { transforms.append(transform) }
            }
        }
        self.transforms = transforms
        truncation = settings.count("TRUNCATE", &problems).flatMap { $0 == 0 ? nil : $0 }
        mergesLines = LineMerging.isAsked(settings)
        timestamps = TimestampRules(settings, zones: addons.zones, &problems)
    }

    var isEmpty: Bool { edits.isEmpty && transforms.isEmpty && truncation == nil }

    private static func edit(_ value: ConfValue, _ problems: inout ProblemList) -> SedScript? {
        do {
            return try SedScript(value.text, span: Span(0, value.text.utf8.count))
        } catch {
            problems.add(error.code == "E320" ? "E453" : "E452", value, error.message, hint: error.hint)
            return nil
        }
    }

    /// The part of the text that TRUNCATE leaves, where that is one stretch; nil for several cut lines.
    func kept(_ text: UnsafeRawBufferPointer) -> Int? {
        guard let truncation, text.count > truncation else { return text.count }
        guard mergesLines, text.contains(0x0A) else { return Self.wholeCharacters(text, truncation) }
        return nil
    }

    /// Each line cut.
    func cutLines(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        guard let truncation else { return Array(text) }
        var bytes: [UInt8] = []
        var start = 0
        while true {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            let line = UnsafeRawBufferPointer(rebasing: text[start..<end])
            bytes += line.prefix(line.count > truncation ? Self.wholeCharacters(line, truncation) : line.count)
            guard end < text.count else { return bytes }
            bytes.append(0x0A)
            start = end + 1
        }
    }

    /// `limit`, or less where a character would be cut in two.
    private static func wholeCharacters(_ text: UnsafeRawBufferPointer, _ limit: Int) -> Int {
        var end = limit
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// SEDCMD-, then TRANSFORMS-. An edit that gives up on a text leaves it as it is.
    func apply(to event: inout EventInIndexing) {
        for edit in edits {
            if let edited = try? edit.edit(Text(event.raw)) { event.raw = edited.bytes }
        }
        for transform in transforms { transform.apply(to: &event) }
    }

    var rewrites: Bool { !edits.isEmpty || !transforms.isEmpty }
}
