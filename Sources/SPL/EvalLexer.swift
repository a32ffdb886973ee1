/// Cuts an eval expression into tokens, one at a time: what a `.` is depends on what stands before it.
struct EvalLexer {
    let bytes: [UInt8]
    let base: Int
    private var index: Int

    init(_ bytes: [UInt8], at index: Int = 0, base: Int) {
        self.bytes = bytes
        self.index = index
        self.base = base
    }

    /// - Parameter expectsOperand: `.5` is a number where an operand is due, else `.` joins texts.
    mutating func next(expectsOperand: Bool) throws(Diagnostic) -> EvalToken {
        index = bytes.skippingBlanks(from: index)
        let start = index
        guard start < bytes.count else { return token(.end, from: start) }
        let byte = bytes[start]
        if byte.isDigit || expectsOperand && byte == UInt8(ascii: ".") && isDigit(at: start + 1) {
            return try readNumber()
        }
        if Self.isNameStart(byte) || bytes.endOfTemplate(at: start) != nil { return readName() }
        switch byte {
        case Quoting.quote:
            guard let end = Quoting.endOfString(bytes, from: start) else {
                throw Quoting.unterminated(at: start, end: bytes.count, base: base)
            }
            index = end
            return token(.string, from: start, text: Quoting.unescaped(bytes, start + 1..<end - 1))
        case UInt8(ascii: "'"):
            return try readQuotedField()
        default:
            return try readSymbol(expectsOperand: expectsOperand)
        }
    }

    private func isDigit(at index: Int) -> Bool { index < bytes.count && bytes[index].isDigit }

    /// Names hold more than the documentation says where rules write more: `cpu:mem`, `$token$`, `items{}`, `{key}`.
    static func isNameStart(_ byte: UInt8) -> Bool {
        byte.isLetter || byte >= 0x80 || "_$@#{}".utf8.contains(byte)
    }

    static func isNameByte(_ byte: UInt8) -> Bool { isNameStart(byte) || byte.isDigit || byte == UInt8(ascii: ":") }

    private func token(_ kind: EvalToken.Kind, from start: Int, text: String? = nil) -> EvalToken {
        let raw = bytes.string(start, index)
        return EvalToken(kind: kind, text: text ?? raw, raw: raw, span: Span(base + start, base + index))
    }

    private mutating func readName() -> EvalToken {
        let start = index
        while index < bytes.count {
            if let end = bytes.endOfTemplate(at: index) {
                index = end
            } else if Self.isNameByte(bytes[index]) {
                index += 1
            } else {
                break
            }
        }
        return token(.name, from: start)
    }

    private mutating func readNumber() throws(Diagnostic) -> EvalToken {
        let start = index
        skipDigits()
        if index < bytes.count, bytes[index] == UInt8(ascii: "."), isDigit(at: index + 1) {
            index += 1
            skipDigits()
        }
        if index < bytes.count, bytes[index] & 0xDF == UInt8(ascii: "E") {
            let hasSign = index + 1 < bytes.count && "+-".utf8.contains(bytes[index + 1])
            if isDigit(at: index + (hasSign ? 2 : 1)) {
                index += hasSign ? 2 : 1
                skipDigits()
            }
        }
        let text = bytes.string(start, index)
        guard index == bytes.count || !Self.isNameByte(bytes[index]), let value = Double(text) else {
            while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
            let name = bytes.string(start, index)
            throw Diagnostic(
                .nameStartsWithDigit, "'\(name)' is neither a number nor a name",
                span: Span(base + start, base + index),
                hint: "write '\(name)' in single quotes if it is a field, \"\(name)\" if it is a text")
        }
        return token(.number(value), from: start)
    }

    private mutating func skipDigits() {
        while index < bytes.count, bytes[index].isDigit { index += 1 }
    }

    /// `\'` is an apostrophe and `\\` one backslash inside the quotes. The documentation does not say.
    private mutating func readQuotedField() throws(Diagnostic) -> EvalToken {
        let start = index
        let apostrophe = UInt8(ascii: "'")
        var name: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != apostrophe {
            if bytes[index] == Quoting.backslash, index + 1 < bytes.count,
                bytes[index + 1] == apostrophe || bytes[index + 1] == Quoting.backslash
            {
                index += 1
            }
            name.append(bytes[index])
            index += 1
        }
        guard index < bytes.count else {
            throw Diagnostic(
                .unterminatedFieldName, "the field name that starts here is not closed",
                span: Span(base + start, base + bytes.count),
                hint: "close it with a single quote; texts stand in double quotes")
        }
        index += 1
        return token(.quotedField, from: start, text: String(decoding: name, as: UTF8.self))
    }

    private mutating func readSymbol(expectsOperand: Bool) throws(Diagnostic) -> EvalToken {
        let start = index
        if let (comparison, end) = ComparisonOperator.read(bytes, at: start) {
            index = end
            if ComparisonOperator.read(bytes, at: end) != nil {
                while index < bytes.count, "=<>!".utf8.contains(bytes[index]) { index += 1 }
                throw Diagnostic(
                    .unknownOperator, "'\(bytes.string(start, index))' is not a comparison operator",
                    span: Span(base + start, base + index), hint: "the operators are = == != < <= > >=")
            }
            return token(.binary(EvalExpression.BinaryOperator(comparison)), from: start)
        }
        index += 1
        switch bytes[start] {
        case UInt8(ascii: "("): return token(.openParenthesis, from: start)
        case UInt8(ascii: ")"): return token(.closeParenthesis, from: start)
        case UInt8(ascii: ","): return token(.comma, from: start)
        case UInt8(ascii: "+"): return token(.binary(.add), from: start)
        case UInt8(ascii: "-"): return token(.binary(.subtract), from: start)
        case UInt8(ascii: "*"): return token(.binary(.multiply), from: start)
        case UInt8(ascii: "/"): return token(.binary(.divide), from: start)
        case UInt8(ascii: "%"): return token(.binary(.remainder), from: start)
        case UInt8(ascii: "."): return token(.binary(.concatenate), from: start)
        case UInt8(ascii: "["):
            throw Diagnostic(
                .subsearchInExpression, "a subsearch in an eval expression is not supported",
                span: Span(base + start, base + index),
                hint: "join the rows of the subsearch first, or filter with search [...]")
        case UInt8(ascii: "!") where expectsOperand:
            // The page of mvfilter writes `!isnull(x)`.
            return token(.name, from: start, text: "NOT")
        default:
            let hints: [UInt8: String] = [
                UInt8(ascii: "|"): "OR is written as a word", UInt8(ascii: "&"): "AND is written as a word",
                UInt8(ascii: "!"): "NOT is written as a word", UInt8(ascii: "`"): "macros are expanded before this",
            ]
            throw Diagnostic(
                .unknownCharacter, "'\(bytes.string(start, index))' cannot stand in an expression",
                span: Span(base + start, base + index),
                hint: hints[bytes[start]]
                    ?? "strings stand in double quotes, field names with special characters in single quotes")
        }
    }
}

extension EvalExpression.BinaryOperator {
    fileprivate init(_ comparison: ComparisonOperator) {
        switch comparison {
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        }
    }
}
