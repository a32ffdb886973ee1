import Columns
import Formats
import SPL

/// The argument grammar of `chart` and `timechart`: options, function calls or `eval(...)` over function calls, then
/// OVER and BY with the options of their fields, then WHERE.
///
/// Source: Splunk Search Reference 9.4, "chart" and "timechart".
struct SeriesArguments: Sendable {
    enum Command: Sendable { case chart, timechart }

    private(set) var plan = SeriesPlan()

    /// The options that both commands have.
    static let help: [CommandHelp.Option] = [
        ("limit=<count>|top<count>|bottom<count>", "how many series have columns, 10 unless written; 0 is all"),
        ("agg=<function>(<field>)", "what chooses them, the sum of the cells unless written"),
        ("useother=<bool>", "the other series are one column, `t` unless written"),
        ("otherstr=<text>", "the name of that column, `OTHER` unless written"),
        ("usenull=<bool>", "rows that lack the field of the columns are one column, `t` unless written"),
        ("nullstr=<text>", "the name of that column, `NULL` unless written"),
        ("sep=<text>", "stands between function and value in the names of columns, `: ` unless written"),
        ("format=<text>", "the names of columns, with `$AGG$` for the function and `$VAL$` for the value"),
        ("cont=<bool>", "buckets without rows are rows too, `t` unless written"),
        ("span=<span>", "the width of a bucket: `5m`, `1d@d`, `10`, `log2`"),
        ("bins=<count>", "how many buckets there are at most where a width is chosen: 300, and 100 in timechart"),
        ("minspan=<span>", "the least width to choose"),
        ("start=<number>", "where the buckets of numbers begin"),
        ("end=<number>", "where they end"),
        ("aligntime=earliest|latest|<time>", "buckets shorter than a day begin at this time and whole widths from it"),
        ("dedup_splitvals=<bool>", "no effect: a value that a field holds twice counts its row once"),
    ]
    /// Seconds of the unit; the function is the sum over the length of the bucket in that unit.
    static let rates: [String: Double] = [
        "per_second": 1, "per_minute": 60, "per_hour": 3600, "per_day": 86_400,
    ]

    private let command: Command
    private let name: String
    private let context: CompileContext
    private var reader: ArgumentReader
    /// Which field the bucket options that come next are about.
    private enum Target { case row, series }
    private var target = Target.row
    private var rowBuckets = BucketOptions()
    private var seriesBuckets = BucketOptions()

    init(_ syntax: CommandSyntax, _ command: Command, _ context: CompileContext) throws(Diagnostic) {
        self.command = command
        self.context = context
        name = syntax.name
        reader = ArgumentReader(syntax)
        plan.isTimechart = command == .timechart
        if command == .timechart { plan.rowField = "_time" }
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let option = reader.peekOption() {
                try readOption(option, token)
            } else if reader.consumeKeyword("over") {
                guard command == .chart, plan.rowField == nil else {
                    throw Diagnostic(
                        "E385", "'over' stands where '\(name)' does not take it", span: token.span,
                        hint: "write chart <function> over <field> by <field>")
                }
                plan.rowField = try reader.fieldName("the field after OVER", allowingParentheses: true)
            } else if reader.consumeKeyword("by") {
                try readSplit(token)
            } else if reader.nextIsKeyword("where"), plan.seriesField != nil {
                _ = reader.next()
                try readWhere()
            } else if plan.seriesField != nil || (command == .chart && plan.rowField != nil) {
                try reader.expectEnd()
            } else {
                try readMeasure(token)
            }
        }
        if plan.measures.isEmpty {
            throw Diagnostic(
                "E381", "\(name) has no function", span: syntax.nameSpan, hint: "write \(name) count by <field>")
        }
        if plan.rowField == plan.seriesField, let field = plan.rowField {
            throw Diagnostic(
                "E385", "\(name) splits by '\(field)' twice", span: syntax.nameSpan, hint: "name two fields")
        }
        let isTime = plan.rowField == "_time" || rowBuckets.timeSpan != nil
        if !isTime, rowBuckets.minimumSpan != nil || rowBuckets.alignment != nil {
            throw Diagnostic(
                "E383", "minspan and aligntime are for times, not for '\(plan.rowField ?? "")'", span: syntax.nameSpan,
                hint: "write span=10 for numbers")
        }
        plan.rowBuckets = rowBuckets
        plan.seriesNumbers = try seriesBuckets.numbers(of: "the field after BY")
    }

    // MARK: BY

    private mutating func readSplit(_ by: Token) throws(Diagnostic) {
        var fields: [String] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let option = reader.peekOption() {
                target = fields.count + (plan.rowField == nil ? 0 : 1) > 1 ? .series : .row
                try readOption(option, token)
                continue
            }
            if reader.nextIsKeyword("where") { break }
            let field = try reader.fieldName("a field after BY", allowingParentheses: true)
            if field.contains("*") {
                throw Diagnostic(
                    "E333", "'\(field)' after BY has a wildcard", span: token.span, hint: "name the fields of BY")
            }
            fields.append(field)
        }
        let expected = plan.rowField == nil ? 1...2 : 1...1
        guard expected.contains(fields.count) else {
            throw Diagnostic(
                "E385", "\(name) has \(fields.count) fields after BY", span: by.span,
                hint: command == .timechart ? "write one field" : "write one or two fields, or one behind OVER")
        }
        if plan.rowField == nil { plan.rowField = fields.removeFirst() }
        plan.seriesField = fields.first
    }

    // MARK: Options

    private mutating func readOption(_ option: String, _ token: Token) throws(Diagnostic) {
        if option == "agg" {
            _ = reader.next()
            _ = reader.next()
            plan.selection.score = try readScore()
            return
        }
        guard let (_, value) = reader.option() else {
            throw reader.unexpected(reader.peek(2), expected: "a value for '\(option)'")
        }
        switch option {
        case "limit": try readLimit(value)
        case "sep": plan.format = "$AGG$\(value.text)$VAL$"
        case "format": plan.format = value.text
        case "cont": plan.isContinuous = try BooleanOption.value(value)
        case "useother": plan.otherName = try BooleanOption.value(value) ? plan.otherText : nil
        case "usenull": plan.nullName = try BooleanOption.value(value) ? plan.nullText : nil
        case "otherstr":
            plan.otherText = value.text
            if plan.otherName != nil { plan.otherName = value.text }
        case "nullstr":
            plan.nullText = value.text
            if plan.nullName != nil { plan.nullName = value.text }
        // A multivalue key splits its row once per distinct value either way (docs/decisions/0002).
        case "dedup_splitvals", "dedup_splitval": _ = try BooleanOption.value(value)
        case "partial" where command == .timechart: plan.keepsPartial = try BooleanOption.value(value)
        case "fixedrange" where command == .timechart: plan.coversRange = try BooleanOption.value(value)
        case "bins", "span", "minspan", "start", "end", "aligntime":
            // A time span behind BY cannot be about the field, so it is the time axis that is meant.
            let isTime = command == .timechart && option == "span" && BucketOptions.isTimeSpan(value.text)
            if target == .series, !isTime {
                try seriesBuckets.read(option, value, isTime: false)
            } else {
                try rowBuckets.read(option, value, isTime: command == .timechart || plan.rowField == "_time")
            }
        default:
            throw .unknownOption(
                option, of: name,
                options: (command == .timechart ? TimechartCommand.help : ChartCommand.help).optionNames,
                token.span)
        }
    }

    private mutating func readLimit(_ value: Token) throws(Diagnostic) {
        var text = value.text.lowercased()
        if text == "top" || text == "bottom", let number = reader.peek(), number.kind == .word, Int(number.text) != nil
        {
            _ = reader.next()
            text += number.text
        }
        guard let group = Self.group(text) else {
            throw Diagnostic(
                "E380", "'\(value.text)' is no count for 'limit'", span: value.span,
                hint: "write limit=10, limit=top10, limit=bottom10, or limit=0 for all")
        }
        plan.selection.isWritten = true
        plan.selection.rule = group.count == 0 ? .all : (group.isTop ? .top(group.count) : .bottom(group.count))
    }

    private static func group(_ text: String) -> (isTop: Bool, count: Int)? {
        let isBottom = text.hasPrefix("bottom")
        let digits = text.dropFirst(isBottom ? 6 : (text.hasPrefix("top") ? 3 : 0))
        guard let count = Int(digits), count >= 0 else { return nil }
        return (!isBottom, count)
    }

    // MARK: WHERE

    private mutating func readWhere() throws(Diagnostic) {
        let score = try readScore()
        let token = reader.next()
        let next = reader.peek()
        var rule: SeriesSelection.Rule?
        switch token?.kind {
        case .comparison(.greater):
            if let next { rule = .above(try NumberOption.number(next, for: "where")) }
        case .comparison(.less):
            if let next { rule = .below(try NumberOption.number(next, for: "where")) }
        default:
            guard let word = token?.text.lowercased(), word == "in" || word == "notin" else { break }
            if let group = next.flatMap({ Self.group($0.text.lowercased()) }), group.count > 0 {
                let inside: SeriesSelection.Rule = group.isTop ? .top(group.count) : .bottom(group.count)
                rule = word == "in" ? inside : .not(top: group.isTop, group.count)
            }
        }
        _ = reader.next()
        guard let rule else {
            throw Diagnostic(
                "E387", "WHERE of \(name) is not complete", span: token?.span,
                hint: "write where <function> in top5, notin bottom5, > 10 or < 10")
        }
        plan.selection = SeriesSelection(rule: rule, score: score, isWritten: true)
    }

    private mutating func readScore() throws(Diagnostic) -> SeriesSelection.Score {
        if let token = reader.peek(), token.kind == .word, reader.peek(1)?.kind != .openParenthesis,
            token.text.lowercased() != "count", token.text.lowercased() != "c",
            let function = Aggregates.byName[token.text.lowercased()]
        {
            _ = reader.next()
            return .overValues(function)
        }
        guard let call = try readCall().calls.first else {
            throw reader.unexpected(reader.peek(), expected: "a function")
        }
        return .overEvents(call)
    }

    // MARK: Functions

    private mutating func readMeasure(_ token: Token) throws(Diagnostic) {
        let isEval =
            token.kind == .word && token.text.lowercased() == "eval"
            && reader.peek(1)?.kind == .openParenthesis
        if isEval || token.kind == .openParenthesis {
            if isEval { _ = reader.next() }
            let (text, offset) = try reader.parenthesizedText()
            var output = isEval ? "eval(\(text))" : "(\(text))"
            if reader.consumeKeyword("as") {
                output = try reader.fieldName("name after AS", allowingParentheses: true)
            }
            try add(expression: EvalExpression.parse(text, at: offset), output: output)
            return
        }
        let unit = command == .timechart ? Self.rates[token.text.lowercased()] : nil
        let read = try readCall(replacing: unit == nil ? nil : "sum")
        for call in read.calls {
            var output = call.output
            if unit != nil, !read.isRenamed { output = token.text + output.dropFirst(3) }
            try plan.add(call, output: output, unitSeconds: unit, at: token.span)
        }
    }

    /// One call with its AS. The grammar of calls is that of `stats`.
    private mutating func readCall(
        replacing name: String? = nil
    ) throws(Diagnostic) -> (calls: [StatsCommand.Call], isRenamed: Bool) {
        guard var first = reader.next(), first.kind == .word else {
            throw reader.unexpected(reader.peek(-1) ?? reader.peek(), expected: "a function")
        }
        let span = first.span
        if let name {
            first.text = name
            first.raw = name
        }
        var tokens = [first]
        var depth = 0
        while let token = reader.peek(), depth > 0 || (token.kind == .openParenthesis && tokens.count == 1) {
            if token.kind == .openParenthesis { depth += 1 }
            if token.kind == .closeParenthesis { depth -= 1 }
            tokens.append(token)
            _ = reader.next()
        }
        let isRenamed = reader.nextIsKeyword("as")
        if isRenamed {
            if let keyword = reader.next() { tokens.append(keyword) }
            if let alias = reader.next() { tokens.append(alias) }
            while let token = reader.peek(), token.isGlued, token.kind != .comma {
                tokens.append(token)
                _ = reader.next()
            }
        }
        var inner = ArgumentReader(CommandSyntax(name: self.name, nameSpan: span, arguments: tokens, span: span))
        do {
            return (try StatsArguments.read(&inner, context, command: self.name).calls, isRenamed)
        } catch {
            // Its places are those of the call alone.
            throw Diagnostic(error.code, error.message, span: span, hint: error.hint)
        }
    }

    /// `eval(avg(size)/max(delay))`: the calls of stats functions become fields that the expression reads.
    private mutating func add(expression: EvalExpression, output: String) throws(Diagnostic) {
        var calls: [StatsCommand.Call] = []
        let replaced = try replaceCalls(expression, &calls, depth: 0)
        guard !calls.isEmpty else {
            throw Diagnostic(
                "E381", "'\(output)' has no stats function", span: expression.span,
                hint: "write eval(<expression of avg(x), max(y), ...>)")
        }
        try plan.add(CompiledExpression(replaced, context: context), over: calls, output: output, at: expression.span)
    }

    private func replaceCalls(
        _ expression: EvalExpression, _ calls: inout [StatsCommand.Call], depth: Int
    ) throws(Diagnostic) -> EvalExpression {
        guard depth < 500 else { throw Diagnostic("E304", "expression is nested deeper than 500 levels") }
        switch expression {
        case .number, .string: return expression
        case .field(let name, let span):
            // `count` needs no parentheses; a field has no value of its own where rows are grouped.
            if let function = Aggregates.byName[name], !function.needsArgument {
                return try replaceCalls(.call(name: name, arguments: [], span), &calls, depth: depth + 1)
            }
            throw Diagnostic(
                "E381", "'\(name)' stands outside of a stats function", span: span,
                hint: "write the function that is meant, such as max(\(name))")
        case .unary(let symbol, let operand, let span):
            return .unary(symbol, try replaceCalls(operand, &calls, depth: depth + 1), span)
        case .binary(let symbol, let left, let right, let span):
            return .binary(
                symbol, try replaceCalls(left, &calls, depth: depth + 1),
                try replaceCalls(right, &calls, depth: depth + 1), span)
        case .inList(let operand, let items, let span):
            var replaced: [EvalExpression] = []
            for item in items { replaced.append(try replaceCalls(item, &calls, depth: depth + 1)) }
            return .inList(try replaceCalls(operand, &calls, depth: depth + 1), replaced, span)
        case .call(let name, let arguments, let span):
            if let function = Aggregates.byName[name], arguments.count <= 1 {
                var call = StatsCommand.Call(function: function, field: nil, expression: nil, output: "")
                switch arguments.first {
                case .field(let field, _): call.field = field
                case let argument?: call.expression = try CompiledExpression(argument, context: context)
                case nil:
                    guard !function.needsArgument else {
                        throw Diagnostic(
                            "E336", "\(self.name) function '\(name)' needs a field", span: span,
                            hint: "write \(name)(<field>)")
                    }
                }
                call.output = plan.hiddenName(of: plan.calls.count + calls.count)
                calls.append(call)
                return .field(call.output, span)
            }
            var replaced: [EvalExpression] = []
            for argument in arguments { replaced.append(try replaceCalls(argument, &calls, depth: depth + 1)) }
            return .call(name: name, arguments: replaced, span)
        }
    }
}
