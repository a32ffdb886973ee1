import SPL

extension ReferencePages {
    static var commands: String {
        let types = Commands.all.sorted { $0.name < $1.name }
        let links = types.map { "[\($0.name)](#\($0.name))" }.joined(separator: ",\n")
        return page(
            "Commands",
            """
            Every command, what it does and what it takes. `<bool>` is `t` or `f`; `[<subsearch>]` and `[<pipeline>]`
            are written with their brackets, other brackets mean that the part may be left out. Field names may have
            `*` where a list of fields stands. Limits are explained in [limits](limits.md), functions in [stats
            functions](stats-functions.md) and [eval functions](eval-functions.md). Where Splunk's documentation
            leaves open what happens, the answer has a name: [open semantics](../decisions/0002-open-semantics.md).

            \(links).
            """)
            + types.map(section).joined() + unsupported(Set(Commands.byName.keys))
    }

    private static func section(_ type: any Command.Type) -> String {
        let help = type.help
        var text = "\n## \(type.name)\n\n\(code(syntax(help)))\n\n\(prose(help.summary))\n"
        if !help.options.isEmpty {
            text += "\n" + table(["option", "effect"], help.options.map { [code($0.form), prose($0.effect)] })
        }
        let limits = SearchLimit.all.filter { $0.commands.contains(type.name) }.map(\.name)
        text += "\n"
        if !type.otherNames.isEmpty { text += "Also: \(codes(type.otherNames)). " }
        if !limits.isEmpty { text += "Limits: \(codes(limits)). " }
        return text + "Source: \(help.source ?? "Splunk Search Reference 9.4, \"\(type.name)\"").\n"
    }

    /// The syntax with the options written out where they are few.
    private static func syntax(_ help: CommandHelp) -> String {
        let forms = help.options.map(\.form).filter { !help.syntax.contains($0.prefix { $0 != "=" } + "=") }
        guard forms.count <= 4 else { return help.syntax.replacing("<options>", with: "[<options>]") }
        return help.syntax.replacing("<options>", with: forms.map { "[\($0)]" }.joined(separator: " "))
    }

    private static func unsupported(_ supported: Set<String>) -> String {
        let foreign = ForeignCommands.table.sorted { $0.key < $1.key }.filter { !supported.contains($0.key) }
        let others = SplunkCommandNames.all.subtracting(supported).subtracting(foreign.map(\.key)).sorted()
        return """

            ## Not supported

            A search that uses one of these is refused by name before anything runs (E308).


            """
                + table(
                    ["command", "needs", "instead"],
                    foreign.map { [code($0.key), prose($0.value.what), prose($0.value.wayOut)] })
                + "\nOther commands that are known by name and refused (E301): \(codes(others)).\n"
    }
}
