public import Columns
public import Content
import Formats
public import RiskIndex

/// Turns the result rows of one detection into risk events: one per row and entity value.
public struct RiskEventBuilder: Sendable {
    private let detection: Detection
    private let rowKey: [String]?
    private let annotations: [Annotation]
    private let scoring: RiskScoring
    private let names: RowEntities
    private let messages: [MessageTemplate]

    /// - Parameter rowKey: the fields that identify a row within one window; nil for the whole row.
    public init(_ detection: Detection, rowKey: [String]?, scoring: RiskScoring) {
        self.detection = detection
        self.rowKey = rowKey
        self.scoring = scoring
        names = RowEntities(scoring.resolver)
        annotations = RiskAnnotations.make(for: detection, matrix: scoring.matrix)
        messages = detection.entities.map { MessageTemplate($0.message) }
    }

    /// What one run's rows became.
    public struct Outcome: Sendable {
        public var firings: [BuiltFiring] = []
        /// Rows and entity rules whose field was null, or named nobody (`-`): risk that nobody sees, by field name.
        public var lostByField: [String: Int] = [:]
        /// Events for which a factor could not be decided, by its name.
        public var undecidedFactors: [String: Int] = [:]
        /// Tokens of messages that no row filled, by field name.
        public var missingTokens: Set<String> = []

        public init() {}
    }

    /// A result row's events, with the indices of the log events behind it.
    public struct BuiltFiring: Sendable {
        public var key: String
        public var events: [RiskEvent]
        public var origins: [UInt32]
    }

    /// - Parameter timeOfOrigin: UTC microseconds of a contributing event, by its index in `batch.origins`.
    public func build(
        _ batch: Batch, run: DetectionRun, timeOfOrigin: (UInt32) -> Int64?
    ) -> Outcome {
        var outcome = Outcome()
        for row in 0..<batch.rowCount {
            let origins = batch.origins?[row] ?? []
            let key = FiringKey.make(ruleID: detection.id, run: run, row: row, of: batch, rowKey: rowKey)
            let time = eventTime(batch, row, run, origins, timeOfOrigin)
            var events: [RiskEvent] = []
            for (rule, message) in zip(detection.entities, messages) {
                let entities = entities(rule, batch, row)
                if entities.isEmpty { outcome.lostByField[rule.field, default: 0] += 1 }
                for (value, entity) in entities {
                    let text = message.filled(missing: &outcome.missingTokens) { name in
                        name == rule.field ? value : batch.printedText(name, row)
                    }
                    var event = event(
                        rule, value, entity, text, key: key, time: time, run: run, batch, row, origins.count)
                    for factor in event.apply(scoring) { outcome.undecidedFactors[factor.name, default: 0] += 1 }
                    events.append(event)
                }
            }
            if !events.isEmpty { outcome.firings.append(BuiltFiring(key: key, events: events, origins: origins)) }
        }
        return outcome
    }

    /// Whether the row makes any risk event; if not, all of its risk is lost.
    func namesEntity(_ batch: Batch, _ row: Int) -> Bool {
        detection.entities.contains { !entities($0, batch, row).isEmpty }
    }

    /// The row's own `_time` where it has one; else the time of the scheduled run; else, for a run over everything,
    /// the newest event behind the row. Source: docs/decisions/0003.
    public func eventTime(
        _ batch: Batch, _ row: Int, _ run: DetectionRun, _ origins: [UInt32], _ timeOfOrigin: (UInt32) -> Int64?
    ) -> Int64 {
        if let seconds = batch["_time", row].numeric, abs(seconds) < 1e11 {
            return Int64((seconds * 1_000_000).rounded())
        }
        if let tick = run.tickMicroseconds { return tick }
        return origins.compactMap(timeOfOrigin).max() ?? run.nowMicroseconds
    }

    private func entities(
        _ rule: EntityRule, _ batch: Batch, _ row: Int
    ) -> [(value: String, subject: RowEntities.Subject)] {
        names.entities(rule.field, type: rule.type, batch, row)
    }

    private func event(
        _ rule: EntityRule, _ object: String, _ subject: RowEntities.Subject, _ message: String, key: String,
        time: Int64,
        run: DetectionRun, _ batch: Batch, _ row: Int, _ originCount: Int
    ) -> RiskEvent {
        let identity = [key, rule.field, rule.type, object, rule.isFinding ? "finding" : "intermediate"]
        var event = RiskEvent(
            key: SHA256.hexDigest(Array(identity.map { "\($0.utf8.count):\($0)" }.joined().utf8)),
            firingKey: key, timeMicroseconds: time, windowStartMicroseconds: run.windowStartMicroseconds,
            windowEndMicroseconds: run.windowEndMicroseconds,
            searchTimeMicroseconds: run.tickMicroseconds ?? run.nowMicroseconds, searchName: detection.searchName,
            ruleID: detection.id, ruleVersion: detection.version, entityField: rule.field, riskObject: object,
            riskObjectType: rule.type, normalizedRiskObject: subject.entity.normalizedRiskObject,
            riskScore: rule.score, calculatedRiskScore: rule.score, riskMessage: message,
            threatObjects: threatObjects(batch, row), analyticStories: detection.analyticStories,
            annotations: annotations, attackVersion: scoring.matrix.version, contributingEventCount: originCount,
            fields: batch.resultFields(row, leavingOut: ["_time", "_raw"]))
        // As the row has them, so that the name can be resolved again by other lists.
        event.entityZone = subject.zone ?? ""
        event.entityHost = subject.entity.dependsOnHost ? subject.host ?? "" : ""
        event.normalizationReason = subject.entity.provenance.description
        return event
    }

    private func threatObjects(_ batch: Batch, _ row: Int) -> [ThreatObject] {
        var seen: Set<ThreatObject> = []
        var objects: [ThreatObject] = []
        for rule in detection.threatObjects {
            for value in batch[rule.field, row].elements {
                guard let text = value.printed?.string, !text.isEmpty else { continue }
                let object = ThreatObject(value: text, type: rule.type)
                if seen.insert(object).inserted { objects.append(object) }
            }
        }
        return objects
    }
}
