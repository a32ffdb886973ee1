import Columns
public import Formats
public import RiskIndex

extension EntityReport {
    /// One report an entity found in `events` and `findings`, by name, then type. Events and findings at or after
    /// `now` are left out.
    ///
    /// - Parameters:
    ///   - events: of the entities in question, any order; those before the window feed the history.
    ///   - now: UTC microseconds.
    ///   - windowMicroseconds: the score's window is `now - windowMicroseconds <= _time < now`.
    public static func reports(
        events: [RiskEvent], findings: [Finding], now: Int64, windowMicroseconds: Int64, zone: TimeZoneRules
    ) -> [EntityReport] {
        let eventsByEntity = Dictionary(
            grouping: events.filter { $0.timeMicroseconds < now }.inIndexOrder, by: \.entityKey)
        let findingsByEntity = Dictionary(
            grouping: findings.filter { $0.timeMicroseconds < now }.inIndexOrder, by: \.entityKey)
        return Set(eventsByEntity.keys).union(findingsByEntity.keys).sorted().map { key in
            EntityReport(
                key, events: eventsByEntity[key] ?? [], findings: findingsByEntity[key] ?? [], now: now,
                windowMicroseconds: max(0, windowMicroseconds), zone: zone)
        }
    }

    private init(
        _ key: EntityKey, events: [RiskEvent], findings: [Finding], now: Int64, windowMicroseconds: Int64,
        zone: TimeZoneRules
    ) {
        let start = EntityReport.windowStart(now, windowMicroseconds)
        let inWindow = events.between(start, now)
        normalizedRiskObject = key.normalizedRiskObject.string
        riskObjectType = key.riskObjectType.string
        self.zone = zone
        nowMicroseconds = now
        windowStartMicroseconds = start
        self.windowMicroseconds = windowMicroseconds
        risk = RiskTally(inWindow)
        allRisk = events.isEmpty ? nil : RiskTally(events)
        days = EntityReport.days(events, start: start, now: now, windowMicroseconds: windowMicroseconds, zone: zone)
        aliases = EntityReport.aliases(events, of: key)
        rules = EntityReport.sightings(inWindow, events) { [ThreatKey(value: $0.ruleKey, type: "")] }
        threatObjects = EntityReport.sightings(inWindow, events) { $0.threatKeys }
        tactics = EntityReport.sightings(inWindow, events) { event in
            event.tacticKeys.map { ThreatKey(value: $0, type: "") }
        }
        self.findings = findings
        var total = 0.0
        ledger = inWindow.map { event in
            total += event.calculatedRiskScore
            return LedgerLine(
                timeMicroseconds: event.timeMicroseconds, riskEventID: event.id, searchName: event.searchName,
                riskScore: event.riskScore, calculatedRiskScore: event.calculatedRiskScore, total: total,
                riskMessage: event.riskMessage)
        }
    }

    private static func windowStart(_ end: Int64, _ windowMicroseconds: Int64) -> Int64 {
        let (start, overflow) = end.subtractingReportingOverflow(windowMicroseconds)
        return overflow ? .min : start
    }

    /// More days than this are listed only where something happened.
    private static let calendarLimit = 92

    private static func days(
        _ events: [RiskEvent], start: Int64, now: Int64, windowMicroseconds: Int64, zone: TimeZoneRules
    ) -> [Day] {
        let inWindow = events.between(start, now)
        guard let first = inWindow.first else { return [] }
        let lastDay = TimeText.localDay(now - 1, zone: zone).daysSinceEpoch
        let byDay = Dictionary(grouping: inWindow) { TimeText.localDay($0.timeMicroseconds, zone: zone).daysSinceEpoch }
        let firstDay = TimeText.localDay(first.timeMicroseconds, zone: zone).daysSinceEpoch
        let listed = lastDay - firstDay < calendarLimit ? Array(firstDay...lastDay) : byDay.keys.sorted()
        var sums = [0.0]
        for event in events { sums.append(sums[sums.count - 1] + event.calculatedRiskScore) }
        return listed.map { day in
            let nextDay = TimeText.start(of: CivilDate(daysSinceEpoch: day + 1), zone: zone)
            let end = min(nextDay, now)
            let from = position(of: windowStart(end, windowMicroseconds), in: events)
            return Day(
                date: TimeText.day(CivilDate(daysSinceEpoch: day)), added: RiskTally(byDay[day] ?? []),
                riskScoreAtEnd: sums[position(of: end, in: events)] - sums[from])
        }
    }

    /// How many of the ordered `events` are before `time`.
    private static func position(of time: Int64, in events: [RiskEvent]) -> Int {
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            if events[middle].timeMicroseconds < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func aliases(_ events: [RiskEvent], of key: EntityKey) -> [Alias] {
        let normalized = key.normalizedRiskObject
        return Dictionary(grouping: events) { Text($0.riskObject) }.sorted { $0.key < $1.key }.map { name, events in
            Alias(
                riskObject: name.string,
                entityFields: Set(events.map { Text($0.entityField) }).sorted().map(\.string),
                reason: storedReason(events) ?? reason(name, normalized), risk: RiskTally(events))
        }.stablySorted { $0.risk.eventCount > $1.risk.eventCount }
    }

    /// What the identity and asset lists said, if they know the name; a name may have one reason a zone or host.
    private static func storedReason(_ events: [RiskEvent]) -> String? {
        let reasons = Set(events.map { Text($0.normalizationReason) }.filter { !$0.bytes.isEmpty && $0 != "own-name" })
            .sorted()
        return reasons.isEmpty ? nil : reasons.map(\.string).joined(separator: "; ")
    }

    private static func reason(_ name: Text, _ normalized: Text) -> String {
        if name == normalized { return "the entity's own name" }
        if Text(FoldedName.fold(name.string)) == Text(FoldedName.fold(normalized.string)) {
            return "differs in upper and lower case only"
        }
        return "normalized to this entity when its events were written"
    }

    /// Highest score in the window first, then most events, then highest score of all, then name and type.
    private static func sightings(
        _ inWindow: [RiskEvent], _ all: [RiskEvent], by keys: (RiskEvent) -> some Sequence<ThreatKey>
    ) -> [Sighting] {
        let windowTallies = inWindow.tallies(by: keys)
        return all.tallies(by: keys).sorted { $0.key < $1.key }.map { key, allRisk in
            Sighting(
                name: key.value.string, type: key.type.string, risk: windowTallies[key] ?? RiskTally(),
                allRisk: allRisk)
        }.stablySorted { left, right in
            (left.risk.riskScore, left.risk.eventCount, left.allRisk.riskScore)
                > (right.risk.riskScore, right.risk.eventCount, right.allRisk.riskScore)
        }
    }
}
