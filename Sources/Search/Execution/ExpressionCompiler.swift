import Columns
import SPL

/// Turns a syntax tree into nodes: names become slots, functions are looked up, long AND/OR chains become lists.
struct ExpressionCompiler {
    private(set) var slots: [String] = []
    private var slotOfName: [String: Int] = [:]

    private static let maximumDepth = 500

    mutating func compile(_ expression: EvalExpression, depth: Int) throws(Diagnostic) -> ExpressionNode {
        guard depth < Self.maximumDepth else {
            throw Diagnostic("E304", "expression is nested deeper than \(Self.maximumDepth) levels")
        }
        switch expression {
        case .number(let number, _, _):
            return .constant(.number(number), isQuoted: false)
        case .string(let string, _):
            return .constant(.text(string), isQuoted: true)
        case .field(let name, _):
            return .field(slot: slot(name))
        case .call(let name, let arguments, let span):
            return try call(name, arguments, span, depth)
        case .unary(.not, let operand, _):
            return .not(try compile(operand, depth: depth + 1))
        case .unary(.negate, let operand, _):
            return .negate(try compile(operand, depth: depth + 1))
        case .binary(.and, _, _, _):
            return .and(try chain(of: .and, expression, depth))
        case .binary(.or, _, _, _):
            return .or(try chain(of: .or, expression, depth))
        case .binary(.xor, let left, let right, _):
            return .xor(try compile(left, depth: depth + 1), try compile(right, depth: depth + 1))
        case .binary(.like, let left, let right, _):
            return .like(try compile(left, depth: depth + 1), try compile(right, depth: depth + 1))
        case .binary(let op, let left, let right, _):
            let (left, right) = (try compile(left, depth: depth + 1), try compile(right, depth: depth + 1))
            switch op {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
                return .comparison(op, left, right)
            default:
                return .arithmetic(op, left, right)
            }
        case .inList(let operand, let items, _):
            var nodes: [ExpressionNode] = []
            for item in items { nodes.append(try compile(item, depth: depth + 1)) }
            return .inList(try compile(operand, depth: depth + 1), nodes)
        }
    }

    /// The operands of a left-leaning chain, without recursing once per operand.
    private mutating func chain(
        of op: EvalExpression.BinaryOperator, _ expression: EvalExpression, _ depth: Int
    ) throws(Diagnostic) -> [ExpressionNode] {
        var reversed: [EvalExpression] = []
        var rest = expression
        while case .binary(op, let left, let right, _) = rest {
            reversed.append(right)
            rest = left
        }
        reversed.append(rest)
        var nodes: [ExpressionNode] = []
        for operand in reversed.reversed() { nodes.append(try compile(operand, depth: depth + 1)) }
        return nodes
    }

    private mutating func call(
        _ name: String, _ arguments: [EvalExpression], _ span: Span, _ depth: Int
    ) throws(Diagnostic) -> ExpressionNode {
        guard let function = Functions.byName[name] else {
            let nearest = NearestName.find(name, in: Functions.all.map(\.name))
            throw Diagnostic(
                "E302", "eval function '\(name)' is not supported", span: span,
                hint: nearest.map { "did you mean '\($0)'?" }
                    ?? "supported: \(Functions.all.map(\.name).joined(separator: ", "))")
        }
        guard function.arity.contains(arguments.count) else {
            throw Diagnostic(
                "E303", "'\(name)' takes \(function.arityText), not \(arguments.count)", span: span,
                hint: function.summary)
        }
        var nodes: [ExpressionNode] = []
        for argument in arguments { nodes.append(try compile(argument, depth: depth + 1)) }
        return .call(function, nodes)
    }

    private mutating func slot(_ name: String) -> Int {
        if let known = slotOfName[name] { return known }
        slotOfName[name] = slots.count
        slots.append(name)
        return slots.count - 1
    }
}
