public import Columns
public import Content
public import RiskIndex

/// The result rows of a Correlation detection as rows of an incident rule: their risk objects become entities.
public struct CorrelationRows: Sendable {
    private let rule: IncidentRule
    private let correlation: IncidentRule.Correlation
    private let rowKey: [String]
    private let names: RowEntities

    /// What the rows of one run became.
    public struct Outcome: Sendable {
        public var rows: [IncidentRow] = []
        /// By position in `rows`: those that have no score of their own.
        public var unscored: [Int] = []
        /// Rows that name nobody, by the field that should.
        public var lostByField: [String: Int] = [:]
    }

    /// - Parameter rowKey: the fields that identify a row within one window; nil for the whole row.
    /// - Returns: nil for a rule that is no Correlation.
    public init?(_ rule: IncidentRule, rowKey: [String]?, resolver: EntityResolver) {
        guard let correlation = rule.correlation else { return nil }
        self.rule = rule
        self.correlation = correlation
        // A whole row has numbers in it, which late events change.
        self.rowKey = rowKey ?? []
        names = RowEntities(resolver)
    }

    /// - Parameter entities: of the risk events that the run saw.
    public func read(_ batch: Batch, entities: WindowEntities) -> Outcome {
        var outcome = Outcome()
        for row in 0..<batch.rowCount {
            let named = correlation.subjects.lazy.map { subjects(of: $0, batch, row) }.first { !$0.isEmpty } ?? []
            if named.isEmpty { outcome.lostByField[rule.entityField, default: 0] += 1 }
            let score = score(batch, row)
            for (value, entity) in named {
                if score == nil { outcome.unscored.append(outcome.rows.count) }
                var incident = IncidentRow(
                    batch, row, rule, entity: entities.entity(entity, named: value), riskScore: score ?? 0)
                incident.riskObject = value
                incident.identity = rowKey.map { batch.printedText($0, row) ?? "" }
                outcome.rows.append(incident)
            }
        }
        return outcome
    }

    private func subjects(
        of subject: IncidentRule.Correlation.Subject, _ batch: Batch, _ row: Int
    ) -> [(value: String, entity: EntityIdentity)] {
        var type = subject.type
        // The type that the risk event has, where the row says whose risk object it is.
        if Self.riskObjectFields.contains(subject.field) {
            let types = batch[rule.entityTypeField, row].elements.compactMap { $0.printed?.string }
            if types.count == 1, !types[0].isEmpty { type = types[0] }
        }
        return names.entities(subject.field, type: type, batch, row).map { value, subject in
            (value, EntityIdentity(subject.entity.normalizedRiskObject, type))
        }
    }

    private static let riskObjectFields: Set = ["risk_object", "normalized_risk_object"]

    /// `risk_score`, else the first column that is called something like it (`sum_risk_score`).
    private func score(_ batch: Batch, _ row: Int) -> Double? {
        if let score = batch["risk_score", row].numeric { return score }
        return batch.names.lazy.filter { $0.contains("risk_score") }.compactMap { batch[$0, row].numeric }.first
    }
}

extension CorrelationRows.Outcome {
    /// - Parameter score: asked for each entity whose rows have none.
    public mutating func fillScores(_ score: (EntityIdentity) throws -> Double) rethrows {
        for position in unscored { rows[position].riskScore = try score(rows[position].entity) }
        unscored = []
    }
}

extension [IncidentRow] {
    /// Of each entity the row with the highest score, the first of equal ones: under a change-aware profile an entity has
    /// one finding, however many rows a Correlation has about it.
    public var highestOfEachEntity: [IncidentRow] {
        var places: [EntityIdentity: Int] = [:]
        var highest: [IncidentRow] = []
        for row in self {
            if let place = places[row.entity] {
                if row.riskScore > highest[place].riskScore { highest[place] = row }
            } else {
                places[row.entity] = highest.count
                highest.append(row)
            }
        }
        return highest
    }
}

/// The entities of a window's risk events, and the names that the events have for them.
public struct WindowEntities: Sendable {
    private var all: Set<EntityIdentity> = []
    private var byName: [Text: Set<EntityIdentity>] = [:]

    /// - Parameter rows: the window's, of `columns`.
    public init(_ columns: RiskColumns, _ dimensions: RiskDimensions, rows: Range<Int>) {
        for number in Set(columns.riskObjects[rows]) {
            guard let object = dimensions.riskObject(Int(number)) else { continue }
            let entity = EntityIdentity(object.normalizedRiskObject, object.riskObjectType)
            all.insert(entity)
            byName[Text(object.riskObject), default: []].insert(entity)
        }
    }

    public init() {}

    /// A row by raw name knows nothing of the zone or host that its events had, and one that is not grouped by the type
    /// nothing of that: where no event is about the entity that the name resolves to, and all events of that name are
    /// about one other, that is who the row means.
    func entity(_ resolved: EntityIdentity, named name: String) -> EntityIdentity {
        if all.contains(resolved) { return resolved }
        guard let others = byName[Text(name)], others.count == 1, let other = others.first else { return resolved }
        return other
    }
}
