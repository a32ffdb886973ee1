/// The output forms; each command names those it has.
enum OutputForm: String, CaseIterable {
    case table, text, ndjson, json, csv, md, html

    /// - Parameters:
    ///   - name: as given by the user; nil takes `table` on a terminal and the first machine form elsewhere.
    ///   - forms: what the command has, the default for people first, the default for machines second.
    static func choose(_ name: String?, from forms: [OutputForm]) throws -> OutputForm {
        guard let name else { return Console.isTerminal ? forms[0] : forms[1] }
        guard let form = OutputForm(rawValue: name.lowercased()), forms.contains(form) else {
            throw UsageError(
                message: "no output form '\(name)' here",
                hint: "forms: \(forms.map(\.rawValue).joined(separator: ", "))")
        }
        return form
    }
}
