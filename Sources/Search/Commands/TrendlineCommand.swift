import Columns
import SPL

/// `trendline <type><period>(<field>) [AS <name>] ...`: moving averages in the order of the rows.
///
/// `sma` is the mean of the last `period` numbers, `wma` weighs them 1 to `period`, the newest most, and `ema` is
/// alpha * its last value + (1 - alpha) * the number, where alpha = 2/(period+1). Nothing before the `period`th number;
/// rows without a number have no result and do not count. Periods are 2 to 10,000. Source: Splunk Search Reference 9.4, "trendline".
struct TrendlineCommand: Command {
    static let name = "trendline"
    static let help = CommandHelp("trendline sma|ema|wma<period>(<field>) [AS <name>] ...", "Gives moving averages.")

    fileprivate enum Kind: String, Sendable { case sma, ema, wma }

    fileprivate struct Line: Sendable {
        var kind: Kind
        var period: Int
        var field: String
        var output: String
    }

    private let lines: [Line]
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        var lines: [Line] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            let text = token.text.lowercased()
            guard token.kind == .word, let kind = Kind(rawValue: String(text.prefix(3))),
                let period = Int(text.dropFirst(3)), (2...10_000).contains(period),
                reader.peek(1)?.kind == .openParenthesis
            else { throw Self.malformed(token) }
            _ = reader.next()
            var field = try reader.parenthesizedText().text.split(separator: " ").joined(separator: " ")
            if field.count > 1, field.hasPrefix("\""), field.hasSuffix("\"") {
                field = String(field.dropFirst().dropLast())
            }
            guard !field.isEmpty, !field.contains("*") else { throw Self.malformed(token) }
            var output = "\(text)(\(field))"
            if reader.consumeKeyword("as") { output = try reader.fieldName("name after AS", allowingParentheses: true) }
            lines.append(Line(kind: kind, period: period, field: field, output: output))
        }
        guard !lines.isEmpty else { throw .fieldsExpected(syntax, "trendline sma5(<field>) AS <name>") }
        self.lines = lines
    }

    private static func malformed(_ token: Token) -> Diagnostic {
        Diagnostic(
            "E388", "'\(token.text)' is no trend", span: token.span,
            hint: "write sma5(<field>), ema10(<field>) or wma2(<field>); periods are 2 to 10000")
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for line in lines { needed.insert(line.field) }
        return needed
    }
    func schema(after input: Schema) -> Schema { lines.reduce(input) { $0.adding($1.output) } }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.trendlineWaitsForPeriod] }
    func makeOperator() -> any Operator { TrendlineOperator(states: lines.map { State(line: $0) }) }

    fileprivate struct State: Sendable {
        let line: Line
        var window = RowWindow<Double>()
        var seen = 0
        var exponential = 0.0

        mutating func next(_ number: Double) -> Value {
            seen += 1
            if line.kind == .ema {
                // As the page has it; elsewhere alpha weighs the new number.
                let alpha = 2 / Double(line.period + 1)
                exponential = seen == 1 ? number : alpha * exponential + (1 - alpha) * number
                return seen < line.period ? .null : .number(exponential)
            }
            _ = window.push(number, keeping: line.period)
            guard seen >= line.period else { return .null }
            var sum = 0.0
            var weights = 0.0
            for distance in stride(from: line.period, through: 1, by: -1) {
                let weight = line.kind == .wma ? Double(line.period + 1 - distance) : 1
                sum += weight * (window.value(distance) ?? 0)
                weights += weight
            }
            return .number(sum / weights)
        }
    }
}

private struct TrendlineOperator: Operator {
    var states: [TrendlineCommand.State]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        for index in states.indices {
            let column = batch.column(states[index].line.field) ?? .nulls(rowCount: batch.rowCount)
            var results: [Value] = []
            results.reserveCapacity(batch.rowCount)
            for row in 0..<batch.rowCount {
                results.append(column[row].numeric.map { states[index].next($0) } ?? .null)
            }
            batch.set(states[index].line.output, Column(results))
        }
        return batch
    }
}
