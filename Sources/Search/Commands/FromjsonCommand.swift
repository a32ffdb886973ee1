import Columns
import Formats
import SPL

/// `fromjson <field> [prefix=<text>]`: the members of a JSON object become fields.
///
/// Arrays become multivalues, nested objects stay JSON text, nulls are left out. A value that is no JSON object gives
/// nothing. Source: Splunk Search Reference 9.4, "fromjson".
struct FromjsonCommand: Command {
    static let name = "fromjson"
    static let help = CommandHelp(
        "fromjson <field> <options>", "Makes fields of the members of a JSON object.",
        options: [
            ("prefix=<text>", "stands before the names of the fields")
        ])

    private var field: String?
    private var prefix = ""

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "prefix" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                prefix = value.text
            } else if field == nil {
                field = try reader.fieldName("the field that holds JSON")
            } else {
                try reader.expectEnd()
            }
        }
        if field == nil { field = try reader.fieldName("the field that holds JSON") }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        if let field { needed.insert(field) }
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }

    var policies: [Policy] { [.noMatchLeavesField] }
    var explanation: String {
        "fromjson: members of \(field ?? "")" + (prefix.isEmpty ? "" : ", prefix '\(prefix)'")
    }

    func makeOperator() -> any Operator {
        GatheringOperator(
            ExtractionOperator(
                MemberExtractor(prefix: Array(prefix.utf8)), field: field ?? "", merge: .replaces, command: Self.name))
    }
}

private struct MemberExtractor: FieldExtractor {
    let prefix: [UInt8]
    let parser = JSONParser()

    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError) {
        let members = text.bytes.withUnsafeBytes { (try? JSONMembers.read($0, parser)) ?? [] }
        for (name, values) in members {
            for value in values { found.add(Text(prefix + name.bytes), value) }
        }
    }
}
