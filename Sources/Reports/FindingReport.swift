import Columns
public import Engine
public import Formats
public import Risk
public import RiskIndex

/// One finding: what it says, what became of it, what analysts said, and which findings tell of the same.
public struct FindingReport: Sendable {
    public let life: FindingLife
    public let reviews: [FindingReview]
    public let twins: [FindingTwin]
    public let explanation: EntityExplanation?
    let zone: TimeZoneRules

    /// - Parameters:
    ///   - reviews: of this finding, in their order.
    ///   - explanation: when it is asked for.
    public init(
        _ life: FindingLife, reviews: [FindingReview], twins: [FindingTwin], explanation: EntityExplanation? = nil,
        zone: TimeZoneRules
    ) {
        self.life = life
        self.reviews = reviews
        self.twins = twins
        self.explanation = explanation
        self.zone = zone
    }

    public var standing: FindingStanding { FindingStanding(reviews) }

    // MARK: Records

    /// The finding, its changes, reviews and twins, and the lines of the ledger, each with its `kind`.
    public var rows: [[ResultField]] {
        var rows = [FindingReport.row("finding", life.finding.splunkFields(standing))]
        rows += life.changes.map { FindingReport.row("change", FindingReport.fields($0)) }
        rows += reviews.map { FindingReport.row("review", FindingReport.fields($0)) }
        rows += twins.map { FindingReport.row("twin", FindingReport.fields($0)) }
        rows += explanation?.lines.map { FindingReport.row("risk_event", FindingReport.fields($0)) } ?? []
        return rows
    }

    /// One object: the finding's fields, and a member each for changes, reviews, twins and the explanation.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        for field in ResultField.row(life.finding.splunkFields(standing)) { RowWriter.append(field, to: &writer) }
        func list(_ name: String, _ rows: [[(name: String, value: Value)]]) {
            writer.key(name)
            writer.beginArray()
            for row in rows { RowWriter.append(ResultField.row(row), to: &writer) }
            writer.endArray()
        }
        list("changes", life.changes.map(FindingReport.fields))
        list("reviews", reviews.map(FindingReport.fields))
        list("twins", twins.map(FindingReport.fields))
        if let explanation {
            writer.key("explanation")
            explanation.append(to: &writer)
        }
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func row(_ kind: String, _ fields: [(name: String, value: Value)]) -> [ResultField] {
        ResultField.row([("kind", .text(kind))] + fields)
    }

    private static func seconds(_ microseconds: Int64) -> Value { .number(Double(microseconds) / 1_000_000) }

    private static func fields(_ change: FindingChange) -> [(name: String, value: Value)] {
        [
            ("_time", seconds(change.timeMicroseconds)), ("last_time", seconds(change.lastTimeMicroseconds)),
            ("run_count", .number(Double(change.runCount))), ("state", .text(change.state.rawValue)),
            ("reason_code", .text(change.reasonCode)), ("reason", .text(change.reason)),
            ("risk_score", .number(change.riskScore)), ("raw_risk_score", .number(change.rawRiskScore)),
            ("counted_risk_score", .number(change.countedRiskScore)),
            ("risk_event_count", .number(Double(change.riskEventCount))), ("severity", .text(change.severity)),
            ("info_min_time", seconds(change.windowStartMicroseconds)),
            ("info_max_time", seconds(change.windowEndMicroseconds)),
        ]
    }

    private static func fields(_ review: FindingReview) -> [(name: String, value: Value)] {
        let parts: [(String, Value)] = [
            ("_time", seconds(review.timeMicroseconds)), ("author", .text(review.author)),
            ("status", review.status.map { .text($0) } ?? .null), ("owner", review.owner.map { .text($0) } ?? .null),
            ("disposition", review.disposition.map { .text($0) } ?? .null),
            ("note", review.note.map { .text($0) } ?? .null),
        ]
        return parts.filter { !$0.1.isNull }.map { (name: $0.0, value: $0.1) }
    }

    private static func fields(_ twin: FindingTwin) -> [(name: String, value: Value)] {
        [
            ("_time", seconds(twin.timeMicroseconds)), ("finding_id", .text(twin.id)),
            ("search_name", .text(twin.searchName)), ("normalized_risk_object", .text(twin.normalizedRiskObject)),
            ("risk_object_type", .text(twin.riskObjectType)), ("risk_score", .number(twin.riskScore)),
            ("state", .text(twin.state.rawValue)), ("risk_event_count", .number(Double(twin.riskEventCount))),
            ("shared_event_count", .number(Double(twin.sharedEventCount))),
            ("shared_firing_count", .number(Double(twin.sharedFiringCount))),
        ]
    }

    private static func fields(_ line: EntityExplanation.Line) -> [(name: String, value: Value)] {
        let membership = line.membership
        let parts: [(String, Value)] = [
            ("_time", seconds(line.event.timeMicroseconds)), ("risk_event_id", .text(line.riskEventID)),
            ("step", membership.map { .text($0.step?.state.rawValue ?? "late") } ?? .null),
            ("step_time", membership?.step.map { seconds($0.timeMicroseconds) } ?? .null),
            ("search_name", .text(line.searchName)), ("risk_object", .text(line.riskObject)),
            ("risk_score", .number(line.event.riskScore)),
            ("risk_factor_add", .number(line.event.factorAdd)),
            ("risk_factor_mult", .number(line.event.factorMultiply)),
            ("risk_factor_add_matched", .list(line.additions.map { .text($0) })),
            ("risk_factor_mult_matched", .list(line.multiplications.map { .text($0) })),
            ("calculated_risk_score", .number(line.event.calculatedRiskScore)),
            ("counted_risk_score", .number(line.counted)),
            ("counted_at_last_step", membership?.countedAtLastStep.map { .number($0) } ?? .null),
            ("reasons", .list(line.reasons.map { .text($0) })),
            ("suppression_id", line.suppressionID.map { .text($0) } ?? .null),
            ("running_sum", .number(line.runningRaw)), ("running_counted", .number(line.runningCounted)),
            ("risk_message", .text(line.riskMessage)),
        ]
        return parts.filter { !$0.1.isNull }.map { (name: $0.0, value: $0.1) }
    }
}
