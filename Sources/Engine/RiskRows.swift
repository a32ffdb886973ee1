import Columns
import Formats
import Risk
import RiskIndex
import Search

/// Risk events as rows of a search, made from the index's columns without a ``RiskEvent`` each. The rows are those that
/// `RiskEvent.splunkFields` would give.
struct RiskRows {
    /// What the index must give beside the plain columns; nil for a search that needs fields which are not columns.
    static func parts(for needed: FieldSet) -> RiskColumnParts? {
        guard !needed.isAll, needed.patterns.isEmpty else { return nil }
        var parts: RiskColumnParts = []
        for name in needed.names {
            guard let field = RiskRowField(name) else { return nil }
            parts.formUnion(field.parts)
        }
        return parts
    }

    /// - Parameter needed: of which ``parts(for:)`` is not nil.
    static func batch(_ columns: RiskColumns, _ dimensions: RiskDimensions, needed: FieldSet) -> Batch {
        var batch = Batch(rowCount: columns.count)
        for name in needed.names.sorted() {
            guard let column = RiskRowField(name)?.column(columns, dimensions), column.hasValues else { continue }
            batch.set(name, column)
        }
        return batch
    }
}

/// A field of `All_Risk` that the index can give as a column.
private enum RiskRowField {
    case time
    case constant(String)
    case ofRule((RiskRule) -> Value)
    case ofObject((RiskObject) -> Value)
    case number(RiskColumnParts, KeyPath<RiskColumns, [Double]>)
    case factors(KeyPath<(additions: [String], multiplications: [String]), [String]>)
    case message
    case messageHash
    case eventID
    case firingID
    case threats(KeyPath<ThreatObject, String>)
    /// A field of the result row that the event came from.
    case ofRow(String)

    init?(_ name: String) {
        switch name {
        case "_time": self = .time
        case "sourcetype": self = .constant("stash")
        case "index": self = .constant("risk")
        case "search_name", "source": self = .ofRule { .text($0.searchName) }
        case "rule_id": self = .ofRule { .text($0.ruleID) }
        case "rule_version": self = .ofRule { .number(Double($0.ruleVersion)) }
        case "attack_version": self = .ofRule { .text($0.attackVersion) }
        case "analyticstories": self = .ofRule { .texts($0.analyticStories) }
        case "annotations._all": self = .ofRule { .texts(RiskEvent.allAnnotations($0.annotations)) }
        case "annotations._frameworks": self = .ofRule { .texts(RiskEvent.frameworks($0.annotations)) }
        case "risk_object": self = .ofObject { .text($0.riskObject) }
        case "risk_object_type": self = .ofObject { .text($0.riskObjectType) }
        case "normalized_risk_object": self = .ofObject { .text($0.normalizedRiskObject) }
        case "cim_entity_zone": self = .ofObject { $0.entityZone.isEmpty ? .null : .text($0.entityZone) }
        case "calculated_risk_score": self = .number([], \.calculatedRiskScores)
        case "risk_score": self = .number(.scores, \.riskScores)
        case "risk_factor_add": self = .number(.scores, \.riskFactorAdds)
        case "risk_factor_mult": self = .number(.scores, \.riskFactorMults)
        case "risk_factor_add_matched": self = .factors(\.additions)
        case "risk_factor_mult_matched": self = .factors(\.multiplications)
        case "risk_message": self = .message
        case "risk_hash": self = .messageHash
        case "risk_event_id": self = .eventID
        case "firing_id": self = .firingID
        case "threat_object": self = .threats(\.value)
        case "threat_object_type": self = .threats(\.type)
        case let name where name.hasPrefix("annotations."):
            let annotation = String(name.dropFirst("annotations.".count))
            self = .ofRule { .texts($0.annotation(annotation)) }
        case let name where RiskEvent.recordFields.contains(name): return nil
        default: self = .ofRow(name)
        }
    }

    var parts: RiskColumnParts {
        switch self {
        case .time, .constant, .ofRule, .ofObject: []
        case .number(let parts, _): parts
        case .factors: .scores
        case .message, .messageHash: .messages
        case .eventID: .keys
        case .firingID: .firingIDs
        case .threats: .threatObjects
        case .ofRow: .rowFields
        }
    }

    func column(_ columns: RiskColumns, _ dimensions: RiskDimensions) -> Column {
        switch self {
        case .time: Column(numbers: columns.timesMicroseconds.lazy.map { Double($0) / 1_000_000 })
        case .constant(let text): Column(constant: .text(text), rowCount: columns.count)
        case .ofRule(let value):
            Column(codes: columns.rules, bound: dimensions.ruleBound) { dimensions.rule($0).map(value) ?? .null }
        case .ofObject(let value):
            Column(codes: columns.riskObjects, bound: dimensions.riskObjectBound) {
                dimensions.riskObject($0).map(value) ?? .null
            }
        case .number(_, let path): Column(numbers: columns[keyPath: path].lazy.map { $0 })
        case .factors(let path):
            Column(codes: columns.factorIDs, bound: columns.factorLists.count) {
                .texts(columns.factorLists[$0][keyPath: path])
            }
        case .message:
            Column(codes: columns.messageIDs, bound: columns.messages.count) { .text(columns.messages[$0]) }
        case .messageHash:
            Column(codes: columns.messageIDs, bound: columns.messages.count) {
                RiskEvent.riskHash(columns.messages[$0]).map { .text($0) } ?? .null
            }
        case .eventID: Column(columns.keys.map { .text(String($0.prefix(16))) })
        case .firingID: Column(columns.firingIDs.map { .text($0) })
        case .ofRow(let name):
            Column((0..<columns.count).map { Self.value(name, ofRow: $0, columns, dimensions) })
        case .threats(let path):
            Column(codes: columns.threatListIDs, bound: columns.threatLists.count) { list in
                .texts(
                    columns.threatLists[list].compactMap { dimensions.threatObject(Int($0))?[keyPath: path] })
            }
        }
    }
}

extension RiskRowField {
    /// As `RiskEvent.splunkFields` names the fields of the row.
    private static func value(
        _ name: String, ofRow row: Int, _ columns: RiskColumns, _ dimensions: RiskDimensions
    ) -> Value {
        if let field = columns.rowField(name, of: row) { return RiskEvent.value(of: field) }
        guard name.hasPrefix("orig_") else { return .null }
        let own = String(name.dropFirst("orig_".count))
        let annotations = dimensions.rule(Int(columns.rules[row]))?.annotations ?? []
        guard RiskEvent.recordFields.contains(own) || annotations.contains(where: { "annotations.\($0.name)" == own })
        else { return .null }
        return columns.rowField(own, of: row).map { RiskEvent.value(of: $0) } ?? .null
    }
}

extension Value {
    /// A list of texts; null for none.
    fileprivate static func texts(_ texts: [String]) -> Value { .list(texts.map { .text($0) }) }
}

extension Column {
    /// Numbered values: each that occurs is asked for once.
    fileprivate init(codes: [UInt32], bound: Int, _ value: (Int) -> Value) {
        var builder = ColumnBuilder()
        var ids = [UInt32](repeating: .max, count: bound)
        for code in codes {
            let position = Int(code)
            if ids[position] == .max { ids[position] = builder.id(of: value(position)) }
            builder.append(id: ids[position])
        }
        self = builder.finish()
    }

    /// Scores and times: few distinct ones among many rows.
    fileprivate init(numbers: some Sequence<Double>) {
        var builder = ColumnBuilder()
        var ids: [UInt64: UInt32] = [:]
        var last: (bits: UInt64, id: UInt32)?
        for number in numbers {
            let bits = number.bitPattern
            if let last, last.bits == bits {
                builder.append(id: last.id)
                continue
            }
            let id = ids[bits] ?? builder.id(of: .number(number))
            ids[bits] = id
            last = (bits, id)
            builder.append(id: id)
        }
        self = builder.finish()
    }
}
