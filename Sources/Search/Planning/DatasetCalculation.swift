import Columns
import SPL

/// A calculated field of a dataset as a command that writes it.
struct DatasetCalculation: Sendable {
    private let model: String
    private let outputs: [String]
    /// A lookup that is not loaded is no matter to a search that does not ask for its fields.
    private let command: Result<any Command, Diagnostic>

    /// - Throws: for an expression or pattern that does not compile.
    init(
        _ calculation: DataModelDefinition.Calculation, model: String, _ context: CompileContext
    ) throws(Diagnostic) {
        self.model = model
        outputs = calculation.outputs
        switch calculation {
        case .eval(let field, let expression):
            let text = "\"\(field)\"=\(expression)"
            command = .success(try EvalCommand(assignments: EvalAssignment.parseList(text), text: text, context))
        case .rex(let field, let pattern, _):
            let text = "| rex field=\(SearchLiteral.quoted(field)) \(SearchLiteral.quoted(pattern))"
            command = .success(try Commands.compile(text, context, isFirst: false))
        case .lookup(let name, let inputs, let outputs):
            func list(_ mappings: [DataModelDefinition.Calculation.Mapping]) -> String {
                mappings.map { "\(SearchLiteral.quoted($0.column)) AS \(SearchLiteral.quoted($0.field))" }.joined(
                    separator: " ")
            }
            let text = "| lookup \(SearchLiteral.quoted(name)) \(list(inputs)) OUTPUT \(list(outputs))"
            do {
                command = .success(try Commands.compile(text, context, isFirst: false))
            } catch {
                command = .failure(error)
            }
        }
    }

    fileprivate func command(writing wanted: FieldSet) throws(Diagnostic) -> (any Command)? {
        guard let field = outputs.first(where: wanted.contains) else { return nil }
        do throws(Diagnostic) {
            return try command.get()
        } catch {
            throw Diagnostic(
                "E345", "data model '\(model)' looks up its field '\(field)': \(error.message)", hint: error.hint)
        }
    }
}

extension [DatasetCalculation] {
    /// The commands, in order, that give these fields; what nothing asks for is left out.
    /// - Throws: E345 for a lookup that cannot be used.
    func commands(giving needed: FieldSet) throws(Diagnostic) -> [any Command] {
        var kept: [any Command] = []
        var wanted = needed
        for calculation in reversed() {
            guard let command = try calculation.command(writing: wanted) else { continue }
            kept.append(command)
            wanted = command.needs(wanted)
        }
        return kept.reversed()
    }
}
