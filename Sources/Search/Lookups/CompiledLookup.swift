public import Columns

/// A lookup with the fields it reads and writes: the `lookup` command's, or an automatic one's.
public struct CompiledLookup: Sendable {
    /// Column of the table, field of the event.
    public struct Pair: Hashable, Sendable {
        public var column: String
        public var field: String

        public init(column: String, field: String) {
            self.column = column
            self.field = field
        }
    }

    /// What the reader of the result should know.
    public struct Findings: Hashable, Sendable {
        /// Some key matches more rows than the default limit lets through.
        public var isCut = false
        /// Some row has too many combinations of multivalue inputs; it was not looked up.
        public var hasTooManyCombinations = false
    }

    private enum Source: Sendable {
        /// The output columns, in order.
        case table(LookupTable, [Column])
        case script(ScriptedLookup, [Int])
    }

    public let inputs: [Pair]
    public let outputs: [Pair]
    /// OUTPUTNEW: nothing is written for a row that has any of the output fields.
    public let keepsExisting: Bool
    /// OUTPUTNEW of an automatic lookup: each output field by itself keeps what it has.
    /// Source: Splunk Admin Manual 9.3, props.conf, LOOKUP-.
    public var keepsFieldsApart = false
    private let transform: LookupTransform
    private let source: Source

    /// At most this many combinations of a multivalue input's values are looked up for one row.
    private static let maximumCombinations = 10_000

    init(
        _ table: LookupTable, inputs: [Pair], outputs: [Pair]?, keepsExisting: Bool
    ) throws(MissingLookupColumn) {
        let outputs = outputs ?? Self.others(table.rows.names, inputs)
        var columns: [Column] = []
        for output in outputs {
            guard let column = table.rows.column(output.column) else {
                throw MissingLookupColumn(name: output.column)
            }
            columns.append(column)
        }
        transform = table.transform
        source = .table(table, columns)
        self.inputs = inputs
        self.outputs = outputs
        self.keepsExisting = keepsExisting
    }

    init(
        _ script: ScriptedLookup, _ transform: LookupTransform, inputs: [Pair], outputs: [Pair]?, keepsExisting: Bool
    ) throws(MissingLookupColumn) {
        let outputs = outputs ?? Self.others(script.inputs + script.outputs, inputs)
        for name in script.inputs where !inputs.contains(where: { $0.column == name }) {
            throw MissingLookupColumn(name: name)
        }
        var positions: [Int] = []
        for output in outputs {
            guard let position = script.outputs.firstIndex(of: output.column) else {
                throw MissingLookupColumn(name: output.column)
            }
            positions.append(position)
        }
        for input in inputs where !script.inputs.contains(input.column) {
            throw MissingLookupColumn(name: input.column)
        }
        self.transform = transform
        source = .script(script, positions)
        self.inputs = script.inputs.compactMap { name in inputs.first { $0.column == name } }
        self.outputs = outputs
        self.keepsExisting = keepsExisting
    }

    /// Over the content's own table.
    ///
    /// - Parameter outputs: nil for all columns that are not matched.
    public init(
        _ transform: LookupTransform, file: LookupFile, inputs: [Pair], outputs: [Pair]?, keepsExisting: Bool
    ) throws(MissingLookupColumn) {
        try self.init(
            file.table(transform, inputs: inputs.map(\.column)), inputs: inputs, outputs: outputs,
            keepsExisting: keepsExisting)
    }

    /// Without a clause all columns that are no match columns are written, under their own names.
    static func others(_ names: [String], _ inputs: [Pair]) -> [Pair] {
        names.filter { name in name != "_key" && !inputs.contains { $0.column == name } }.map {
            Pair(column: $0, field: $0)
        }
    }

    /// The fields that it reads.
    public var neededFields: [String] {
        inputs.map(\.field) + (transform.time == nil ? [] : ["_time"]) + (keepsExisting ? outputs.map(\.field) : [])
    }

    /// Each distinct tuple of input values is looked up once. A row that lacks an input field is left as it is; so is
    /// one that matches nothing, unless the lookup has a default.
    ///
    /// - Parameter defaultLimit: rows for one key where the lookup itself says nothing.
    @discardableResult
    public func apply(to batch: inout Batch, defaultLimit: Int = SearchLimits().lookupMatches) -> Findings {
        var findings = Findings()
        let columns = inputs.map { batch.column($0.field) ?? .nulls(rowCount: batch.rowCount) }
        let time = transform.time == nil ? nil : batch.column("_time") ?? .nulls(rowCount: batch.rowCount)
        let groups = RowGroups(columns + (time.map { [$0] } ?? []), rowCount: batch.rowCount)
        let limit = transform.maximumMatches ?? (transform.time == nil ? defaultLimit : 1)
        let found = groups.firstRows.map { row in
            values(for: columns.map { $0[row] }, time: time?[row].numeric, limit: limit, &findings)
        }
        let before = outputs.map { batch.column($0.field) }
        let kept = keepsExisting && !keepsFieldsApart ? rows(withAny: before, rowCount: batch.rowCount) : nil
        for (index, output) in outputs.enumerated() {
            // A value is hashed once a group; rows only copy ids.
            var dictionary = before[index]?.values ?? [.null]
            var known: [Value: UInt32] = [:]
            let ids = found.map { values -> UInt32 in
                guard let value = values?[index], !value.isNull else { return 0 }
                if let id = known[value] { return id }
                dictionary.append(value)
                known[value] = UInt32(dictionary.count - 1)
                return UInt32(dictionary.count - 1)
            }
            let rows = (0..<batch.rowCount).map { row -> UInt32 in
                let group = Int(groups.groupOfRow[row])
                if keepsExisting, let old = before[index]?.ids[row], before[index]?.values[Int(old)].isNull == false {
                    return old
                }
                return found[group] != nil && kept?[row] != true ? ids[group] : before[index]?.ids[row] ?? 0
            }
            batch.set(output.field, Column(ids: rows, values: dictionary))
        }
        return findings
    }

    /// What the lookup has for one row's values, output by output; nil when nothing matches.
    func found(_ values: [Value]) -> [Value]? {
        var findings = Findings()
        let limit = transform.maximumMatches ?? SearchLimits().lookupMatches
        return self.values(for: values, time: nil, limit: limit, &findings)
    }

    private func rows(withAny columns: [Column?], rowCount: Int) -> [Bool] {
        let columns = columns.compactMap { $0 }
        return (0..<rowCount).map { row in columns.contains { !$0[row].isNull } }
    }

    /// The values of a multivalue input are looked up one by one, and what they give is put together.
    private func values(
        for inputs: [Value], time: Double?, limit: Int, _ findings: inout Findings
    ) -> [Value]? {
        var keys: [[Text]] = [[]]
        for input in inputs {
            let texts = input.elements.compactMap(\.printed)
            if texts.isEmpty { return nil }
            guard keys.count * texts.count <= Self.maximumCombinations else {
                findings.hasTooManyCombinations = true
                return nil
            }
            keys = keys.flatMap { key in texts.map { key + [$0] } }
        }
        var parts: [[Value]] = []
        for key in keys {
            if let found = values(for: key, time: time, limit: limit, &findings) { parts.append(found) }
        }
        if parts.isEmpty { return nil }
        return parts.count == 1 ? parts[0] : outputs.indices.map { index in .list(parts.map { $0[index] }) }
    }

    private func values(
        for key: [Text], time: Double?, limit: Int, _ findings: inout Findings
    ) -> [Value]? {
        switch source {
        case .script(let script, let positions):
            let values = script.body(key)
            return positions.map { values[$0] }
        case .table(let table, let columns):
            let (rows, isCut) = table.match(key, time: time, limit: limit)
            if isCut, transform.maximumMatches == nil, transform.time == nil { findings.isCut = true }
            let missing = max(0, transform.minimumMatches - rows.count)
            if rows.isEmpty, missing == 0 { return nil }
            let filler = [Value](repeating: .text(transform.defaultMatch), count: missing)
            return columns.map { column in .list(rows.map { column[$0] } + filler) }
        }
    }
}
