import SPL

// Reads a mapping key by key and says what is wrong with each. A getter returns nil both for "not given" and for "given
// wrongly"; the second is in the report as an error, and a file with an error is not loaded.

struct MappingReader {
    let node: YAMLNode
    /// The keys from the top of the file to here, for messages: "tags.observable".
    let path: String
    private let entries: [YAMLNode.Entry]

    /// Reports each key that is not known, with the nearest one that is; nil knows all.
    init?(_ node: YAMLNode, path: String = "", known: [String]?, _ report: inout ContentReport) {
        guard let entries = node.entries else {
            report.error(
                ContentCode.wrongType, "'\(path)' is \(node.kindName), expected a mapping", at: node.position,
                hint: "expected keys: \((known ?? []).prefix(8).joined(separator: ", "))")
            return nil
        }
        self.node = node
        self.path = path
        self.entries = entries
        guard let known else { return }
        for entry in entries where !known.contains(entry.key) {
            let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            let nearest = NearestName.find(entry.key, in: known).map { "did you mean '\($0)'?" }
            report.warning(
                ContentCode.unknownKey, "unknown key '\(shortened(name))'", at: entry.keyPosition, hint: nearest)
        }
    }

    /// The value of a key; nil when it is absent or null.
    subscript(key: String) -> YAMLNode? {
        guard let index = index(of: key), !entries[index].value.isNull else { return nil }
        return entries[index].value
    }

    func keyPosition(_ key: String) -> TextPosition {
        index(of: key).map { entries[$0].keyPosition } ?? node.position
    }

    /// Objects have a few dozen keys and are asked for each once or twice: looking is cheaper than hashing them all.
    private func index(of key: String) -> Int? { entries.firstIndex { $0.key == key } }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    // MARK: Scalars

    func text(_ key: String, _ report: inout ContentReport) -> String? {
        guard let value = self[key] else { return nil }
        guard case .scalar(let text, _) = value.content else {
            wrongType(key, value, expected: "text", &report)
            return nil
        }
        return text
    }

    /// A missing or empty text is an error.
    func requiredText(_ key: String, _ report: inout ContentReport) -> String? {
        guard self[key] != nil else {
            missing(key, &report)
            return nil
        }
        guard let text = text(key, &report) else { return nil }
        guard text.utf8.contains(where: { $0 > 0x20 }) else {
            report.error(ContentCode.missingKey, "'\(name(key))' is empty", at: keyPosition(key))
            return nil
        }
        return text
    }

    /// The object's name, which other files, messages and stored events refer to: one line of text.
    func requiredName(_ report: inout ContentReport) -> String? {
        guard let name = requiredText("name", &report)?.trimmingBlanks() else { return nil }
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            report.error(
                ContentCode.unknownValue, "'name' holds a line break or a control character",
                at: self["name"]?.position ?? node.position, hint: "write it in one line")
            return nil
        }
        return name
    }

    func integer(_ key: String, _ report: inout ContentReport) -> Int? {
        guard let text = text(key, &report) else { return nil }
        guard let number = Int(text) else {
            wrongType(key, found: "'\(shortened(text))'", expected: "a whole number", &report)
            return nil
        }
        return number
    }

    func number(_ key: String, _ report: inout ContentReport) -> Double? {
        guard let text = text(key, &report) else { return nil }
        guard let number = Double(text), number.isFinite else {
            wrongType(key, found: "'\(shortened(text))'", expected: "a number", &report)
            return nil
        }
        return number
    }

    /// YAML 1.1's words for yes and no, and Splunk's 1 and 0.
    func boolean(_ key: String, _ report: inout ContentReport) -> Bool? {
        guard let text = text(key, &report) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            wrongType(key, found: "'\(shortened(text))'", expected: "true or false", &report)
            return nil
        }
    }

    // MARK: Collections

    func list(_ key: String, _ report: inout ContentReport) -> [YAMLNode] {
        guard let value = self[key] else { return [] }
        guard case .list(let items) = value.content else {
            wrongType(key, value, expected: "a list", &report)
            return []
        }
        return items
    }

    func texts(_ key: String, _ report: inout ContentReport) -> [String] {
        var texts: [String] = []
        for item in list(key, &report) {
            guard case .scalar(let text, _) = item.content, !item.isNull else {
                report.error(
                    ContentCode.wrongType, "an item of '\(name(key))' is \(item.kindName), expected text",
                    at: item.position)
                continue
            }
            texts.append(text)
        }
        return texts
    }

    /// A list of texts, or one text cut at commas.
    func commaSeparatedTexts(_ key: String, _ report: inout ContentReport) -> [String] {
        guard case .scalar(let text, _)? = self[key]?.content else { return texts(key, &report) }
        return text.split(separator: ",").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    func mapping(_ key: String, known: [String], _ report: inout ContentReport) -> MappingReader? {
        guard let value = self[key] else { return nil }
        return MappingReader(value, path: name(key), known: known, &report)
    }

    func mappings(_ key: String, known: [String], _ report: inout ContentReport) -> [MappingReader] {
        var readers: [MappingReader] = []
        for item in list(key, &report) {
            if let reader = MappingReader(item, path: name(key), known: known, &report) { readers.append(reader) }
        }
        return readers
    }

    // MARK: Messages

    func missing(_ key: String, _ report: inout ContentReport) {
        report.error(ContentCode.missingKey, "key '\(name(key))' is missing", at: node.position)
    }

    private func wrongType(_ key: String, _ value: YAMLNode, expected: String, _ report: inout ContentReport) {
        report.error(
            ContentCode.wrongType, "'\(name(key))' is \(value.kindName), expected \(expected)", at: value.position)
    }

    private func wrongType(_ key: String, found: String, expected: String, _ report: inout ContentReport) {
        let position = self[key]?.position ?? node.position
        report.error(ContentCode.wrongType, "'\(name(key))' is \(found), expected \(expected)", at: position)
    }
}

/// At most 60 characters and none that controls a terminal: what a hostile file holds is shown, not obeyed.
func shortened(_ text: String) -> String {
    let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
    let isWhole = start.utf8.count == text.utf8.count
    let shown = start.unicodeScalars.map { ($0.properties.generalCategory == .control) ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(shown)) + (isWhole ? "" : "...")
}

extension StringProtocol {
    /// The text without blanks and line breaks at its ends.
    func trimmingBlanks() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
