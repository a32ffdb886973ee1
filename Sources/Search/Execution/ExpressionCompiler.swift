import Columns
import SPL

/// Turns a syntax tree into nodes: names become slots, functions are looked up, long AND/OR chains become lists, and
/// functions that are more than their arguments' values get nodes of their own.
struct ExpressionCompiler {
    private let context: CompileContext
    private(set) var slots: [String] = []
    private var slotOfName: [String: Int] = [:]

    private static let maximumDepth = 500

    init(context: CompileContext) { self.context = context }

    mutating func compile(_ expression: EvalExpression, depth: Int) throws(Diagnostic) -> ExpressionNode {
        guard depth < Self.maximumDepth else {
            throw Diagnostic("E304", "expression is nested deeper than \(Self.maximumDepth) levels")
        }
        switch expression {
        case .number(let number, let source, _):
            return .number(number, NumberPrecision(source.utf8))
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
            case .concatenate:
                return .arithmetic(op, left.printed, right.printed)
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
        guard let function = Functions.byName[name] else { throw unknown(name, span) }
        guard function.accepts(argumentCount: arguments.count) else {
            throw Diagnostic(
                "E303", "'\(name)' takes \(function.arityText), not \(arguments.count)", span: span,
                hint: function.summary)
        }
        if let form = function.form { return try node(form, name, arguments, span, depth) }
        var nodes: [ExpressionNode] = []
        for argument in arguments {
            let node = try compile(argument, depth: depth + 1)
            nodes.append(function.printsArguments ? node.printed : node)
        }
        if let index = function.patternArgument, case .constant(.text(let pattern), _) = nodes[index] {
            _ = try CommandPattern(pattern.string, span: arguments[index].span)
        }
        return .call(function, nodes)
    }

    private func unknown(_ name: String, _ span: Span) -> Diagnostic {
        let hint: String
        if let nearest = NearestName.find(name, in: Functions.byName.keys.sorted()) {
            hint = "did you mean '\(nearest)'?"
        } else {
            hint = "the functions are those of Splunk's Search Reference 9.4, \"Evaluation functions\""
        }
        return Diagnostic("E302", "eval function '\(name)' is not supported", span: span, hint: hint)
    }

    private mutating func node(
        _ form: EvalFunction.Form, _ name: String, _ arguments: [EvalExpression], _ span: Span, _ depth: Int
    ) throws(Diagnostic) -> ExpressionNode {
        switch form {
        case .filter:
            let fields = arguments[0].fieldNames
            guard fields.count == 1 else {
                throw Diagnostic(
                    "E370", "the condition of '\(name)' names \(fields.count) fields", span: span,
                    hint: "name exactly one: mvfilter(match(email, \"\\.org$\")); mvmap() takes other fields too")
            }
            let condition = try compile(arguments[0], depth: depth + 1)
            switch condition {
            case .field, .constant, .number, .arithmetic, .negate:
                throw Diagnostic(
                    "E370", "'\(name)' takes a condition", span: arguments[0].span,
                    hint: "write one that is true or false for a value: mvfilter(match(email, \"\\.org$\"))")
            default:
                return .filter(slot: slot(fields[0]), condition)
            }
        case .map:
            let source = arguments[0].fieldNames
            let bound = source.count == 1 ? source : source.filter(Set(arguments[1].fieldNames).contains)
            guard bound.count == 1 else {
                throw Diagnostic(
                    "E371", "it is not clear which field '\(name)' goes through", span: span,
                    hint: "name one in the first argument: mvmap(results, results*10)")
            }
            let body = try compile(arguments[1], depth: depth + 1)
            guard !body.isBoolean else {
                throw Diagnostic(
                    "E371", "'\(name)' makes a field of booleans", span: span,
                    hint: "write if(<condition>, <value>, null()); mvfilter() keeps values by a condition")
            }
            return .map(slot: slot(bound[0]), try compile(arguments[0], depth: depth + 1), body)
        case .searchMatch:
            guard case .string(let text, let place) = arguments[0] else {
                throw Diagnostic(
                    "E374", "'\(name)' takes a search in double quotes", span: arguments[0].span,
                    hint: "a search that stands in a field is not supported; write searchmatch(\"user=bob action=*\")")
            }
            let predicate: CompiledPredicate
            do {
                predicate = try CompiledPredicate(SearchExpression.parse(text), context: context)
            } catch {
                throw Diagnostic(error.code, error.message, span: place, hint: error.hint)
            }
            var slots: [String: Int] = [:]
            for field in predicate.fields.names.sorted() { slots[field] = slot(field) }
            return .searchMatch(predicate, slots: slots)
        case .lookup:
            let (table, inputs, outputs) = try LookupCall.parts(arguments, span)
            var nodes: [ExpressionNode] = []
            for input in inputs { nodes.append(try compile(input.value, depth: depth + 1).printed) }
            return .lookup(
                try LookupCall(
                    table, columns: inputs.map(\.column), inputs: nodes, outputs: outputs, context.environment.lookups))
        case .significantFigures:
            return .significantFigures(try compile(arguments[0], depth: depth + 1))
        case .random:
            return .random(site: span.lowerBound)
        }
    }

    private mutating func slot(_ name: String) -> Int {
        if let known = slotOfName[name] { return known }
        slotOfName[name] = slots.count
        slots.append(name)
        return slots.count - 1
    }
}

extension EvalExpression {
    /// The fields named in the expression, in order, each once. A bare `null` means no value here, as in `case()`.
    fileprivate var fieldNames: [String] {
        var names: [String] = []
        var rest = [self]
        while let next = rest.popLast() {
            switch next {
            case .number, .string: continue
            case .field(let name, _): if name != "null", !names.contains(name) { names.append(name) }
            case .call(_, let arguments, _): rest += arguments.reversed()
            case .unary(_, let operand, _): rest.append(operand)
            case .binary(_, let left, let right, _): rest += [right, left]
            case .inList(let operand, let items, _): rest += items.reversed() + [operand]
            }
        }
        return names
    }
}
