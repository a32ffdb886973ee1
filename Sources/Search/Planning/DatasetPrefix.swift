import Columns
import SPL

/// Lets a search that follows `from datamodel` write fields with the dataset's path (`All_Risk.risk_score`) as well as
/// without: the names that it uses are made second names of the plain fields. Rules are written both ways.
struct DatasetPrefix: PlannedCommand {
    static let name = "dataset prefix"

    /// Prefixed names, sorted, and the fields they stand for.
    private let pairs: [(prefixed: String, plain: String)]

    /// - Returns: nil when nothing that follows uses a prefixed name.
    init?(path: [(field: String, prefixed: String)], usedBy commands: [any Command]) {
        let needed = commands.reversed().reduce(FieldSet.all) { $1.needs($0) }
        let used = path.filter { needed.names.contains($0.prefixed) }
        guard !used.isEmpty else { return nil }
        pairs = used.map { ($0.prefixed, $0.field) }.sorted { $0.0 < $1.0 }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for (prefixed, plain) in pairs where after.contains(prefixed) {
            needed.names.remove(prefixed)
            needed.insert(plain)
        }
        return needed
    }

    var explanation: String { "fields by their path: " + pairs.map(\.prefixed).joined(separator: ", ") }

    var streams: Bool { true }

    func makeOperator() -> any Operator { PrefixOperator(pairs: pairs) }

    private struct PrefixOperator: Operator {
        let pairs: [(prefixed: String, plain: String)]

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var batch = batch
            for (prefixed, plain) in pairs {
                if let column = batch.column(plain) { batch.set(prefixed, column) }
            }
            return batch
        }
    }
}
