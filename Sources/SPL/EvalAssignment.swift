/// One `field=expression` of `eval`.
public struct EvalAssignment: Hashable, Sendable {
    /// Without quotes.
    public var target: String
    /// The target holds `{field}`, which stands for that field's value in each row.
    public var isTemplate: Bool
    public var expression: EvalExpression
    public var span: Span

    public init(target: String, isTemplate: Bool, expression: EvalExpression, span: Span) {
        self.target = target
        self.isTemplate = isTemplate
        self.expression = expression
        self.span = span
    }

    /// Parses `a=1, "b c"=2, 'd'=3, {f}=x, pre_{f}_x=y`.
    /// - Parameter offset: where the text starts in the search, for the spans.
    public static func parseList(_ text: String, at offset: Int = 0) throws(Diagnostic) -> [EvalAssignment] {
        let bytes = Array(text.utf8)
        var assignments: [EvalAssignment] = []
        var index = 0
        while true {
            let start = bytes.skippingBlanks(from: index)
            let (target, end) = try readTarget(bytes, at: start, offset: offset)
            let equals = bytes.skippingBlanks(from: end)
            guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else {
                throw Diagnostic(
                    .assignmentWithoutEquals, "'\(bytes.string(start, end))' is not followed by '='",
                    span: Span(offset + start, offset + end), hint: "write field=expression, field=expression")
            }
            var parser = try EvalParser(EvalLexer(bytes, at: equals + 1, base: offset))
            let expression = try parser.parseExpression()
            assignments.append(
                EvalAssignment(
                    target: target, isTemplate: holdsTemplate(target), expression: expression,
                    span: Span(offset + start, max(expression.span.upperBound, offset + equals + 1))))
            switch parser.current.kind {
            case .end:
                return assignments
            case .comma:
                index = parser.current.span.upperBound - offset
            case .name, .string, .quotedField:
                throw Diagnostic(
                    .assignmentsNotSeparated, "'\(parser.current.raw)' follows an assignment without a comma",
                    span: parser.current.span, hint: "separate assignments by commas")
            default:
                throw parser.unexpected()
            }
        }
    }

    private static func readTarget(
        _ bytes: [UInt8], at start: Int, offset: Int
    ) throws(Diagnostic) -> (target: String, end: Int) {
        // Blanks before a quoted name do not belong to it, those behind do ("eval", Field names).
        if start < bytes.count, bytes[start] == Quoting.quote {
            guard let end = Quoting.endOfString(bytes, from: start) else {
                throw Quoting.unterminated(at: start, end: bytes.count, base: offset)
            }
            return (Quoting.unescaped(bytes, bytes.skippingBlanks(from: start + 1)..<end - 1), end)
        }
        if start < bytes.count, bytes[start] == UInt8(ascii: "'") {
            var lexer = EvalLexer(bytes, at: start, base: offset)
            let token = try lexer.next(expectsOperand: true)
            let name = Array(token.text.utf8)
            return (name.string(name.skippingBlanks(from: 0), name.count), token.span.upperBound - offset)
        }
        // Unlike inside an expression, a dot belongs to the name here.
        var end = start
        while end < bytes.count {
            if let templateEnd = bytes.endOfTemplate(at: end) {
                end = templateEnd
            } else if bytes[end].isBlank || "=<>!,()[]\"'|`".utf8.contains(bytes[end]) {
                break
            } else {
                end += 1
            }
        }
        guard end > start else {
            let found = start < bytes.count ? "at '\(bytes.string(start, start + 1))'" : "at the end"
            throw Diagnostic(
                .assignmentTargetMissing, "the field to assign is missing \(found)",
                span: Span(offset + start, offset + min(start + 1, bytes.count)), hint: "write field=expression")
        }
        return (bytes.string(start, end), end)
    }

    /// `items{}` is no template: something must stand between the braces.
    private static func holdsTemplate(_ target: String) -> Bool {
        var isOpen = false
        var length = 0
        for byte in target.utf8 {
            if byte == UInt8(ascii: "{") {
                (isOpen, length) = (true, 0)
            } else if byte == UInt8(ascii: "}"), isOpen, length > 0 {
                return true
            } else {
                length += 1
            }
        }
        return false
    }
}

extension EvalAssignment: CustomStringConvertible {
    /// Text that parses to an equal assignment.
    public var description: String {
        let special = "=<>!,()[]\"'|`\\".utf8
        let isPlain = !target.isEmpty && !target.utf8.contains { $0.isBlank || special.contains($0) }
        return "\(isPlain ? target : Quoting.quoted(target))=\(expression)"
    }
}
