import Columns
public import Content
public import Formats
import Risk
public import RiskIndex
import SPL

/// Explains entities and findings out of the entity's own events; no other event of the index is read.
public struct ExplainJob: Sendable {
    public struct Options: Sendable {
        public var profile: RiskProfile
        public var zone: TimeZoneRules
        /// Beside the content's own.
        public var thresholds: [Double] = []
        public var wantsElasticScore = false

        public init(profile: RiskProfile, zone: TimeZoneRules) {
            self.profile = profile
            self.zone = zone
        }
    }

    /// What is explained: the window and when suppressions are looked at.
    struct Frame {
        var start: Int64
        var end: Int64
        var at: Int64
    }

    static let elasticWindowMicroseconds: Int64 = 30 * 86_400 * 1_000_000
    static let dayMicroseconds: Int64 = 86_400 * 1_000_000
    static let threatLimit = 10
    static let curvePointLimit = 169

    let content: LoadedContent
    private(set) var options: Options

    public init(_ content: LoadedContent, _ options: Options) {
        self.content = content
        self.options = options
    }

    /// The entities of a name, by name, then type; none for a name without events before the window's end.
    ///
    /// - Parameters:
    ///   - name: normalized, compared by `FoldedName`.
    ///   - start: of the window, UTC microseconds, inclusive.
    ///   - end: exclusive.
    /// - Throws: E349 or E350 for the schedule of an incident rule; `IndexError`.
    public func entities(
        _ name: String, type: String?, start: Int64, end: Int64, in index: RiskIndex
    ) throws -> [EntityExplanation] {
        let frame = Frame(start: start, end: end, at: end)
        var events = try events(name, type, frame, index)
        // An entity whose events are older than all that is looked at is known all the same.
        if events.entities.isEmpty { events = try self.events(name, type, frame, index, isBounded: false) }
        return try events.entities.map { try explanation($0, events, frame) }
    }

    /// Under the profile that opened it: the ledger of the finding's whole life; all else of the window in which it opened.
    public func finding(_ life: FindingLife, in index: RiskIndex) throws -> EntityExplanation {
        let finding = life.finding
        var job = self
        job.options.profile = RiskProfile(rawValue: finding.profile) ?? options.profile
        let frame = Frame(
            start: finding.windowStartMicroseconds, end: finding.windowEndMicroseconds, at: finding.timeMicroseconds)
        let events = try job.events(
            finding.normalizedRiskObject, finding.riskObjectType, frame, index, reach: life.reach)
        return try job.explanation(EntityIdentity(finding), events, frame, life)
    }

    private var profile: RiskProfile { options.profile }

    /// - Parameters:
    ///   - reach: times that are looked at beside those around the frame.
    ///   - isBounded: only events that some number of the explanation is made of.
    private func events(
        _ name: String, _ type: String?, _ frame: Frame, _ index: RiskIndex, reach: Range<Int64>? = nil,
        isBounded: Bool = true
    ) throws -> EntityEvents {
        let (schedules, others) = try ThresholdSchedule.all(content, profile, zone: options.zone)
        var back = max(EntityScore.windowMicroseconds, options.wantsElasticScore ? Self.elasticWindowMicroseconds : 0)
        back = min(frame.end.subtracting(back), frame.start.subtracting(Self.dayMicroseconds))
        for schedule in schedules { back = min(back, schedule.start(before: frame.start)) }
        back = min(back, reach?.lowerBound ?? back)
        // A finding's rule runs after its window has ended.
        let query = RiskEventQuery(
            startMicroseconds: isBounded ? back : nil,
            endMicroseconds: max(frame.end, frame.at, reach?.upperBound ?? .min),
            normalizedRiskObjects: [name], riskObjectType: type)
        return try EntityEvents(query, index, schedules: schedules, otherRules: others)
    }

    /// - Parameter life: of the finding that opened in the frame.
    private func explanation(
        _ entity: EntityIdentity, _ events: EntityEvents, _ frame: Frame, _ life: FindingLife? = nil
    ) throws -> EntityExplanation {
        let scoring = profile.scoring
        let history = events.history(of: entity, at: frame.at)
        let account = life.map { history.account(of: $0, scoring) }
        let window = account?.events(at: 0) ?? history.events(start: frame.start, end: frame.end)
        let counting = window.filter { history.suppression[$0.key] == nil }
        let ledger = RiskLedger(window, profile: scoring) { history.suppression[$0.key] }
        var explanation = EntityExplanation(
            normalizedRiskObject: entity.normalizedRiskObject.string, riskObjectType: entity.riskObjectType.string,
            profile: profile.rawValue, zone: options.zone, windowStartMicroseconds: frame.start,
            windowEndMicroseconds: frame.end, atMicroseconds: frame.at,
            entityScore: EntityScore(
                history.events(start: .min, end: frame.end).filter { history.suppression[$0.key] == nil },
                nowMicroseconds: frame.end))
        explanation.totals = ledger.totals
        if let account {
            (explanation.life, explanation.lines) = history.life(account, scoring)
        } else {
            explanation.lines = ledger.lines.map { history.line($0, silencer: history.suppression[$0.event.key]) }
        }
        explanation.suppressedRiskScore =
            RiskLedger(
                window.filter { history.suppression[$0.key] != nil }, profile: .splunk
            ).raw
        explanation.suppressions = history.silencers(of: window)
        explanation.rules = ruleOutcomes(window, counting, history)
        (explanation.threatObjects, explanation.threatObjectCount) = threatOutcomes(window, counting, history)
        explanation.thresholds = try thresholdOutcomes(frame, history, events)
        explanation.otherIncidentRules = events.otherRules
        if options.wantsElasticScore {
            let start = frame.end.subtracting(Self.elasticWindowMicroseconds)
            explanation.elasticScore = ElasticScore(
                history.events(start: start, end: frame.end).filter { history.suppression[$0.key] == nil })
        }
        let length = events.schedules.first?.windowMicroseconds ?? Self.dayMicroseconds
        explanation.curveWindowMicroseconds = length
        explanation.curve = curve(frame, length, history)
        return explanation
    }

    // MARK: What would have been

    private func ruleOutcomes(
        _ window: [LedgerEvent], _ counting: [LedgerEvent], _ history: ExplainedHistory
    ) -> [EntityExplanation.RuleOutcome] {
        let counted = SlidingScore(counting, profile: profile.scoring).counted
        let shares = Counterfactuals.withoutEachRule(of: counting, profile: profile.scoring)
        let countedShares = Dictionary(uniqueKeysWithValues: shares.map { ($0.ruleIndex, $0) })
        // Silenced events are in the raw sums.
        let outcomes = Counterfactuals.withoutEachRule(of: window, profile: .splunk).map { raw in
            let share = countedShares[raw.ruleIndex]
            return EntityExplanation.RuleOutcome(
                searchName: history.ruleName(raw.ruleIndex), riskEventCount: raw.eventCount,
                share: ScoreTotals(raw: raw.share.raw, counted: share?.share.counted ?? 0),
                without: ScoreTotals(raw: raw.without.raw, counted: share?.without.counted ?? counted))
        }
        return outcomes.sorted { left, right in
            if left.share.counted != right.share.counted { return left.share.counted > right.share.counted }
            if left.share.raw != right.share.raw { return left.share.raw > right.share.raw }
            return Text(left.searchName) < Text(right.searchName)
        }
    }

    private func threatOutcomes(
        _ window: [LedgerEvent], _ counting: [LedgerEvent], _ history: ExplainedHistory
    ) -> ([EntityExplanation.ThreatOutcome], count: Int) {
        struct Tally {
            var threat: ThreatObject
            var number: UInt32
            var count = 0
            var score = 0.0
        }
        var tallies: [UInt32: Tally] = [:]
        for event in window where !event.isAdjustment {
            for number in Set(history.threats(of: event)) {
                guard let threat = history.dimensions.threatObject(Int(number)) else { continue }
                tallies[number, default: Tally(threat: threat, number: number)].count += 1
                tallies[number]?.score += event.calculatedRiskScore
            }
        }
        let heaviest = tallies.values.sorted { left, right in
            if left.score != right.score { return left.score > right.score }
            if left.count != right.count { return left.count > right.count }
            return (Text(left.threat.value), Text(left.threat.type)) < (
                Text(right.threat.value), Text(right.threat.type)
            )
        }.prefix(Self.threatLimit)
        let outcomes = heaviest.map { tally in
            func names(_ event: LedgerEvent) -> Bool {
                !event.isAdjustment && history.threats(of: event).contains(tally.number)
            }
            let raw = Counterfactuals.totals(of: window, profile: .splunk, without: names).raw
            let counted = Counterfactuals.totals(of: counting, profile: profile.scoring, without: names).counted
            return EntityExplanation.ThreatOutcome(
                threatObject: tally.threat, riskEventCount: tally.count,
                without: ScoreTotals(raw: raw, counted: counted))
        }
        return (outcomes, tallies.count)
    }

    private func thresholdOutcomes(
        _ frame: Frame, _ history: ExplainedHistory, _ events: EntityEvents
    ) throws -> [EntityExplanation.ThresholdOutcome] {
        try events.schedules.flatMap { schedule in
            let thresholds = Set(options.thresholds + (schedule.threshold.map { [$0] } ?? [])).sorted()
            let crossings = crossings(of: thresholds, frame, history, schedule).map { withRaw($0, history) }
            let openings = try openings(of: thresholds, frame, history, schedule).map { withRaw($0, history) }
            return thresholds.indices.map { index in
                EntityExplanation.ThresholdOutcome(
                    searchName: schedule.rule.searchName, threshold: thresholds[index],
                    isShipped: thresholds[index] == schedule.threshold, crossing: crossings[index],
                    opening: openings[index])
            }
        }
    }

    /// With silenced events in the raw sum, as everywhere.
    private func withRaw(_ crossing: ThresholdCrossing?, _ history: ExplainedHistory) -> ThresholdCrossing? {
        guard var crossing else { return nil }
        crossing.totals.raw = history.raw(
            start: crossing.windowStartMicroseconds, end: crossing.windowEndMicroseconds)
        return crossing
    }

    /// At the events of the explained window.
    private func crossings(
        of thresholds: [Double], _ frame: Frame, _ history: ExplainedHistory, _ schedule: ThresholdSchedule
    ) -> [ThresholdCrossing?] {
        let length = schedule.windowMicroseconds
        let events = history.events(start: frame.start.subtracting(length), end: frame.end)
            .filter { history.suppression[$0.key] == nil }
        let windows = events.map(\.timeMicroseconds).filter { $0 >= frame.start }.sorted().map { time in
            IncidentWindow(
                tickMicroseconds: time, startMicroseconds: time.subtracting(length - 1), endMicroseconds: time + 1)
        }
        // Events of one time are seen together.
        let last = windows.enumerated().filter { $0 + 1 == windows.count || windows[$0 + 1] != $1 }.map(\.element)
        return Counterfactuals.firstWindows(over: thresholds, of: events, profile: schedule.scoring, windows: last)
    }

    /// At the rule's runs, from the window's start to when the explanation looks.
    private func openings(
        of thresholds: [Double], _ frame: Frame, _ history: ExplainedHistory, _ schedule: ThresholdSchedule
    ) throws -> [ThresholdCrossing?] {
        let all = history.events(start: schedule.start(before: frame.start), end: .max)
        var windows: [IncidentWindow] = []
        try schedule.replay.forEachWindow(over: all.map(\.timeMicroseconds), visitsEmptyWindows: false) { window in
            if window.tickMicroseconds >= frame.start, window.tickMicroseconds <= frame.at { windows.append(window) }
        }
        var crossings = [ThresholdCrossing?](repeating: nil, count: thresholds.count)
        var rest = windows[...]
        // As long as the same suppressions last, the same events count.
        while let first = rest.first, crossings.contains(where: { $0 == nil }) {
            let active = history.suppressions.active(at: first.tickMicroseconds)
            let end = rest.firstIndex { history.suppressions.active(at: $0.tickMicroseconds) != active }
            let part = rest[..<(end ?? rest.endIndex)]
            let silenced = history.suppressed(by: active)
            let found = Counterfactuals.firstWindows(
                over: thresholds, of: all.filter { !silenced.contains($0.key) }, profile: schedule.scoring,
                windows: part
            )
            for index in crossings.indices where crossings[index] == nil { crossings[index] = found[index] }
            rest = rest[part.endIndex...]
        }
        return crossings
    }

    private func curve(
        _ frame: Frame, _ length: Int64, _ history: ExplainedHistory
    ) -> [EntityExplanation.CurvePoint] {
        let hour: Int64 = 3_600_000_000
        let (span, isTooLong) = frame.end.subtractingReportingOverflow(frame.start)
        guard !isTooLong, span > 0, length > 0 else { return [] }
        let step = max(hour, (span + Int64(Self.curvePointLimit) - 2) / Int64(Self.curvePointLimit - 1))
        let events = history.events(start: frame.start.subtracting(length), end: frame.end)
        let counting = events.filter { history.suppression[$0.key] == nil }
        var raw = WindowWalk(events, profile: .splunk, lengthMicroseconds: length)
        var counted = WindowWalk(counting, profile: profile.scoring, lengthMicroseconds: length)
        // Backwards from the end, so that the last point is the end.
        let ends = stride(from: frame.end, through: frame.start, by: -Int(step)).reversed()
        return ends.map { end in
            raw.move(toEnd: end)
            counted.move(toEnd: end)
            return EntityExplanation.CurvePoint(
                timeMicroseconds: end, totals: ScoreTotals(raw: raw.score.totals.raw, counted: counted.score.counted))
        }
    }
}

extension Int64 {
    /// Never beyond the least number.
    func subtracting(_ other: Int64) -> Int64 {
        let (result, isOver) = subtractingReportingOverflow(other)
        return isOver ? .min : result
    }
}
