import GRDB

extension IndexVerification {
    func findingEvents(_ results: inout [IndexCheckResult]) throws {
        let missing = try RawStatement(
            database,
            """
            SELECT finding.key, position FROM finding_risk_event JOIN finding ON finding.id = finding_id
            WHERE NOT EXISTS (SELECT 1 FROM risk_record WHERE risk_record.id = risk_event_id)
            """)
        while try missing.step() {
            results[0].add("finding \(missing.string(0).prefix(12)): risk event \(missing.integer(1)) is missing")
        }
        let gaps = try RawStatement(
            database,
            """
            SELECT finding.key, count(*), max(position) FROM finding_risk_event JOIN finding ON finding.id = finding_id
            GROUP BY finding_id HAVING count(*) <> max(position) + 1
            """)
        while try gaps.step() {
            let text = "\(gaps.integer(1)) risk events in \(gaps.integer(2) + 1) places"
            results[0].add("finding \(gaps.string(0).prefix(12)): \(text)")
        }
    }

    func findingState(_ results: inout [IndexCheckResult]) throws {
        let rows = try RawStatement(
            database,
            """
            SELECT key, finding.state, finding_change.state FROM finding
            JOIN finding_change ON finding_id = finding.id
            WHERE position = (SELECT max(position) FROM finding_change WHERE finding_id = finding.id)
                AND finding_change.state <> finding.state
            """)
        while try rows.step() {
            let text = "state '\(rows.string(1))', last change '\(rows.string(2))'"
            results[0].add("finding \(rows.string(0).prefix(12)): \(text)")
        }
    }

    func foldedNames(_ results: inout [IndexCheckResult]) throws {
        for (table, column) in [
            ("entity", "normalized_risk_object"), ("risk_object", "risk_object"), ("threat_object", "value"),
            ("finding", "normalized_risk_object"), ("suppression", "value"),
        ] {
            let rows = try RawStatement(database, "SELECT \(column), \(column)_folded FROM \(table)")
            while try rows.step() {
                let folded = StoredText.folded(rows.text(0))
                if !folded.utf8.elementsEqual(rows.text(1)) { results[0].add("\(table) '\(rows.string(0))'") }
            }
        }
    }

    func orphans(_ results: inout [IndexCheckResult]) throws {
        for table in SharedTable.all {
            let rows = try RawStatement(database, "SELECT id FROM \(table.name) WHERE \(table.isOrphan)")
            while try rows.step() { results[0].add("\(table.name) \(rows.integer(0))") }
        }
    }
}
