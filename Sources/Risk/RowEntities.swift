import Columns

/// Who the fields of a detection's result row name.
struct RowEntities {
    private let resolver: EntityResolver

    /// A resolved name, and from what.
    struct Subject {
        var entity: ResolvedEntity
        var zone: String?
        var host: String?
    }

    /// Fields that say which machine a row is about, in the order in which they are asked.
    private static let hostFields = ["dest", "dvc", "host"]

    init(_ resolver: EntityResolver) { self.resolver = resolver }

    /// Each distinct value of a field that names somebody: never the empty text, never a placeholder.
    func entities(_ field: String, type: String, _ batch: Batch, _ row: Int) -> [(value: String, subject: Subject)] {
        values(batch[field, row]).map { ($0, resolved($0, type, batch, row)) }.filter { !$0.1.entity.isNobody }
    }

    private func values(_ value: Value) -> [String] {
        var seen: Set<String> = []
        return value.elements.compactMap { $0.printed?.string }.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    private func resolved(_ object: String, _ type: String, _ batch: Batch, _ row: Int) -> Subject {
        let host = Self.hostFields.lazy.compactMap { batch.printedText($0, row) }.first
        let zone = batch.printedText("cim_entity_zone", row)
        return Subject(
            entity: resolver.resolve(object, type: type, zone: zone, host: host), zone: zone, host: host)
    }
}
