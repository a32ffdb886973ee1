import Columns
import SPL

/// `sparkline`, `sparkline(count)`, `sparkline(<function>(<field>), <span>)`: how it is written in `stats` and `chart`.
///
/// Functions are those that give a number. Source: Splunk Search Reference 9.4, "stats" (sparkline options).
enum SparklineFunction {
    static let name = "sparkline"
    static let commands: Set<String> = [StatsCommand.name, ChartCommand.name]

    private static let functions: Set<String> = [
        "avg", "count", "dc", "estdc", "max", "min", "range", "stdev", "stdevp", "sum", "sumsq", "var", "varp",
    ]

    /// - Parameter token: the name, which has been read.
    /// - Throws: E336 without a field, E375 for a function that has no place there, E383 for a span that is none.
    static func call(
        _ token: Token, _ reader: inout ArgumentReader, _ context: CompileContext, _ command: String
    ) throws(Diagnostic) -> StatsCommand.Call {
        guard let next = reader.peek(), next.kind == .openParenthesis else {
            return StatsCommand.Call(
                function: .sparkline(of: .count, span: nil), field: nil, expression: nil, output: token.text)
        }
        let (text, offset) = try reader.parenthesizedText()
        let parts = split(text)
        var span: TimeBuckets.Span?
        if let written = parts.span {
            span = TimeBuckets.span(written.allSatisfy(\.isNumber) ? written + "s" : written)
            guard span != nil else {
                throw Diagnostic(
                    "E383", "'\(written)' is no span", span: token.span, hint: "write sparkline(count, 1h)")
            }
        }
        let function = try Aggregates.function(named: parts.function, command: command, span: token.span)
        guard functions.contains(function.name) || Aggregates.isPercentile(function.name) else {
            throw Diagnostic(
                "E375", "sparkline has no '\(parts.function)': it needs a number for each stretch of time",
                span: token.span, hint: "functions: \(functions.sorted().joined(separator: ", "))")
        }
        var call = StatsCommand.Call(
            function: .sparkline(of: function, span: span), field: nil, expression: nil,
            output: "\(token.text)(\(text.trimmed))")
        if let argument = parts.argument {
            try StatsArguments.readArgument(argument.text, offset + argument.offset, &call, context)
        }
        if function.needsArgument, call.argument.isEmpty {
            throw Diagnostic(
                "E336", "\(command) function '\(parts.function)' needs a field", span: token.span,
                hint: "write sparkline(\(parts.function)(<field>))")
        }
        // What tells two calls apart is all of it.
        call.argument = text.trimmed
        return call
    }

    /// `avg(x), 5m` in its parts. The last comma outside of parentheses and strings is before the span.
    private static func split(
        _ text: String
    ) -> (function: String, argument: (text: String, offset: Int)?, span: String?) {
        let bytes = Array(text.utf8)
        var depth = 0
        var isQuoted = false
        var comma: Int?
        var open: Int?
        var close: Int?
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "(") where !isQuoted:
                if depth == 0, open == nil { open = index }
                depth += 1
            case UInt8(ascii: ")") where !isQuoted:
                depth -= 1
                if depth == 0 { close = index }
            case UInt8(ascii: ",") where !isQuoted && depth == 0: comma = index
            default: break
            }
        }
        let head = String(decoding: bytes[..<(open ?? comma ?? bytes.count)], as: UTF8.self).trimmed
        var argument: (text: String, offset: Int)?
        if let open, let close, open < close {
            argument = (String(decoding: bytes[(open + 1)..<close], as: UTF8.self), open + 1)
        }
        let span = comma.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self).trimmed }
        return (head, argument, span)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
