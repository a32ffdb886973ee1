import Columns
import SPL

/// `mvcombine [delim="<text>"] <field>` makes one row of the rows that are equal in all other fields, internal ones too;
/// the field then holds the values of all of them, in order.
///
/// The row stands where the first of them stood. A row without the field stays as it is. `delim`, a blank when none is
/// written, is what a `nomv` behind it puts between the values. Source: Splunk Search Reference 9.4, "mvcombine".
struct MvcombineCommand: Command {
    static let name = "mvcombine"
    static let help = CommandHelp(
        "mvcombine <options> <field>",
        "Makes one row of rows that are equal in all other fields; the field holds all their values.",
        options: [
            ("delim=\"<text>\"", "what a following nomv puts between the values, a blank unless written")
        ])

    private let field: String
    private let delimiter: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var delimiter = " "
        var field: String?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "delim" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                delimiter = value.text
            } else if field == nil {
                field = try reader.fieldName("the field to combine", allowingParentheses: true)
            } else {
                try reader.expectEnd()
            }
        }
        guard let field else { throw .noField(Self.name, syntax.nameSpan, "mvcombine delim=\",\" <field>") }
        self.field = field
        self.delimiter = delimiter
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }

    func rowKey(after input: [String]?) -> [String]? { nil }

    func delimiters(after input: [String: String]) -> [String: String] {
        var delimiters = input
        delimiters[field] = delimiter
        return delimiters
    }

    var dependsOnOrder: Bool { true }
    var explanation: String { "mvcombine: \(field) delim=\"\(delimiter)\"" }

    func makeOperator() -> any Operator { MvcombineOperator(field: field) }
}

private struct MvcombineOperator: Operator {
    let field: String
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.take(&context)
        guard let column = all.column(field) else { return all }
        let numbers = all.names.filter { $0 != field }.map { name -> [Int] in
            var numbering = ValueNumbering()
            return numbering.numbers(all.column(name), rowCount: all.rowCount)
        }
        var groupOfKey: [[Int]: Int] = [:]
        var members: [[Int]] = []
        for row in 0..<all.rowCount {
            if column[row].isNull {
                members.append([row])
                continue
            }
            let key = numbers.map { $0[row] }
            if let group = groupOfKey[key] {
                members[group].append(row)
            } else {
                groupOfKey[key] = members.count
                members.append([row])
            }
        }
        var result = all.gathered(members.map { $0[0] })
        result.set(field, Column(members.map { rows in .list(rows.map { column[$0] }) }))
        if let origins = all.origins { result.origins = members.map { rows in rows.flatMap { origins[$0] } } }
        return result
    }
}
