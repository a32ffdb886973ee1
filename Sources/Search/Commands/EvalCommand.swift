import Columns
import SPL

/// `eval a=<expression>, b=<expression> ...`: left to right, each sees the ones before it. A null result removes the
/// field from the row. `{f}` in a target is the value of field `f`; where `f` is null the assignment is skipped.
///
/// Source: Splunk Search Reference 9.4, "eval".
struct EvalCommand: Command {
    static let name = "eval"
    static let help = CommandHelp("eval <field>=<expression>, ...", "Computes fields, each from those before it.")

    private struct Assignment: Sendable {
        var target: String
        /// As `explanation` has it.
        var text: String
        var isTemplate: Bool
        var expression: CompiledExpression
    }

    private let assignments: [Assignment]
    private let text: String
    /// Fields that an assignment adds to: `total=total+x`, with operators alone.
    let accumulated: Set<String>
    /// The fields it fills where they are null, if that is all it does: `f=if(isnull(f), <other>, f)`, as data models do.
    let onlyFills: Set<String>?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        let parsed = try EvalAssignment.parseList(syntax.argumentText, at: syntax.argumentOffset)
        let text = parsed.map { "\($0.target)=\($0.expression)" }.joined(separator: ", ")
        try self.init(assignments: parsed, text: text, context)
    }

    init(assignments parsed: [EvalAssignment], text: String, _ context: CompileContext) throws(Diagnostic) {
        var compiled: [Assignment] = []
        for assignment in parsed {
            let expression = try CompiledExpression(assignment.expression, context: context)
            if expression.isBoolean {
                throw Diagnostic(
                    "E315", "eval assigns a boolean to '\(assignment.target)'", span: assignment.span,
                    hint: "a boolean is no field value; write if(<condition>, 1, 0) or tostring(<condition>)")
            }
            compiled.append(
                Assignment(
                    target: assignment.target, text: "\(assignment.target)=\(assignment.expression)",
                    isTemplate: assignment.isTemplate, expression: expression))
        }
        assignments = compiled
        accumulated = Set(
            zip(parsed, compiled).filter { assignment, compiled in
                assignment.expression.isArithmetic && compiled.expression.fields.contains(assignment.target)
            }.map(\.0.target))
        let filled = parsed.map { $0.isTemplate ? nil : $0.expression.filledField == $0.target ? $0.target : nil }
        onlyFills = filled.contains(nil) ? nil : Set(filled.compactMap { $0 })
        self.text = text
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for assignment in assignments.reversed() {
            if assignment.isTemplate {
                for name in Self.templateFields(assignment.target) { needed.insert(name) }
                needed.formUnion(assignment.expression.fields)
            } else if needed.contains(assignment.target) {
                needed.names.remove(assignment.target)
                needed.formUnion(assignment.expression.fields)
            }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for assignment in assignments {
            if assignment.isTemplate {
                schema.isOpen = true
            } else if !schema.names.contains(assignment.target) {
                schema.names.append(assignment.target)
            }
        }
        return schema
    }

    /// The fields that this command assigns: a predicate on one of them cannot move above it.
    var targets: Set<String> { Set(assignments.map(\.target)) }
    var hasTemplates: Bool { assignments.contains(where: \.isTemplate) }

    var readsClock: Bool { assignments.contains(where: \.expression.readsClock) }

    /// The assignments, where each gives the same column for the same rows in any search of a job, and tells nothing.
    var rowCalculations: [RowCalculation]? {
        guard !readsClock, !hasTemplates, !assignments.contains(where: \.expression.makesPatterns) else { return nil }
        return assignments.map { RowCalculation(target: $0.target, text: $0.text, expression: $0.expression) }
    }

    var explanation: String { "eval: \(text)" }

    /// Random numbers come in the order of the rows, and so do the fields that a template makes.
    var streams: Bool { !hasTemplates && assignments.allSatisfy(\.expression.isConstantPerSearch) }

    func makeOperator() -> any Operator { EvalOperator(assignments: assignments) }

    private struct EvalOperator: Operator {
        let assignments: [Assignment]

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var batch = batch
            for assignment in assignments {
                let column = try assignment.expression.evaluate(batch, context)
                if assignment.isTemplate {
                    assign(column, template: assignment.target, to: &batch)
                } else {
                    batch.set(assignment.target, column)
                }
            }
            return batch
        }

        private func assign(_ column: Column, template: String, to batch: inout Batch) {
            // New columns come in the order of the rows: how rows are cut into batches must not show.
            var names: [String] = []
            var rowsByName: [String: [Int]] = [:]
            for row in 0..<batch.rowCount {
                guard let name = EvalCommand.fill(template, batch, row) else { continue }
                if rowsByName[name] == nil { names.append(name) }
                rowsByName[name, default: []].append(row)
            }
            for name in names {
                var values = (0..<batch.rowCount).map { batch[name, $0] }
                for row in rowsByName[name] ?? [] { values[row] = column[row] }
                batch.set(name, Column(values))
            }
        }
    }

    private static func templateFields(_ template: String) -> [String] {
        var fields: [String] = []
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            fields.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return fields
    }

    fileprivate static func fill(_ template: String, _ batch: Batch, _ row: Int) -> String? {
        var name = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            name += rest[..<open]
            guard let value = batch[String(rest[rest.index(after: open)..<close]), row].printed else { return nil }
            name += value.string
            rest = rest[rest.index(after: close)...]
        }
        return name + rest
    }
}

extension EvalExpression {
    /// Operators of arithmetic over fields and literals, and nothing else.
    fileprivate var isArithmetic: Bool {
        switch self {
        case .number, .string, .field: true
        case .unary(.negate, let operand, _): operand.isArithmetic
        case .binary(.add, let left, let right, _), .binary(.subtract, let left, let right, _),
            .binary(.multiply, let left, let right, _), .binary(.divide, let left, let right, _),
            .binary(.concatenate, let left, let right, _):
            left.isArithmetic && right.isArithmetic
        default: false
        }
    }
}

extension EvalExpression {
    /// `f` of `if(isnull(f), <anything>, f)`.
    fileprivate var filledField: String? {
        guard case .call("if", let arguments, _) = self, arguments.count == 3,
            case .call("isnull", let tested, _) = arguments[0], tested.count == 1,
            case .field(let name, _) = tested[0], case .field(name, _) = arguments[2]
        else { return nil }
        return name
    }
}
