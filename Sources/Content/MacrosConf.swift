import Formats
import SPL

/// The macros of one Splunk app: `default/macros.conf`, with `local/macros.conf` laid over it setting by setting.
///
/// Source: Splunk Admin Manual 10.0, macros.conf; "Configuration file precedence".
struct MacrosConf {
    private struct Entry {
        var value: String
        var file: String
        var line: Int
    }

    private var stanzas: [String: [String: Entry]] = [:]

    private static let settings = [
        "args", "definition", "iseval", "validation", "errormsg", "description", "disabled",
    ]

    /// Reads one more file over what is there; gives the macros that its stanzas change, in the file's order.
    mutating func add(_ text: String, _ report: inout ContentReport) -> [(macro: MacroDefinition, line: Int)] {
        let conf = ConfFile(text: Array(text.utf8))
        for problem in conf.problems {
            report.error(
                ContentCode.malformedConf, problem.message, at: TextPosition(line: problem.line, column: 1))
        }
        var order: [(name: String, line: Int)] = []
        var seen: Set<String> = ["default"]
        for stanza in conf.stanzas {
            for setting in stanza.settings {
                if !Self.settings.contains(setting.name) {
                    let nearest = NearestName.find(setting.name, in: Self.settings).map { "did you mean '\($0)'?" }
                    report.warning(
                        ContentCode.unknownKey, "unknown setting '\(shortened(setting.name))'",
                        at: TextPosition(line: setting.line, column: 1), hint: nearest)
                }
                stanzas[stanza.name, default: [:]][setting.name] =
                    Entry(value: setting.value, file: report.file, line: setting.line)
            }
            if seen.insert(stanza.name).inserted { order.append((stanza.name, stanza.line)) }
        }
        return order.compactMap { name, line in
            macro(name, line: line, &report).map { ($0, line) }
        }
    }

    private func macro(_ stanza: String, line: Int, _ report: inout ContentReport) -> MacroDefinition? {
        let position = TextPosition(line: line, column: 1)
        let settings = stanzas[stanza] ?? [:]
        func value(_ name: String) -> String? { settings[name]?.value ?? stanzas["default"]?[name]?.value }
        guard !["1", "true"].contains(value("disabled")?.lowercased()) else { return nil }
        guard let definition = value("definition") else {
            report.error(ContentCode.missingKey, "macro '\(shortened(stanza))' has no definition", at: position)
            return nil
        }
        guard let (name, count) = Self.split(stanza) else {
            report.error(
                ContentCode.malformedConf, "macro name '\(shortened(stanza))' cannot be read", at: position,
                hint: "write [name], or [name(2)] for a macro of two arguments")
            return nil
        }
        let arguments = (value("args") ?? "").split(separator: ",").map { $0.trimmingBlanks() }
            .filter { !$0.isEmpty }
        guard arguments.count == count else {
            report.error(
                ContentCode.argumentCount,
                "macro '\(shortened(stanza))' takes \(count) arguments by its name, \(arguments.count) by 'args'",
                at: position, hint: "name each argument once in 'args = a, b'")
            return nil
        }
        let isEval = ["1", "true", "t", "yes", "y"].contains(value("iseval")?.lowercased() ?? "")
        return MacroDefinition(name: name, arguments: arguments, definition: definition, isEval: isEval)
    }

    /// `name` or `name(2)`.
    private static func split(_ stanza: String) -> (name: String, count: Int)? {
        guard let open = stanza.firstIndex(of: "(") else { return stanza.isEmpty ? nil : (stanza, 0) }
        let name = stanza[..<open].trimmingBlanks()
        guard stanza.last == ")", !name.isEmpty, let count = Int(stanza[stanza.index(after: open)...].dropLast()),
            (0...100).contains(count)
        else { return nil }
        return (name, count)
    }
}
