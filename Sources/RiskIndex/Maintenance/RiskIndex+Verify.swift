import GRDB

extension RiskIndex {
    /// Checks the whole index in one snapshot: minutes for gigabytes.
    ///
    /// - Returns: one result a check, in their order.
    /// - Throws: only what keeps it from looking at all; damage is in the results.
    public func verify() throws(IndexError) -> [IndexCheckResult] {
        try Self.verified(path: path) { body in try reading { database in body(database) } }
    }

    /// A transaction that met damage may fail at its end, with nothing wrong in what it found.
    static func verified(
        path: String, _ reading: ((Database) -> Void) throws -> Void
    ) throws(IndexError) -> [IndexCheckResult] {
        var results: [IndexCheckResult]?
        do { try reading { results = IndexVerification($0).run() } } catch {
            guard results != nil else { throw IndexError(error, path: path) }
        }
        return results ?? []
    }
}

/// One pass of all checks over one database.
struct IndexVerification {
    let database: Database

    init(_ database: Database) { self.database = database }

    func run() -> [IndexCheckResult] {
        let groups: [(checks: [IndexCheck], body: (inout [IndexCheckResult]) throws -> Void)] = [
            ([.integrity], integrity), ([.foreignKeys], foreignKeys),
            ([.keyOrder, .messageHash, .calculatedScore, .eventLists], riskEvents), ([.ruleLists], ruleLists),
            ([.findingLists], findingLists), ([.runLists], runLists), ([.findingEvents], findingEvents),
            ([.findingState], findingState), ([.foldedNames], foldedNames), ([.orphans], orphans),
        ]
        return groups.flatMap { checks, body in
            var results = checks.map(IndexCheckResult.init)
            do { try body(&results) } catch {
                for position in results.indices { results[position].add("cannot be read on: \(error)") }
            }
            return results
        }
    }

    private func integrity(_ results: inout [IndexCheckResult]) throws {
        for line in try String.fetchAll(database, sql: "PRAGMA integrity_check(1000)") where line != "ok" {
            results[0].add(line)
        }
    }

    private func foreignKeys(_ results: inout [IndexCheckResult]) throws {
        let rows = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
        while let row = try rows.next() {
            let number = (row[1] as Int64?).map { " \($0)" } ?? ""
            results[0].add("\(row[0] as String)\(number) refers to a missing \(row[2] as String)")
        }
    }

    private func riskEvents(_ results: inout [IndexCheckResult]) throws {
        let rows = try RawStatement(
            database,
            """
            SELECT key, key_order, risk_message, message_hash, risk_score, risk_factor_add, risk_factor_mult,
                calculated_risk_score, risk_factors, fields FROM risk_record
            """)
        while try rows.step() {
            var key: String { "risk event \(rows.string(0).prefix(16))" }
            if KeyOrder.of(rows.text(0)) != rows.integer(1) { results[0].add("\(key): \(rows.integer(1))") }
            if MessageHash.ofStored(rows.text(2)) != rows.integer(3) { results[1].add("\(key): \(rows.integer(3))") }
            let (score, add, mult, calculated) = (rows.double(4), rows.double(5), rows.double(6), rows.double(7))
            if !RiskArithmetic.holds(score: score, add: add, mult: mult, calculated: calculated) {
                results[2].add("\(key): (\(score) + \(add)) x \(mult) is not \(calculated)")
            }
            if !Self.isLists(rows.text(8), minimumLength: 0, count: 2) { results[3].add("\(key): risk_factors") }
            if !Self.isLists(rows.text(9), minimumLength: 2) {
                results[3].add("\(key): fields")
            }
        }
    }

    private func ruleLists(_ results: inout [IndexCheckResult]) throws {
        let rows = try RawStatement(database, "SELECT search_name, analyticstories, annotations FROM rule")
        while try rows.step() {
            if !Self.isList(rows.text(1)) { results[0].add("rule '\(rows.string(0))': analyticstories") }
            if !Self.isLists(rows.text(2), minimumLength: 1) {
                results[0].add("rule '\(rows.string(0))': annotations")
            }
        }
    }

    private func findingLists(_ results: inout [IndexCheckResult]) throws {
        let findings = try RawStatement(database, "SELECT key, all_risk_objects, fields FROM finding")
        while try findings.step() {
            let key = findings.string(0).prefix(12)
            if !Self.isList(findings.text(1)) { results[0].add("finding \(key): all_risk_objects") }
            if !Self.isLists(findings.text(2), minimumLength: 2) {
                results[0].add("finding \(key): fields")
            }
        }
        let changes = try RawStatement(
            database,
            """
            SELECT finding.key, position, sources, tactics, threat_objects
            FROM finding_change JOIN finding ON finding.id = finding_id
            """)
        while try changes.step() {
            var place: String { "finding \(changes.string(0).prefix(12)), change \(changes.integer(1))" }
            if !Self.isList(changes.text(2)) { results[0].add("\(place): sources") }
            if !Self.isList(changes.text(3)) { results[0].add("\(place): tactics") }
            if !Self.isLists(changes.text(4), minimumLength: 2, maximumLength: 2) {
                results[0].add("\(place): threat_objects")
            }
        }
    }

    private func runLists(_ results: inout [IndexCheckResult]) throws {
        let rows = try RawStatement(
            database, "SELECT run.key, search_name, lost FROM run_rule JOIN run ON run.id = run_id")
        while try rows.step() {
            if !Self.isLists(rows.text(2), minimumLength: 2, maximumLength: 2) {
                results[0].add("run \(rows.string(0).prefix(12)), rule '\(rows.string(1))': lost")
            }
        }
    }

    private static func isList(_ json: UnsafeRawBufferPointer) -> Bool {
        ListText.isList(json) || StringListJSON.decodeList(String(decoding: json, as: UTF8.self)) != nil
    }

    /// - Parameter minimumLength: of each inner list.
    private static func isLists(
        _ json: UnsafeRawBufferPointer, minimumLength: Int, count: Int? = nil, maximumLength: Int = .max
    ) -> Bool {
        if ListText.isLists(json, minimumLength: minimumLength, maximumLength: maximumLength, count: count) {
            return true
        }
        guard let lists = StringListJSON.decodeLists(String(decoding: json, as: UTF8.self)) else { return false }
        return count ?? lists.count == lists.count
            && lists.allSatisfy { $0.count >= minimumLength && $0.count <= maximumLength }
    }
}
