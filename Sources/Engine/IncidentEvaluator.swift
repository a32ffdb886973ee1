import Columns
import Content
import Formats
import Risk
import RiskIndex
import SPL
import Search

/// One incident rule over the stored risk events: its rows in any window, and the history of any entity.
///
/// Events are read once and cut per window: windows of a day overlap for 23 hours.
struct IncidentEvaluator {
    let rule: IncidentRule
    let replay: Replay
    private let search: CompiledSearch
    private let isPlain: Bool
    private let request: StoredRequest
    private let index: RiskIndex
    private let profile: ScoringProfile
    private let suppressions: SuppressionSet
    private let adjustments: Adjustments
    private let edits: RiskEdits
    private let context: @Sendable (IncidentWindow) -> ExecutionContext
    /// Of a Correlation detection.
    private let correlation: CorrelationRows?
    /// What the rows of all windows so far came to, of a Correlation.
    private(set) var tally = RowTally()

    private var columns = RiskColumns()
    private var dimensions: RiskDimensions?
    private var rows = Batch()
    private var range: Range<Int64> = 0..<0
    /// The last window that was looked at: most windows of sparse events hold the same ones as the window before.
    private var last: (events: Range<Int>, suppressions: [Int], found: Found)?
    private var masks: [[Int]: SuppressionMask] = [:]
    private var histories: [EntityIdentity: EntityHistory] = [:]
    private var historySuppressions: [Int] = []

    private struct Found {
        var incidents: [IncidentRow]
        var tally = RowTally()
    }

    /// - Parameter resolver: needed for a Correlation only.
    /// - Throws: `RuleProblem` for a search that cannot run, E352 for one that does not read the risk index.
    init(
        _ rule: IncidentRule, profile: ScoringProfile, environment: SearchEnvironment, index: RiskIndex,
        edits: RiskEdits, resolver: EntityResolver?, context: @escaping @Sendable (IncidentWindow) -> ExecutionContext
    ) throws {
        search = try rule.ruleSearch.compile(environment).search
        guard case .stored(let request) = search.source else {
            throw Diagnostic(
                "E352", "incident rule does not read the risk index", hint: "start with | from datamodel Risk.All_Risk")
        }
        self.rule = rule
        isPlain = environment.isPlain
        self.request = request
        self.profile = profile
        self.index = index
        self.edits = edits
        self.context = context
        replay = try Replay(
            cron: rule.schedule.cron, earliest: rule.schedule.earliest, latest: rule.schedule.latest,
            zone: environment.zone)
        suppressions = SuppressionSet(try index.suppressions())
        adjustments = try index.adjustments()
        let rowKey = search.rowKey
        correlation = resolver.flatMap { CorrelationRows(rule, rowKey: rowKey, resolver: $0) }
    }

    /// What the search reads when it runs once.
    func range(nowMicroseconds: Int64, zone: TimeZoneRules, outer: TimeRange) -> TimeRange {
        search.times.range(nowMicroseconds: nowMicroseconds, zone: zone, outer: outer)
    }

    /// Reads the events of a range that holds all windows to come.
    mutating func load(_ range: Range<Int64>) throws {
        self.range = range
        let query = RiskEventQuery(
            startMicroseconds: range.lowerBound, endMicroseconds: range.upperBound,
            normalizedRiskObjects: request.normalizedRiskObjects, riskObjects: request.riskObjects)
        var parts = RiskRows.parts(for: search.needed) ?? []
        if !suppressions.isEmpty { parts.formUnion(.threatObjects) }
        columns = try index.riskColumns(query, edits.parts(for: parts))
        let dimensions = try index.riskDimensions()
        edits.apply(to: &columns, dimensions)
        self.dimensions = dimensions
        if RiskRows.parts(for: search.needed) != nil {
            rows = RiskRows.batch(columns, dimensions, needed: search.needed)
        } else {
            var builder = RecordRows(needed: search.needed)
            try index.forEachRiskEvent(query, batchSize: 1_000) { batch in
                for var event in batch where edits.apply(to: &event) {
                    builder.append(event.splunkFields(of: search.needed))
                }
            }
            rows = builder.finish()
        }
        last = nil
        masks = [:]
        histories = [:]
    }

    /// The entities for which the rule holds in a window.
    mutating func incidents(in window: IncidentWindow) throws -> [IncidentRow] {
        let first = columns.timesMicroseconds.firstIndex(atOrAfter: window.startMicroseconds)
        let end = columns.timesMicroseconds.firstIndex(atOrAfter: window.endMicroseconds)
        let readsOthers = correlation != nil && request.indexes != ["risk"]
        guard first < end || readsOthers else { return [] }
        let active = suppressions.active(at: window.tickMicroseconds)
        if let last, last.events == first..<end, last.suppressions == active, !search.readsClock, !readsOthers, !isPlain
        {
            tally.add(last.found.tally)
            return last.found.incidents
        }
        let input =
            readsOthers
            ? try StoredSource(index: index).rows(
                request, needed: search.needed,
                range: TimeRange(earliest: window.startMicroseconds, latest: window.endMicroseconds))
            : rows.gathered(newestFirst(first..<end, active))
        var context = context(window)
        let result = try search.run([input], &context)
        var found = try found(result, first..<end, window)
        found.tally.warnings = context.warnings
        last = (first..<end, active, found)
        tally.add(found.tally)
        return found.incidents
    }

    private mutating func newestFirst(_ events: Range<Int>, _ active: [Int]) -> [Int] {
        var newestFirst = Array(events.reversed())
        if !active.isEmpty, let dimensions {
            let mask = masks[active] ?? suppressions.mask(active, columns, dimensions)
            masks[active] = mask
            newestFirst.removeAll { mask.silences($0, of: columns) }
        }
        return newestFirst
    }

    private mutating func found(
        _ result: Batch, _ events: Range<Int>, _ window: IncidentWindow
    ) throws -> Found {
        guard let correlation else {
            return Found(incidents: (0..<result.rowCount).compactMap { IncidentRow(result, $0, rule) })
        }
        let entities = dimensions.map { WindowEntities(columns, $0, rows: events) } ?? WindowEntities()
        var outcome = correlation.read(result, entities: entities)
        try outcome.fillScores { try self.window(of: $0, in: window).countedRiskScore }
        return Found(
            incidents: outcome.rows, tally: RowTally(rowCount: result.rowCount, lostByField: outcome.lostByField))
    }

    /// What an entity looks like in a window.
    mutating func window(of entity: EntityIdentity, in window: IncidentWindow) throws -> EntityWindow {
        let active = suppressions.active(at: window.tickMicroseconds)
        if active != historySuppressions {
            histories = [:]
            historySuppressions = active
        }
        let history = try histories[entity] ?? history(of: entity, active)
        // Thousands of entities at a time are enough; more would hold most of the index.
        if histories.count >= 5_000 { histories = [:] }
        histories[entity] = history
        return history.window(start: window.startMicroseconds, end: window.endMicroseconds)
    }

    private func history(of entity: EntityIdentity, _ active: [Int]) throws -> EntityHistory {
        let query = RiskEventQuery(
            startMicroseconds: range.lowerBound, endMicroseconds: range.upperBound,
            normalizedRiskObjects: [entity.normalizedRiskObject.string], riskObjectType: entity.riskObjectType.string)
        var columns = try index.riskColumns(query, edits.parts(for: EntityHistory.parts))
        let known = try dimensions ?? index.riskDimensions()
        edits.apply(to: &columns, known)
        let events = columns
        let mask = active.isEmpty ? nil : suppressions.mask(active, events, known)
        return EntityHistory(entity, events, known, profile: profile, adjustments: adjustments) { row in
            mask?.silences(row, of: events) ?? false
        }
    }
}

/// What the result rows of a rule's runs came to.
struct RowTally: Sendable {
    var rowCount = 0
    /// Rows that name nobody, by the field that should.
    var lostByField: [String: Int] = [:]
    var throttledCount = 0
    var warnings: [Diagnostic] = []

    mutating func add(_ other: RowTally) {
        rowCount += other.rowCount
        lostByField.merge(other.lostByField, uniquingKeysWith: +)
        throttledCount += other.throttledCount
        warnings.addNew(other.warnings)
    }
}

extension [Diagnostic] {
    /// Warnings of another run of the same search: each once, of those that quote a row's values the first only.
    mutating func addNew(_ warnings: [Diagnostic]) {
        for warning in warnings where !contains(warning) {
            if warning.code == "W309", contains(where: { $0.code == warning.code }) { continue }
            append(warning)
        }
    }
}
