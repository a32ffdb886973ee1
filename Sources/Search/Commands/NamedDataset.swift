import SPL

/// `<type>:<name>` in the place of a subsearch: `datamodel:"M.D"`, `inputlookup:table`.
///
/// Source: Splunk Search Reference 9.4, "join" and "union".
enum NamedDataset {
    /// Reads a dataset if one comes next; nil, and nothing read, where something else does.
    /// - Throws: E736 for a saved search, and what compiling the dataset throws.
    static func read(_ reader: inout ArgumentReader, _ context: CompileContext) throws(Diagnostic) -> Subsearch? {
        guard let token = reader.peek(), token.kind == .word, let colon = token.text.firstIndex(of: ":") else {
            return nil
        }
        let type = token.text[..<colon].lowercased()
        guard ["datamodel", "inputlookup", "savedsearch"].contains(type) else { return nil }
        _ = reader.next()
        let name = String(token.text[token.text.index(after: colon)...]) + reader.gluedText()
        if type == "savedsearch" {
            throw Diagnostic(
                "E736", "there are no saved searches here: '\(name)'", span: token.span,
                hint: "write the search itself in brackets")
        }
        let quoted = SearchLiteral.quoted(name)
        let text = type == "datamodel" ? "| from datamodel:\(quoted)" : "| inputlookup \(quoted)"
        do {
            return try Subsearch(Pipeline.parse(text), context)
        } catch {
            throw Diagnostic(error.code, error.message, span: token.span, hint: error.hint)
        }
    }
}
