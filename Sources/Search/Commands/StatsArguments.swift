import Columns
import SPL

/// The argument grammar that `stats` shares with its relatives: function calls, then BY.
enum StatsArguments {
    private static let ignoredOptions: Set<String> = [
        "allnum", "delim", "partitions", "dedup_splitvals", "check_for_invalid_time",
    ]

    static func read(
        _ reader: inout ArgumentReader, _ context: CompileContext, command: String
    ) throws(Diagnostic) -> (calls: [StatsCommand.Call], keys: [String]) {
        var calls: [StatsCommand.Call] = []
        var keys: [String] = []
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if reader.consumeKeyword("by") {
                keys = try reader.fieldList()
                if keys.isEmpty { throw reader.unexpected(reader.peek(), expected: "a field after BY") }
                if let star = keys.first(where: { $0.contains("*") }) {
                    throw Diagnostic(
                        "E333", "'\(star)' after BY has a wildcard", span: token.span, hint: "name the fields of BY")
                }
                try reader.expectEnd()
            } else if let option = reader.peekOption() {
                try check(option, token, reader.option()?.value, command)
            } else {
                calls.append(try call(&reader, context, command))
            }
        }
        try checkOutputs(calls)
        return (calls, unique(keys))
    }

    /// These options change nothing at their default; any other value would be ignored silently, so it is refused.
    private static func check(
        _ option: String, _ token: Token, _ value: Token?, _ command: String
    ) throws(Diagnostic) {
        guard ignoredOptions.contains(option) else {
            throw Diagnostic(
                "E311", "\(command) has no option '\(option)'", span: token.span,
                hint: "options: \(ignoredOptions.sorted().joined(separator: ", "))")
        }
        let text = value?.text.lowercased() ?? ""
        // The number of partitions changes no result; a delimiter other than the blank would.
        let isDefault =
            option == "partitions" || (option == "delim" && text == " ") || ["f", "false", "0"].contains(text)
        guard isDefault else {
            throw Diagnostic("E334", "\(command) option '\(option)=\(text)' is not supported yet", span: token.span)
        }
    }

    /// One function call, with its AS.
    static func call(
        _ reader: inout ArgumentReader, _ context: CompileContext, _ command: String
    ) throws(Diagnostic) -> StatsCommand.Call {
        guard let token = reader.next() else { throw reader.unexpected(nil, expected: "a stats function") }
        guard token.kind == .word else { throw reader.unexpected(token, expected: "a stats function") }
        let name = token.text.lowercased()
        guard let function = Aggregates.byName[name] else {
            let nearest = NearestName.find(name, in: Aggregates.all.map(\.name))
            throw Diagnostic(
                "E335", "\(command) function '\(token.text)' is not supported", span: token.span,
                hint: nearest.map { "did you mean '\($0)'?" }
                    ?? "supported: \(Aggregates.all.map(\.name).joined(separator: ", "))")
        }
        var call = StatsCommand.Call(function: function, field: nil, expression: nil, output: token.text)
        if let next = reader.peek(), next.kind == .openParenthesis {
            let (text, offset) = try reader.parenthesizedText()
            call.output = "\(token.text)(\(text))"
            try readArgument(text, offset, &call, context)
        }
        if call.field == nil, call.expression == nil, function.needsArgument {
            throw Diagnostic(
                "E336", "\(command) function '\(token.text)' needs a field", span: token.span,
                hint: "write \(token.text)(<field>)")
        }
        if reader.consumeKeyword("as") {
            let alias = reader.peek()
            call.output = try reader.fieldName("name after AS", allowingParentheses: true)
            let stars = (call.field?.count { $0 == "*" } ?? 0, call.output.count { $0 == "*" })
            if stars.0 != stars.1 {
                throw Diagnostic(
                    "E327", "'\(call.field ?? "")' and '\(call.output)' do not have the same number of wildcards",
                    span: alias?.span, hint: "write as many * on the right of AS as in the function")
            }
        }
        return call
    }

    private static func readArgument(
        _ text: String, _ offset: Int, _ call: inout StatsCommand.Call, _ context: CompileContext
    ) throws(Diagnostic) {
        let bytes = Array(text.utf8)
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x0A || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0A || bytes[end - 1] == 0x09 { end -= 1 }
        let argument = String(decoding: bytes[start..<end], as: UTF8.self)
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
        } else if argument.count > 1, argument.hasPrefix("\""), argument.hasSuffix("\"") {
            call.field = String(argument.dropFirst().dropLast())
        } else {
            call.field = argument
        }
    }

    private static func checkOutputs(_ calls: [StatsCommand.Call]) throws(Diagnostic) {
        var seen: [String: String] = [:]
        for call in calls {
            let what = "\(call.function.name)(\(call.field ?? ""))"
            if let other = seen[call.output], other != what {
                throw Diagnostic(
                    "E337", "two results are named '\(call.output)'", hint: "give one of them another name with AS")
            }
            seen[call.output] = what
        }
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
