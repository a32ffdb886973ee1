import SPL

/// What every content object's reader needs: the top mapping, the file it came from, and what it shares.
struct ObjectReader {
    let top: MappingReader
    let file: String
    let fileText: String

    func search(_ report: inout ContentReport) -> (text: String, origin: TextOrigin)? {
        guard let text = top.requiredText("search", &report), let node = top["search"] else { return nil }
        return (text, origin(node))
    }

    /// Few files have more than one value that is traced, and most kinds have none: lines are found when asked for.
    func origin(_ node: YAMLNode) -> TextOrigin { TextOrigin(of: node, in: SourceText(fileText)) }

    /// The id; the name stands in for a missing one, since everything that is stored refers to it.
    func id(name: String, _ report: inout ContentReport) -> String {
        if let id = top.text("id", &report), !id.trimmingBlanks().isEmpty { return id }
        report.warning(
            ContentCode.missingKey, "key 'id' is missing; the name stands in for it", at: top.node.position,
            hint: "add 'id:' with a new UUID: what is stored keeps its rule when the name changes")
        return name
    }

    func version(_ report: inout ContentReport) -> Int {
        guard let version = top.integer("version", &report) else { return 1 }
        if version < 1 {
            report.error(
                ContentCode.unknownValue, "'version' is \(version), expected 1 or more",
                at: top["version"]?.position ?? .start)
        }
        return version
    }

    func text(_ key: String, _ report: inout ContentReport) -> String { top.text(key, &report) ?? "" }

    /// Warns about a value that is not one of those known; it is taken all the same.
    func checkValue(_ reader: MappingReader, _ key: String, among known: [String], _ report: inout ContentReport) {
        guard case .scalar(let value, _)? = reader[key]?.content, !known.contains(value) else { return }
        let nearest = NearestName.find(value, in: known).map { "did you mean '\($0)'?" }
        report.warning(
            ContentCode.unknownValue, "unknown \(key) '\(shortened(value))'", at: reader[key]?.position ?? .start,
            hint: nearest ?? "known: \(known.joined(separator: ", "))")
    }

    /// Warns about a `$` that is no part of a token.
    func checkTokens(_ reader: MappingReader, _ key: String, _ report: inout ContentReport) {
        guard case .scalar(let message, _)? = reader[key]?.content, !TokenTemplate(message).isBalanced else { return }
        report.warning(
            ContentCode.unbalancedToken, "'\(reader.name(key))' holds a '$' that is no part of a '$field$' token",
            at: reader[key]?.position ?? .start, hint: "write a token as '$field$', without blanks")
    }
}
