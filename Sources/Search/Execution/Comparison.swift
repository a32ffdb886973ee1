public import Columns
import SPL

/// Comparisons of `where` and `eval`: case-sensitive, three-valued, and true for a multivalue field when any of its
/// values satisfies them.
///
/// Two values that both read as numbers compare as numbers, unless both are quoted literals; everything else compares
/// as text, bytewise. Source: Splunk Search Reference 9.4, "where"; docs/decisions/0002.
enum Comparison {
    static func compare(
        _ left: Value, _ op: EvalExpression.BinaryOperator, _ right: Value, asText: Bool
    ) -> Value {
        if left.isNull || right.isNull { return .null }
        for a in left.elements {
            for b in right.elements where holds(a, op, b, asText: asText) { return .boolean(true) }
        }
        return .boolean(false)
    }

    private static func holds(
        _ left: Value, _ op: EvalExpression.BinaryOperator, _ right: Value, asText: Bool
    ) -> Bool {
        if !asText, let a = left.numeric, let b = right.numeric {
            switch op {
            case .equal: return a == b
            case .notEqual: return a != b
            case .less: return a < b
            case .lessOrEqual: return a <= b
            case .greater: return a > b
            default: return a >= b
            }
        }
        guard let a = text(left, beside: right), let b = text(right, beside: left) else { return false }
        switch op {
        case .equal: return a == b
        case .notEqual: return a != b
        case .less: return a < b
        case .lessOrEqual: return a <= b
        case .greater: return a > b
        default: return a >= b
        }
    }

    /// A boolean out of JSON equals the text `true` or `false` in any of the two spellings.
    private static func text(_ value: Value, beside other: Value) -> Text? {
        guard case .boolean(let flag) = value, case .text(let text) = other else { return value.printed }
        return text == "true" || text == "false" ? (flag ? "true" : "false") : value.printed
    }
}

/// `+ - * / %` and `.`; a null operand, text that is no number, a multivalue in arithmetic and division by zero give
/// null. `+` joins two texts that are no numbers, and a quoted or computed text that reads as one with a text that does
/// not. The text `NaN` is a number here, and stays as it is written.
///
/// Source: Splunk Search Reference 9.4, "eval"; "Informational functions", isnum (NaN).
enum Arithmetic {
    /// - Parameter fields: which operands are fields, whose text that reads as a number is one.
    /// - Throws: E373 where joined texts grow out of bounds.
    static func apply(
        _ op: EvalExpression.BinaryOperator, _ left: Value, _ right: Value, fields: (left: Bool, right: Bool)
    ) throws(SearchError) -> Value {
        if op == .concatenate {
            guard let a = left.printed, let b = right.printed else { return .null }
            return try joined(a, b)
        }
        if let a = operand(left), let b = operand(right) {
            return left.isNaNText || right.isNaNText ? .text("NaN") : number(op, a, b)
        }
        if op == .add, case .text(let a) = left, case .text(let b) = right,
            !fields.left || left.numeric == nil, !fields.right || right.numeric == nil
        {
            return try joined(a, b)
        }
        return .null
    }

    private static func joined(_ left: Text, _ right: Text) throws(SearchError) -> Value {
        try ValueBounds.check(textBytes: left.count + right.count, of: ".")
        return .text(Text(left.bytes + right.bytes))
    }

    private static func operand(_ value: Value) -> Double? { value.numeric ?? (value.isNaNText ? .nan : nil) }

    private static func number(_ op: EvalExpression.BinaryOperator, _ a: Double, _ b: Double) -> Value {
        switch op {
        case .add: return .number(a + b)
        case .subtract: return .number(a - b)
        case .multiply: return .number(a * b)
        case .divide: return b == 0 ? .null : .number(a / b)
        case .remainder: return b == 0 ? .null : .number(a.truncatingRemainder(dividingBy: b))
        default: return .null
        }
    }
}

extension Value {
    var isNaNText: Bool { self == .text("NaN") }
}

/// The one total order of values: numbers before text, numbers by value, text bytewise, null last.
/// Source: Splunk Search Reference 9.4, "sort" and "Aggregate functions" (numbers before strings).
public enum ValueOrder {
    /// Negative, zero or positive.
    public static func compare(_ left: Value, _ right: Value) -> Int {
        switch (left.isNull, right.isNull) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        default: break
        }
        switch (left.numeric, right.numeric) {
        case (let a?, let b?): return a < b ? -1 : (a > b ? 1 : 0)
        case (_?, nil): return -1
        case (nil, _?): return 1
        default: return compareText(left, right)
        }
    }

    public static func compareText(_ left: Value, _ right: Value) -> Int {
        guard let a = left.printed, let b = right.printed else { return 0 }
        return a < b ? -1 : (b < a ? 1 : 0)
    }
}
