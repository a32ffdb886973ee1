import SPL

/// The arguments of `join`: options, fields or aliases, and the dataset.
struct JoinArguments: Sendable {
    struct Key: Hashable, Sendable {
        var left: String
        var right: String
    }

    /// The names of `left=L right=R`: fields become `L.a` and `R.b`; internal fields of the left side keep their names.
    struct Aliases: Hashable, Sendable {
        var left: String
        var right: String

        func leftName(_ name: String) -> String { name.hasPrefix("_") ? name : "\(left).\(name)" }
        func rightName(_ name: String) -> String { "\(right).\(name)" }
    }

    private(set) var keys: [Key] = []
    private(set) var aliases: Aliases?
    private(set) var keepsUnmatched = false
    private(set) var overwrites = true
    private(set) var usesTime = false
    private(set) var wantsEarlier = true
    /// 0 is no limit.
    private(set) var maximum = 1

    private var left: String?
    private var right: String?

    /// - Throws: E311 for an unknown option, E731 without dataset, E732 for a `type` or `where` that makes no sense.
    static func read(
        _ syntax: CommandSyntax, _ context: CompileContext
    ) throws(Diagnostic) -> (JoinArguments, Subsearch) {
        var arguments = JoinArguments()
        var reader = ArgumentReader(syntax)
        var search: Subsearch?
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let pipeline = token.pipeline, search == nil {
                _ = reader.next()
                search = try Subsearch(pipeline, context)
            } else if let (name, value) = reader.option() {
                try arguments.set(name, value, token)
            } else if arguments.left != nil, arguments.right != nil, reader.consumeKeyword("where") {
                try arguments.readWhere(&reader, token.span)
            } else if search == nil, let dataset = try NamedDataset.read(&reader, context) {
                search = dataset
            } else {
                let field = try reader.fieldName("a field to join on")
                arguments.keys.append(Key(left: field, right: field))
            }
        }
        guard let search else {
            throw .noSubsearch(of: JoinCommand.name, span: syntax.nameSpan, example: "join <field> [search <terms>]")
        }
        return (arguments, search)
    }

    var explanation: String {
        var words = [keepsUnmatched ? "left" : "inner", "max \(maximum)"]
        if !overwrites { words.append("not overwriting") }
        if usesTime { words.append(wantsEarlier ? "not later" : "not earlier") }
        if let aliases { words.append("\(aliases.left), \(aliases.right)") }
        let fields = keys.map { aliases == nil ? $0.left : "\($0.left)=\($0.right)" }
        return words.joined(separator: ", ") + " on "
            + (keys.isEmpty ? "common fields" : fields.joined(separator: ", "))
    }

    private mutating func set(_ name: String, _ value: Token, _ token: Token) throws(Diagnostic) {
        switch name {
        case "type":
            switch value.text.lowercased() {
            case "inner": keepsUnmatched = false
            case "outer", "left": keepsUnmatched = true
            default:
                throw Diagnostic(
                    "E732", "'\(value.text)' is no type of join", span: value.span, hint: "write inner, left or outer")
            }
        case "max": maximum = try NumberOption.count(value, for: name)
        case "overwrite": overwrites = try BooleanOption.value(value)
        case "usetime": usesTime = try BooleanOption.value(value)
        case "earlier": wantsEarlier = try BooleanOption.value(value)
        case "left": left = value.text
        case "right": right = value.text
        default: throw .unknownOption(name, of: JoinCommand.name, options: JoinCommand.help.optionNames, token.span)
        }
    }

    /// `L.a=R.b L.c=R.d ...`, each pair in either order.
    private mutating func readWhere(_ reader: inout ArgumentReader, _ span: Span) throws(Diagnostic) {
        guard let left, let right else { return }
        aliases = Aliases(left: left, right: right)
        while let option = reader.peekOption(), !JoinCommand.help.optionNames.contains(option),
            let token = reader.peek()
        {
            guard let (_, value) = reader.option() else { throw reader.unexpected(reader.peek(2), expected: "a field") }
            if let first = Self.field(token.text, of: left), let second = Self.field(value.text, of: right) {
                keys.append(Key(left: first, right: second))
            } else if let first = Self.field(value.text, of: left), let second = Self.field(token.text, of: right) {
                keys.append(Key(left: first, right: second))
            } else {
                throw Diagnostic(
                    "E732", "'\(token.text)=\(value.text)' does not name a field of each side", span: token.span,
                    hint: "write \(left).<field>=\(right).<field>")
            }
            _ = reader.consumeComma()
        }
        guard !keys.isEmpty else {
            throw Diagnostic(
                "E732", "the where of join has no pair of fields", span: span,
                hint: "write where \(left).<field>=\(right).<field>")
        }
    }

    private static func field(_ text: String, of alias: String) -> String? {
        let prefix = alias + "."
        return text.hasPrefix(prefix) && text.count > prefix.count ? String(text.dropFirst(prefix.count)) : nil
    }
}
