public import Columns
import Content
public import Formats
public import Ingest
public import RiskIndex
import SPL
public import Search

/// Runs a drilldown of the rule behind a risk event or finding: tokens filled, offsets resolved against the event.
///
/// Source: contentctl's drilldown.py and ESCU 6's rules: offsets are unsigned durations around the event's
/// time. A latest offset of 0 includes the event itself (docs/decisions/0003).
public struct DrilldownJob: Sendable {
    public var number: Int
    /// Logs to read instead of the contributing events that are stored with the firing.
    public var inputs: [InputSpec]
    public var nowMicroseconds: Int64
    public var zone: TimeZoneRules
    public var threadCount: Int

    public init(number: Int, inputs: [InputSpec], nowMicroseconds: Int64, zone: TimeZoneRules, threadCount: Int) {
        self.number = number
        self.inputs = inputs
        self.nowMicroseconds = nowMicroseconds
        self.zone = zone
        self.threadCount = threadCount
    }

    public struct Outcome: Sendable {
        public var name: String
        public var search: String
        public var range: TimeRange
        public var rows: Batch
        public var warnings: [String]
    }

    /// - Parameter id: a risk event's or finding's id, or the start of it.
    /// - Throws: `EngineError`, `IndexError`, or `SearchJob.Failure` for a drilldown that does not run.
    public func run(_ id: String, _ content: LoadedContent, _ index: RiskIndex) throws -> Outcome {
        let event = try riskEvent(id, index)
        guard let detection = content.catalog.detections.first(where: { $0.id == event.ruleID }) else {
            throw EngineError(
                "E354", "rule '\(event.searchName)' is not among the loaded content",
                hint: "add the folder that holds it with --content")
        }
        guard detection.drilldowns.indices.contains(number - 1) else {
            throw EngineError(
                "E355", "rule '\(detection.name)' has \(detection.drilldowns.count) drilldowns, no number \(number)",
                hint: detection.drilldowns.enumerated().map { "\($0 + 1): \($1.name)" }.joined(separator: "\n      "))
        }
        let drilldown = detection.drilldowns[number - 1]
        let tokens = DrilldownTokens(event)
        let text = tokens.fillSearch(drilldown.search(of: detection.search))
        let range = TimeRange(
            earliest: try offset(drilldown.earliestOffset, event, isLatest: false),
            latest: try offset(drilldown.latestOffset, event, isLatest: true))
        var job = SearchJob(
            text: text, inputs: inputs, range: range, nowMicroseconds: event.searchTimeMicroseconds, zone: zone,
            threadCount: threadCount)
        var warnings: [String] = []
        let search = try job.compile(content)
        let outcome: SearchJob.Outcome
        if search.searchesOfTree.contains(where: \.readsEvents), inputs.isEmpty {
            let (events, missing) = try contributingEvents(event, index)
            if missing > 0 {
                warnings.append(
                    "\(missing) of the contributing events are not stored; give --input to read them from the logs")
            }
            outcome = try StoredEventSearch(content: content, job: job).run(search, over: events) { index }
        } else {
            job.inputs = inputs
            outcome = try job.run(content) { index }
        }
        return Outcome(
            name: tokens.fillText(drilldown.name), search: text, range: range, rows: outcome.rows,
            warnings: warnings + outcome.warnings.map { "warning[\($0.code)]: \($0.message)" })
    }

    /// A finding stands for its newest risk event: the drilldowns are those of the rule that put it over the line.
    private func riskEvent(_ id: String, _ index: RiskIndex) throws -> RiskEvent {
        if let event = try index.riskEvent(idPrefix: id) { return event }
        if let finding = try index.finding(idPrefix: id), let event = try index.riskEvents(findingKey: finding.key).last
        {
            return event
        }
        throw EngineError(
            "E356", "no risk event or finding has the id '\(id)'",
            hint: "ids stand in `accrue findings`, `accrue entity NAME` and `accrue search 'index=risk'`")
    }

    private func offset(_ text: String?, _ event: RiskEvent, isLatest: Bool) throws -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        switch text {
        case "$info_min_time$": return event.windowStartMicroseconds
        case "$info_max_time$": return event.windowEndMicroseconds
        default: break
        }
        let time = event.timeMicroseconds
        if let first = text.utf8.first, first >= 0x30, first <= 0x39, text.utf8.count < 9 {
            if text.utf8.allSatisfy({ $0 == 0x30 }) { return isLatest ? time + 1 : time }
            if let relative = try? RelativeTime.parse((isLatest ? "+" : "-") + text) {
                return relative.resolve(now: time, zone: zone)
            }
        }
        do {
            return try RelativeTime.parse(text).resolve(now: time, zone: zone)
        } catch {
            throw EngineError(
                "E357", "drilldown offset '\(text)' cannot be read: \(error.message)",
                hint: "write a duration such as 7d, $info_min_time$, a time modifier or epoch seconds")
        }
    }

    /// The stored events of all firings of the rule in the same window: the search that ran saw them all.
    private func contributingEvents(_ event: RiskEvent, _ index: RiskIndex) throws -> ([StoredEvent], missing: Int) {
        // A risk event's time is that of its row, of the run, or of an event of the window: never outside of these.
        let end = event.windowEndMicroseconds.map { max($0, event.searchTimeMicroseconds) + 1 }
        let siblings = try index.riskEvents(
            RiskEventQuery(
                startMicroseconds: event.windowStartMicroseconds, endMicroseconds: end,
                searchNames: [event.searchName])
        ).filter {
            $0.windowStartMicroseconds == event.windowStartMicroseconds
                && $0.windowEndMicroseconds == event.windowEndMicroseconds
        }
        var counts: [String: Int] = [:]
        for sibling in siblings + [event] { counts[sibling.firingKey] = sibling.contributingEventCount }
        var events: [String: StoredEvent] = [:]
        var missing = 0
        for key in counts.keys.sorted() {
            let stored = try index.storedEvents(firingKey: key)
            missing += max(0, counts[key]! - stored.count)
            for event in stored { events[event.key] = event }
        }
        return (events.keys.sorted().map { events[$0]! }, missing)
    }
}
