import Columns
import SPL

// Nodes that are more than a function of values: those that bind a field, that read a search expression, and those that
// look at how a number was written.

extension ExpressionNode {
    func formValue(_ frame: inout ExpressionFrame) throws(SearchError) -> Value {
        switch self {
        case .filter(let slot, let condition):
            let values = frame.slots[slot]
            var kept: [Value] = []
            for value in values.elements {
                frame.slots[slot] = value
                if try condition.value(&frame) == .boolean(true) { kept.append(value) }
            }
            frame.slots[slot] = values
            return .list(kept)
        case .map(let slot, let source, let body):
            let bound = frame.slots[slot]
            var results: [Value] = []
            var count = 0
            for value in try source.value(&frame).elements {
                frame.slots[slot] = value
                let result = try body.value(&frame)
                count += result.elements.count
                try ValueBounds.check(values: count, of: "mvmap")
                results.append(result)
            }
            frame.slots[slot] = bound
            return .list(results)
        case .searchMatch(let predicate, let slots):
            let values = frame.slots
            return .boolean(predicate.holds { slots[$0].map { values[$0] } ?? .null })
        case .lookup(let call):
            var values: [Value] = []
            for input in call.inputs { values.append(try input.value(&frame)) }
            return try call.result(values)
        case .cut(let node, let digits):
            guard case .number(let number) = try node.value(&frame) else { return .null }
            return .number(DecimalRounding.round(number, significantDigits: digits, keepsInteger: true))
        case .significantFigures(let node):
            guard let number = try node.value(&frame).numeric else { return .null }
            return .number(node.precision(frame).rounded(number))
        case .random(let site):
            return .number(Double(frame.context.random.next(site: site)))
        default:
            return .null
        }
    }

    /// How exactly the value is known: from literals as written, from a field's text, and what operators make of both.
    private func precision(_ frame: ExpressionFrame) -> NumberPrecision {
        switch self {
        case .number(_, let precision): return precision
        case .field(let slot):
            guard case .text(let text) = frame.slots[slot], NumberText.parse(text.bytes) != nil else {
                return .unlimited
            }
            return NumberPrecision(text.bytes)
        case .negate(let node): return node.precision(frame)
        case .arithmetic(.multiply, let left, let right), .arithmetic(.divide, let left, let right):
            return left.precision(frame).multiplied(by: right.precision(frame))
        case .arithmetic(.add, let left, let right), .arithmetic(.subtract, let left, let right):
            return left.precision(frame).added(to: right.precision(frame))
        default: return .unlimited
        }
    }

    /// The node as it becomes a field or a text: a product, and a trigonometric function, are cut to the precision of
    /// their decimal literals.
    var printed: ExpressionNode {
        switch self {
        case .arithmetic(.multiply, _, _), .arithmetic(.divide, _, _):
            return literalDigits.map { .cut(self, digits: $0) } ?? self
        case .negate(let node):
            return .negate(node.printed)
        case .call(let function, let arguments):
            if let digits = literalDigits { return .cut(self, digits: digits) }
            return .call(
                function, arguments.indices.map { function.passed.contains($0) ? arguments[$0].printed : arguments[$0] }
            )
        case .map(let slot, let source, let body):
            return .map(slot: slot, source, body.printed)
        default:
            return self
        }
    }

    /// The significant digits of the least precise decimal literal of a product, or of the arguments of a trigonometric
    /// function; nil where it has none.
    private var literalDigits: Int? {
        switch self {
        case .number(_, let precision): precision.isDecimal ? precision.digits : nil
        case .negate(let node): node.literalDigits
        case .arithmetic(.multiply, let left, let right), .arithmetic(.divide, let left, let right):
            [left.literalDigits, right.literalDigits].compactMap { $0 }.min()
        case .call(let function, let arguments) where function.group == .trigonometric:
            arguments.compactMap(\.literalDigits).min()
        default: nil
        }
    }
}
