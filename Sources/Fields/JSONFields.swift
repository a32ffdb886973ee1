import Columns
import Formats

/// KV_MODE=json over the events of a batch. One per thread.
final class JSONFields {
    private let flattener: JSONFlattener
    private var leaves = JSONLeaves()
    /// Past this, the names that hostile events made up are forgotten between batches.
    private static let maximumNameBytes = 8 << 20

    init(wanted: FieldSet) { flattener = JSONFlattener(wanted: wanted) }

    /// Called between batches.
    func reset() {
        if flattener.nameBytes > Self.maximumNameBytes { flattener.forgetNames() }
    }

    /// Fields that the row has already are left as they are. A text that is no JSON object gives nothing.
    ///
    /// - Parameter columnOfName: from the flattener's name ids to `fields`, kept by the caller for one batch.
    func apply(
        _ text: UnsafeRawBufferPointer, row: Int, to fields: inout ExtractedFields, columnOfName: inout [Int]
    ) {
        do {
            try flattener.flatten(text, into: &leaves)
        } catch {
            if error.code == .tooManyNames { flattener.forgetNames() }
            columnOfName.removeAll()
            return
        }
        guard leaves.count > 0 else { return }
        while columnOfName.count < flattener.nameCount {
            columnOfName.append(fields.index(of: flattener.name(of: columnOfName.count).string) ?? -1)
        }
        // A name may occur several times in one record, as an array; what came before this record stays alone.
        var taken: Set<Int> = []
        var blocked: Set<Int> = []
        for leaf in 0..<leaves.count {
            let column = columnOfName[leaves.nameID(leaf)]
            guard column >= 0 else { continue }
            if fields.has(column, row: row), !taken.contains(column) { blocked.insert(column) }
            if blocked.contains(column) { continue }
            taken.insert(column)
            leaves.withValue(leaf) { fields.append(column, $0, row: row) }
        }
    }
}
