import Columns
import SPL

/// The argument grammar that `stats` shares with its relatives: function calls, options, then BY.
enum StatsArguments {
    /// Calls and BY fields of a command that has no options of its own beside `stats`' at their defaults.
    static func read(
        _ reader: inout ArgumentReader, _ context: CompileContext, command: String
    ) throws(Diagnostic) -> (calls: [StatsCommand.Call], keys: [String]) {
        var options = StatsOptions()
        let result = try read(&reader, context, command: command) {
            (name, reader) throws(Diagnostic) in
            try options.read(name, &reader, command: command)
        }
        guard options.keepsDefaults else {
            throw Diagnostic(
                "E334", "\(command) supports no option of stats but 'allnum' and 'partitions'",
                hint: "leave it out, or use stats")
        }
        return (options.applied(to: result.calls), result.keys)
    }

    /// - Parameter option: reads `name=value`, which comes next.
    static func read(
        _ reader: inout ArgumentReader, _ context: CompileContext, command: String,
        option: (String, inout ArgumentReader) throws(Diagnostic) -> Void
    ) throws(Diagnostic) -> (calls: [StatsCommand.Call], keys: [String]) {
        var calls: [StatsCommand.Call] = []
        var keys: [String] = []
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let name = reader.peekOption() {
                try option(name, &reader)
            } else if !keys.isEmpty {
                try reader.expectEnd()
            } else if reader.consumeKeyword("by") {
                keys = try reader.fieldList()
                if keys.isEmpty { throw reader.unexpected(reader.peek(), expected: "a field after BY") }
                if let star = keys.first(where: { $0.contains("*") }) {
                    throw Diagnostic(
                        "E333", "'\(star)' after BY has a wildcard", span: token.span, hint: "name the fields of BY")
                }
            } else {
                calls.append(try call(&reader, context, command))
            }
        }
        keys = unique(keys)
        return (try distinct(calls, keys), keys)
    }

    /// One function call with its AS.
    static func call(
        _ reader: inout ArgumentReader, _ context: CompileContext, _ command: String
    ) throws(Diagnostic) -> StatsCommand.Call {
        guard let token = reader.next() else { throw reader.unexpected(nil, expected: "a stats function") }
        guard token.kind == .word else { throw reader.unexpected(token, expected: "a stats function") }
        var call: StatsCommand.Call
        if token.text.lowercased() == SparklineFunction.name, SparklineFunction.commands.contains(command) {
            call = try SparklineFunction.call(token, &reader, context, command)
        } else {
            call = try plainCall(token, &reader, context, command)
        }
        if reader.consumeKeyword("as") {
            let alias = reader.peek()
            call.output = try self.alias(&reader)
            let stars = (call.field?.count { $0 == "*" } ?? 0, call.output.count { $0 == "*" })
            if stars.0 != stars.1 {
                throw Diagnostic(
                    "E327", "'\(call.field ?? "")' and '\(call.output)' do not have the same number of wildcards",
                    span: alias?.span, hint: "write as many * on the right of AS as in the function")
            }
        }
        return call
    }

    /// What every function but `sparkline` is written like: a name and, in parentheses, a field or `eval(...)`.
    private static func plainCall(
        _ token: Token, _ reader: inout ArgumentReader, _ context: CompileContext, _ command: String
    ) throws(Diagnostic) -> StatsCommand.Call {
        let function = try Aggregates.function(
            named: token.text, command: command, span: token.span)
        var call = StatsCommand.Call(function: function, field: nil, expression: nil, output: token.text)
        if let next = reader.peek(), next.kind == .openParenthesis {
            let (text, offset) = try reader.parenthesizedText()
            try readArgument(text, offset, &call, context)
            call.output = "\(token.text)(\(call.argument))"
            if call.argument.isEmpty, function.needsArgument {
                throw Diagnostic(
                    "E336", "\(command) function '\(token.text)' needs a field", span: token.span,
                    hint: "write \(token.text)(<field>)")
            }
        } else if function.needsArgument {
            // Documented, if deprecated: a function alone is for all fields.
            call.field = "*"
            call.argument = "*"
            call.output = "\(token.text)(*)"
        }
        return call
    }

    /// A name in any of the ways that rules write it: `x`, `"x y"`, `'x y'`, `flags(inheritance)`.
    private static func alias(_ reader: inout ArgumentReader) throws(Diagnostic) -> String {
        guard let first = reader.peek(), first.kind == .word, first.raw.hasPrefix("'") else {
            return try reader.fieldName("name after AS", allowingParentheses: true)
        }
        var text = ""
        var ahead = 0
        while let token = reader.peek(ahead) {
            if let previous = ahead > 0 ? reader.peek(ahead - 1) : nil {
                text += String(repeating: " ", count: max(0, token.span.lowerBound - previous.span.upperBound))
            }
            text += token.raw
            ahead += 1
            guard token.raw.hasSuffix("'"), text.utf8.count > 1 else { continue }
            for _ in 0..<ahead { _ = reader.next() }
            return String(text.dropFirst().dropLast())
        }
        // An apostrophe that closes nowhere is an ordinary character.
        return try reader.fieldName("name after AS", allowingParentheses: true)
    }

    /// Reads what stands in the parentheses of a function.
    static func readArgument(
        _ text: String, _ offset: Int, _ call: inout StatsCommand.Call, _ context: CompileContext
    ) throws(Diagnostic) {
        let bytes = Array(text.utf8)
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x0A || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0A || bytes[end - 1] == 0x09 { end -= 1 }
        let argument = String(decoding: bytes[start..<end], as: UTF8.self)
        call.argument = argument
        if argument.isEmpty { return }
        let lowered = argument.lowercased()
        if lowered.hasPrefix("eval"), let open = argument.utf8.firstIndex(of: UInt8(ascii: "(")),
            argument.utf8.last == UInt8(ascii: ")"),
            argument.utf8[argument.utf8.index(argument.startIndex, offsetBy: 4)..<open].allSatisfy({ $0 == 0x20 })
        {
            let inner = argument.utf8.distance(from: argument.startIndex, to: open) + 1
            let body = String(decoding: Array(argument.utf8)[inner..<(argument.utf8.count - 1)], as: UTF8.self)
            let expression = try EvalExpression.parse(body, at: offset + start + inner)
            call.expression = try CompiledExpression(expression, context: context)
            return
        }
        for quote in ["\"", "'"] where argument.utf8.count > 2 && argument.hasPrefix(quote) && argument.hasSuffix(quote)
        {
            call.argument = String(argument.dropFirst().dropLast())
        }
        call.field = call.argument
    }

    /// The calls without repetitions. - Throws: E337 where two results have one name.
    private static func distinct(
        _ calls: [StatsCommand.Call], _ keys: [String]
    ) throws(Diagnostic) -> [StatsCommand.Call] {
        var seen: [String: String] = [:]
        var distinct: [StatsCommand.Call] = []
        for call in calls {
            if keys.contains(call.output) {
                throw Diagnostic(
                    "E337", "a result and a field of BY are both named '\(call.output)'",
                    hint: "give the result another name with AS")
            }
            if let other = seen[call.output] {
                guard other == call.source else {
                    throw Diagnostic(
                        "E337", "two results are named '\(call.output)'",
                        hint: "give one of them another name with AS")
                }
                continue
            }
            seen[call.output] = call.source
            distinct.append(call)
        }
        return distinct
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

/// The options of `stats`.
struct StatsOptions: Sendable {
    static let help: [CommandHelp.Option] = [
        (
            "allnum=<bool>",
            "a numeric function gives null for a group in which a value is no number; `f` unless written"
        ),
        ("dedup_splitvals=<bool>", "a value that a BY field holds twice counts its row once; `f` unless written"),
        (
            "delim=<text>",
            "what a following nomv puts between the values of list() and values(), a blank unless written"
        ),
        ("check_for_invalid_time=<bool>", "warns of rows without a valid `_time`; `f` unless written"),
        ("partitions=<count>", "no effect on results"),
    ]
    private static let names = CommandHelp.names(of: help)

    /// A numeric function gives null for a group in which some value is no number.
    var isOnlyForNumbers = false
    /// A value that a multivalue BY field holds twice counts its row once.
    var removesDuplicateKeys = false
    /// Rows without a valid `_time` are reported.
    var checksTime = false

    /// What `nomv` puts between the values of `list()` and `values()`; nil where it is not written.
    var delimiter: String?

    var keepsDefaults: Bool { !removesDuplicateKeys && !checksTime && delimiter == nil }

    /// Reads the option that comes next.
    mutating func read(_ name: String, _ reader: inout ArgumentReader, command: String) throws(Diagnostic) {
        let token = reader.peek()
        guard Self.names.contains(name) else {
            throw .unknownOption(name, of: command, options: Self.names, token?.span)
        }
        guard let (_, value) = reader.option() else {
            throw reader.unexpected(reader.peek(2), expected: "a value for '\(name)'")
        }
        switch name {
        case "allnum": isOnlyForNumbers = try BooleanOption.value(value)
        case "check_for_invalid_time": checksTime = try BooleanOption.value(value)
        case "dedup_splitvals": removesDuplicateKeys = try BooleanOption.value(value)
        case "partitions":
            // How many threads do the work changes no result.
            guard let count = Int(value.text), count >= 0 else {
                throw Diagnostic(
                    "E377", "'\(value.text)' is no count for '\(name)'", span: value.span,
                    hint: "write a whole number, as in \(name)=1")
            }
        default: delimiter = value.text
        }
    }

    func applied(to calls: [StatsCommand.Call]) -> [StatsCommand.Call] {
        guard isOnlyForNumbers else { return calls }
        return calls.map { call in
            var call = call
            call.isOnlyForNumbers = call.function.isNumeric
            return call
        }
    }

    var explanation: String {
        (isOnlyForNumbers ? " allnum=t" : "") + (removesDuplicateKeys ? " dedup_splitvals=t" : "")
            + (checksTime ? " check_for_invalid_time=t" : "")
            + (delimiter.map { " delim=\"\($0)\"" } ?? "")
    }
}
