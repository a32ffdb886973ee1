import Columns
import SPL

/// What a search over a dataset may ask of the datasets below it: their fields with the whole path
/// (`All_Changes.Account_Management.src_user`), null in rows that are not theirs, and `nodename`, the paths of all
/// datasets that a row belongs to. Runs over fields without prefix.
struct DatasetMembers: PlannedCommand {
    static let name = "dataset members"

    private let root: String
    private let descendants: [DataModelView.Descendant]
    private let givesNames: Bool
    /// Per descendant the fields that are wanted of it, and the commands that calculate them.
    private let wanted: [[String]]
    private let calculations: [[any Command]]

    /// - Parameter needed: names with their path, as what follows uses them.
    /// - Returns: nil when nothing that follows asks for it.
    /// - Throws: E345 for a calculated field that cannot be had.
    init?(_ view: DataModelView, needed: FieldSet) throws(Diagnostic) {
        givesNames = needed.names.contains("nodename")
        let givesNames = givesNames
        let wanted = view.descendants.map { dataset in
            dataset.fields.filter { needed.names.contains("\(dataset.path).\($0)") }
        }
        guard givesNames || wanted.contains(where: { !$0.isEmpty }) else { return nil }
        descendants = view.descendants
        self.wanted = wanted
        var calculations: [[any Command]] = []
        for (dataset, fields) in zip(view.descendants, wanted) {
            // The constraint may read a calculated field.
            var asked = dataset.predicate.fields
            for field in fields { asked.insert(field) }
            let isAsked = givesNames || !fields.isEmpty
            calculations.append(isAsked ? try dataset.calculations.commands(giving: asked) : [])
        }
        self.calculations = calculations
        root = view.rootPath
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.remove("nodename")
        for (position, dataset) in descendants.enumerated() where givesNames || !wanted[position].isEmpty {
            let fields = wanted[position]
            for field in fields {
                needed.names.remove("\(dataset.path).\(field)")
            }
            var own = dataset.predicate.fields
            for field in fields { own.insert(field) }
            for calculation in calculations[position].reversed() { own = calculation.needs(own) }
            needed.formUnion(own)
        }
        return needed
    }

    var explanation: String {
        "datasets below \(root): "
            + zip(descendants, wanted).filter { givesNames || !$1.isEmpty }.map { $0.0.path }.joined(separator: ", ")
    }

    var streams: Bool { calculations.joined().allSatisfy(\.streams) }

    func makeOperator() -> any Operator { MembersOperator(command: self) }

    private struct MembersOperator: Operator {
        let command: DatasetMembers

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var result = batch
            var names = [[Value]](repeating: [.text(command.root)], count: batch.rowCount)
            for (position, dataset) in command.descendants.enumerated() {
                let fields = command.wanted[position]
                guard command.givesNames || !fields.isEmpty else { continue }
                var own = batch
                for calculation in command.calculations[position] {
                    var evaluation = calculation.makeOperator()
                    own = try evaluation.process(own, &context)
                }
                let mask = dataset.predicate.evaluate(own)
                if command.givesNames {
                    for row in mask.indices where mask[row] { names[row].append(.text(dataset.path)) }
                }
                for field in fields {
                    guard let column = own.column(field) else { continue }
                    var ids = column.ids
                    for row in mask.indices where !mask[row] { ids[row] = 0 }
                    result.set("\(dataset.path).\(field)", Column(ids: ids, values: column.values))
                }
            }
            if command.givesNames {
                var builder = ColumnBuilder()
                for list in names { builder.append(.list(list)) }
                result.set("nodename", builder.finish())
            }
            return result
        }
    }
}
