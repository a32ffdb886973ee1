import Columns
import Fields

// Log sources as text: an event, the fields worth pinning, and below them their values. See fixtures/logs/README.md.

/// A parsed `.test` file; all lines but the expectations are kept as their author wrote them.
struct LogScript {
    /// What a script may not say, with its line.
    struct Mistake: Error, CustomStringConvertible {
        var line: Int
        var message: String
        var description: String { "line \(line): \(message)" }
    }

    struct Event {
        var origin: EventOrigin
        var text: String
        var line: Int
        /// In the order of the script.
        var fields: [String] = []
    }

    private enum Item {
        case line(String)
        /// What the fields of `events[number]` hold is written here, for each of the numbers.
        case expectation(events: Range<Int>, fields: [String])
    }

    private var items: [Item] = []
    private(set) var events: [Event] = []

    init(_ text: String) throws(Mistake) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var eventLines: [String]?
        /// The events that a `fields` is about: those between it and the one above.
        var group = 0..<0
        var isExpectation = false
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("  ") {
                if isExpectation { continue }
                guard eventLines != nil else { throw Mistake(line: index + 1, message: "indented line below no event") }
                eventLines?.append(String(line.dropFirst(2)))
                items.append(.line(line))
                continue
            }
            if line.isEmpty, eventLines != nil, Self.goesOn(lines, after: index) {
                eventLines?.append("")
                items.append(.line(line))
                continue
            }
            try closeEvent(&eventLines, line: index + 1)
            isExpectation = false
            items.append(.line(line))
            if line.isEmpty || line.hasPrefix("#") { continue }
            var words = try Self.words(line, index + 1)
            let directive = words.removeFirst()
            switch directive {
            case "event":
                events.append(Event(origin: try Self.origin(words, index + 1), text: "", line: index + 1))
                eventLines = []
            case "fields":
                guard !events.isEmpty else { throw Mistake(line: index + 1, message: "'fields' before any event") }
                guard !words.isEmpty, Set(words).count == words.count, !words.contains("*") else {
                    throw Mistake(line: index + 1, message: "'fields' takes the names of fields, each once")
                }
                if group.upperBound < events.count { group = group.upperBound..<events.count }
                for event in group { events[event].fields += words }
                items.append(.expectation(events: group, fields: words))
                isExpectation = true
            default:
                throw Mistake(
                    line: index + 1, message: "unknown directive '\(directive)': 'event', 'fields' or a '#' comment")
            }
        }
        try closeEvent(&eventLines, line: lines.count)
    }

    private mutating func closeEvent(_ lines: inout [String]?, line: Int) throws(Mistake) {
        guard let text = lines else { return }
        guard !text.isEmpty else { throw Mistake(line: line, message: "event without a text below it") }
        events[events.count - 1].text = text.joined(separator: "\n")
        lines = nil
    }

    /// An empty line is part of an event when more of its text follows.
    private static func goesOn(_ lines: [String], after index: Int) -> Bool {
        lines[(index + 1)...].first { !$0.isEmpty }?.hasPrefix("  ") ?? false
    }

    private static func origin(_ words: [String], _ line: Int) throws(Mistake) -> EventOrigin {
        var origin = EventOrigin(sourcetype: "", source: "", host: "h")
        var seen: Set<String> = []
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw Mistake(line: line, message: "'\(word)' is not of the form attribute=value")
            }
            let name = String(word[..<equals])
            let value = String(word[word.index(after: equals)...])
            guard seen.insert(name).inserted else { throw Mistake(line: line, message: "'\(name)' stands twice") }
            switch name {
            case "sourcetype": origin.sourcetype = value
            case "source": origin.source = value
            case "host": origin.host = value
            default:
                throw Mistake(line: line, message: "unknown attribute '\(name)': 'sourcetype', 'source' or 'host'")
            }
        }
        guard !origin.sourcetype.isEmpty, !origin.source.isEmpty, !origin.host.isEmpty else {
            throw Mistake(line: line, message: "an event needs sourcetype= and source=")
        }
        return origin
    }

    /// Words at blanks; double quotes hold blanks together, and `\"` is a quote among them.
    static func words(_ line: String, _ number: Int) throws(Mistake) -> [String] {
        var words: [String] = []
        var current = ""
        var isInWord = false, isQuoted = false
        var rest = Substring(line)
        while let character = rest.popFirst() {
            if isQuoted, character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                current.append(rest.removeFirst())
            } else if character == "\"" {
                isQuoted.toggle()
                isInWord = true
            } else if character == " ", !isQuoted {
                if isInWord { words.append(current) }
                current = ""
                isInWord = false
            } else {
                current.append(character)
                isInWord = true
            }
        }
        guard !isQuoted else { throw Mistake(line: number, message: "a double quote is not closed") }
        if isInWord { words.append(current) }
        return words
    }

    /// Runs the script and writes it anew, with what the fields really hold.
    ///
    /// - Parameter values: of an event's fields.
    func replayed(_ values: (_ event: Int) throws -> Batch) throws -> String {
        var output: [String] = []
        for item in items {
            switch item {
            case .line(let line): output.append(line)
            case .expectation(let events, let fields):
                for event in events {
                    if events.count > 1 { output.append("  event \(event - events.lowerBound + 1)") }
                    let row = try values(event)
                    for name in fields { output += Self.lines(name, row[name, 0]) }
                }
            }
        }
        return output.joined(separator: "\n")
    }

    /// `  name=value`, a line for each value; further lines of a text are indented twice.
    static func lines(_ name: String, _ value: Value) -> [String] {
        if value.isNull { return ["  \(name) is null"] }
        return value.elements.flatMap { element in
            let text = printable(element.printed?.string ?? "")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return ["  \(name)=\(lines.first ?? "")"] + lines.dropFirst().map { "    \($0)" }
        }
    }

    /// Control characters other than line feed and tab by their number: an editor must not lose them.
    private static func printable(_ text: String) -> String {
        var printed = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20, scalar != "\n", scalar != "\t" {
                printed += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                printed.unicodeScalars.append(scalar)
            }
        }
        return printed
    }
}
