import Columns
import SPL

/// `tags [outputfield=<field>] [inclname=<bool>] [inclvalue=<bool>] [allowed_tags="<tag>, ..."] [<fields>]` collects the
/// tags of the listed fields, of all fields when none is listed.
///
/// Events carry their tags already: `tag::<field>` for each field, `tag` for all. Without `outputfield` the tags of the
/// fields stay where they are, reduced to `allowed_tags`, and `tags` holds them all. With it they go into that field
/// alone, as `<field>::<value>::<tag>` where name and value are asked for. Rows without `tag::` fields, such as those of
/// a table, give what their `tag` holds when no field is listed. Source: Splunk Search Reference 9.4, "tags".
struct TagsCommand: Command {
    static let name = "tags"
    static let help = CommandHelp(
        "tags <options> [<fields>]", "Collects the tags of fields.",
        options: [
            ("outputfield=<field>", "the field that gets them all"),
            ("inclname=<bool>", "with the field's name, in `outputfield`; `f` unless written"),
            ("inclvalue=<bool>", "with the field's value, in `outputfield`; `f` unless written"),
            ("allowed_tags=\"<tag>, ...\"", "no tags but these"),
        ])

    fileprivate struct Rule: Sendable {
        var fields: [String] = []
        var output: String?
        var includesName = false
        var includesValue = false
        var allowed: Set<Text>?

        var target: String { output ?? "tags" }
    }

    private let rule: Rule

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var rule = Rule()
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            guard let (name, value) = reader.option() else {
                rule.fields.append(try reader.fieldName("a field with tags"))
                continue
            }
            switch name {
            case "outputfield": rule.output = value.text
            case "inclname": rule.includesName = try BooleanOption.value(value)
            case "inclvalue": rule.includesValue = try BooleanOption.value(value)
            case "allowed_tags":
                let names = value.text.split { $0 == "," || $0 == " " }.map { Text(String($0)) }
                rule.allowed = Set(names)
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
        self.rule = rule
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.remove(rule.target)
        if rule.fields.isEmpty {
            needed.insert("tag")
            needed.insert("tag::*")
            // Which fields have tags is only known at run time.
            if rule.includesValue { return .all }
        }
        for field in rule.fields {
            needed.insert("tag::" + field)
            if rule.includesValue { needed.insert(field) }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if !schema.names.contains(rule.target) { schema.names.append(rule.target) }
        return schema
    }

    var explanation: String {
        "tags: \(rule.fields.isEmpty ? "all fields" : rule.fields.joined(separator: ", ")) into \(rule.target)"
            + (rule.output == nil ? " and tag::" : "") + (rule.includesName ? ", inclname" : "")
            + (rule.includesValue ? ", inclvalue" : "")
            + (rule.allowed.map { ", only " + $0.map(\.string).sorted().joined(separator: ", ") } ?? "")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator { TagsOperator(rule: rule) }
}

private struct TagsOperator: Operator {
    let rule: TagsCommand.Rule

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        let prefix = "tag::"
        let fields =
            rule.fields.isEmpty
            ? batch.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.utf8.count)) }.sorted()
            : rule.fields
        var all = [[Value]](repeating: [], count: batch.rowCount)
        func collect(_ tags: Column, of field: String) {
            let values = rule.includesValue ? batch.column(field) : nil
            for row in 0..<batch.rowCount {
                for tag in tags[row].elements {
                    guard let text = tag.printed, rule.output != nil else {
                        all[row].append(tag)
                        continue
                    }
                    var bytes: [UInt8] = rule.includesName ? Array("\(field)::".utf8) : []
                    if rule.includesValue, let value = values?[row].printed { bytes += value.bytes + Array("::".utf8) }
                    all[row].append(.text(Text(bytes + text.bytes)))
                }
            }
        }
        for field in fields {
            guard let column = batch.column(prefix + field) else { continue }
            let tags = column.mapped { allowed($0) }
            if rule.output == nil { batch.set(prefix + field, tags) }
            collect(tags, of: field)
        }
        if rule.fields.isEmpty, fields.isEmpty, let column = batch.column("tag") {
            collect(column.mapped { allowed($0) }, of: "tag")
        }
        batch.set(rule.target, Column(all.map { values in Value.list(unique(values)) }))
        return batch
    }

    private func allowed(_ value: Value) -> Value {
        guard let allowed = rule.allowed else { return value }
        return .list(value.elements.filter { $0.printed.map { allowed.contains($0) } ?? false })
    }

    private func unique(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
