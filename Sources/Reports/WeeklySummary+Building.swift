import Columns
public import RiskIndex

extension WeeklySummary {
    /// - Parameters:
    ///   - events: of the week and the week before at least; with more history, "new" means more. Any order.
    ///   - findings: of the week and the week before at least. Any order.
    ///   - records: of the week.
    ///   - now: UTC microseconds; only says whether the week is over.
    public init(
        week: SummaryWeek, events: [RiskEvent], findings: [Finding], records: SummaryRecords = SummaryRecords(),
        now: Int64
    ) {
        let weeks = Weeks(week)
        let ordered = events.filter { $0.timeMicroseconds < weeks.end }.inIndexOrder
        let thisWeek = ordered.between(weeks.start, weeks.end)
        let lastWeek = ordered.between(weeks.previousStart, weeks.start)
        let earlier = ordered.filter { $0.timeMicroseconds < weeks.start }
        let openedFindings = findings.inIndexOrder.filter {
            $0.timeMicroseconds >= weeks.start && $0.timeMicroseconds < weeks.end
        }

        self.week = week
        self.records = records
        nowMicroseconds = now
        historyStartMicroseconds = ordered.first?.timeMicroseconds
        self.findings = openedFindings
        days = WeeklySummary.days(weeks, thisWeek: thisWeek, lastWeek: lastWeek)
        rules = WeeklySummary.rules(
            weeks, thisWeek: thisWeek, earlier: earlier, ranSearchNames: records.ranSearchNames ?? [])
        tactics = WeeklySummary.tactics(thisWeek: thisWeek, lastWeek: lastWeek, earlier: earlier)
        newThreatObjects = WeeklySummary.newThreatObjects(thisWeek: thisWeek, earlier: earlier)

        let earlierByEntity = Dictionary(grouping: earlier, by: \.entityKey)
        let findingCounts = Dictionary(grouping: openedFindings, by: \.entityKey).mapValues(\.count)
        let grouped = Dictionary(grouping: thisWeek, by: \.entityKey)
        entities = grouped.sorted { $0.key < $1.key }
            .map { key, events in
                Entity(
                    key, events: events, earlier: earlierByEntity[key] ?? [], weeks: weeks,
                    findingCount: findingCounts[key] ?? 0)
            }
            .stablySorted {
                ($0.risk.current.score, $0.risk.scoreChange) > ($1.risk.current.score, $1.risk.scoreChange)
            }
        let lastByEntity = Dictionary(grouping: lastWeek, by: \.entityKey)
        quietEntities = lastByEntity.filter { grouped[$0.key] == nil }
            .sorted { $0.key < $1.key }
            .map { key, events in
                QuietEntity(
                    normalizedRiskObject: key.normalizedRiskObject.string, riskObjectType: key.riskObjectType.string,
                    previousRisk: WeekRisk(events))
            }
            .stablySorted { $0.previousRisk.score > $1.previousRisk.score }

        totals = Totals(
            risk: WeekChange(current: WeekRisk(thisWeek), previous: WeekRisk(lastWeek)), entityCount: grouped.count,
            previousEntityCount: lastByEntity.count, newEntityCount: entities.count(where: \.isNew),
            ruleCount: Set(thisWeek.map(\.ruleKey)).count, previousRuleCount: Set(lastWeek.map(\.ruleKey)).count,
            findingCount: openedFindings.count,
            previousFindingCount: findings.count {
                $0.timeMicroseconds >= weeks.previousStart && $0.timeMicroseconds < weeks.start
            })
    }

    /// Bounds of both weeks, computed once: a zone's rules are searched for each.
    struct Weeks {
        let week: SummaryWeek
        let previous: SummaryWeek
        let previousStart: Int64
        let start: Int64
        let end: Int64

        init(_ week: SummaryWeek) {
            self.week = week
            previous = week.previous
            previousStart = week.previous.startMicroseconds
            start = week.startMicroseconds
            end = week.endMicroseconds
        }

        /// Raw risk by day of the week before and of this one.
        func scores(_ events: [RiskEvent]) -> (previous: [Double], current: [Double]) {
            var (before, now) = ([Double](repeating: 0, count: 7), [Double](repeating: 0, count: 7))
            for event in events {
                if let day = week.dayIndex(event.timeMicroseconds) {
                    now[day] += event.calculatedRiskScore
                } else if let day = previous.dayIndex(event.timeMicroseconds) {
                    before[day] += event.calculatedRiskScore
                }
            }
            return (before, now)
        }
    }

    private static func days(_ weeks: Weeks, thisWeek: [RiskEvent], lastWeek: [RiskEvent]) -> [Day] {
        var days = weeks.week.days.map { Day(date: TimeText.day($0), weekday: TimeText.weekdayName($0)) }
        for event in thisWeek {
            if let day = weeks.week.dayIndex(event.timeMicroseconds) {
                days[day].risk.current.add(score: event.calculatedRiskScore)
            }
        }
        for event in lastWeek {
            if let day = weeks.previous.dayIndex(event.timeMicroseconds) {
                days[day].risk.previous.add(score: event.calculatedRiskScore)
            }
        }
        return days
    }

    private static func rules(
        _ weeks: Weeks, thisWeek: [RiskEvent], earlier: [RiskEvent], ranSearchNames: [String]
    ) -> [Rule] {
        let current = Dictionary(grouping: thisWeek, by: \.ruleKey)
        let before = Dictionary(grouping: earlier, by: \.ruleKey)
        return Set(current.keys).union(before.keys).union(ranSearchNames.map { Text($0) }).sorted()
            .map { name in
                let (now, old) = (current[name] ?? [], before[name] ?? [])
                let scores = weeks.scores(old + now)
                return Rule(
                    searchName: name.string,
                    risk: WeekChange(
                        current: WeekRisk(now), previous: WeekRisk(old.between(weeks.previousStart, weeks.start))),
                    scoreByDay: scores.current, previousScoreByDay: scores.previous,
                    entityCount: Set(now.map(\.entityKey)).count, isNew: old.isEmpty && !now.isEmpty,
                    lastMicroseconds: (old + now).map(\.timeMicroseconds).max())
            }
            .stablySorted {
                ($0.risk.current.eventCount, $0.risk.current.score)
                    > ($1.risk.current.eventCount, $1.risk.current.score)
            }
    }

    private static func tactics(thisWeek: [RiskEvent], lastWeek: [RiskEvent], earlier: [RiskEvent]) -> [Tactic] {
        let known = earlier.reduce(into: Set<Text?>()) { $0.formUnion($1.tacticKeysOrNone) }
        var tactics: [Text?: WeekChange] = [:]
        for event in thisWeek {
            for key in event.tacticKeysOrNone {
                tactics[key, default: WeekChange()].current.add(score: event.calculatedRiskScore)
            }
        }
        for event in lastWeek {
            for key in event.tacticKeysOrNone {
                tactics[key, default: WeekChange()].previous.add(score: event.calculatedRiskScore)
            }
        }
        return tactics.sorted { TacticOrder.precedes($0.key, $1.key) }.map { key, risk in
            Tactic(
                name: key?.string, risk: risk, isNew: key != nil && risk.current.eventCount > 0 && !known.contains(key))
        }
    }

    private static func newThreatObjects(thisWeek: [RiskEvent], earlier: [RiskEvent]) -> [NewThreatObject] {
        let known = earlier.reduce(into: Set<ThreatKey>()) { $0.formUnion($1.threatKeys) }
        var new: [ThreatKey: (risk: WeekRisk, entities: Set<EntityKey>)] = [:]
        for event in thisWeek {
            for key in event.threatKeys where !known.contains(key) {
                new[key, default: (WeekRisk(), [])].risk.add(score: event.calculatedRiskScore)
                new[key]?.entities.insert(event.entityKey)
            }
        }
        return new.sorted { $0.key < $1.key }
            .map { key, seen in
                NewThreatObject(
                    threatObject: ThreatObject(value: key.value.string, type: key.type.string), risk: seen.risk,
                    entityCount: seen.entities.count)
            }
            .stablySorted { $0.risk.score > $1.risk.score }
    }
}

extension WeeklySummary.Entity {
    /// - Parameters:
    ///   - events: of this week.
    ///   - earlier: all of the entity's events before it.
    fileprivate init(
        _ key: EntityKey, events: [RiskEvent], earlier: [RiskEvent], weeks: WeeklySummary.Weeks, findingCount: Int
    ) {
        let lastWeek = earlier.between(weeks.previousStart, weeks.start)
        let current = Dictionary(grouping: events, by: \.ruleKey)
        let previous = Dictionary(grouping: lastWeek, by: \.ruleKey)
        let knownRules = Set(earlier.map(\.ruleKey))
        let changes = Set(current.keys).union(previous.keys).sorted().map { name in
            WeeklySummary.RuleChange(
                searchName: name.string,
                risk: WeekChange(current: WeekRisk(current[name] ?? []), previous: WeekRisk(previous[name] ?? [])))
        }
        let knownTactics = earlier.reduce(into: Set<Text?>()) { $0.formUnion($1.tacticKeysOrNone) }
        let knownThreats = earlier.reduce(into: Set<ThreatKey>()) { $0.formUnion($1.threatKeys) }
        var tactics: [Text?: Double] = [:]
        for event in events {
            for key in event.tacticKeysOrNone { tactics[key, default: 0] += event.calculatedRiskScore }
        }
        let threats = events.reduce(into: Set<ThreatKey>()) { $0.formUnion($1.threatKeys) }
        let scores = weeks.scores(earlier + events)
        self.init(
            normalizedRiskObject: key.normalizedRiskObject.string, riskObjectType: key.riskObjectType.string,
            riskObjects: Set(events.map { Text($0.riskObject) }).sorted().map(\.string),
            risk: WeekChange(current: WeekRisk(events), previous: WeekRisk(lastWeek)), scoreByDay: scores.current,
            previousScoreByDay: scores.previous, isNew: earlier.isEmpty,
            newRules: changes.filter { !knownRules.contains(Text($0.searchName)) }
                .stablySorted { $0.risk.current.score > $1.risk.current.score },
            tactics: tactics.sorted { TacticOrder.precedes($0.key, $1.key) }.map { key, score in
                WeeklySummary.EntityTactic(
                    name: key?.string, riskScore: score, isNew: key != nil && !knownTactics.contains(key))
            },
            newThreatObjects: threats.subtracting(knownThreats).sorted().map {
                ThreatObject(value: $0.value.string, type: $0.type.string)
            },
            ruleChanges: changes.filter {
                knownRules.contains(Text($0.searchName)) && ScoreText.print($0.risk.scoreChange) != "0"
            }.stablySorted { abs($0.risk.scoreChange) > abs($1.risk.scoreChange) },
            findingCount: findingCount)
    }
}

extension WeekRisk {
    /// - Parameter events: in the index's order, so that sums of fractions come out the same every time.
    fileprivate init(_ events: [RiskEvent]) {
        for event in events { add(score: event.calculatedRiskScore) }
    }
}

extension RiskEvent {
    /// ``tacticKeys``, or nil alone for an event without a tactic.
    fileprivate var tacticKeysOrNone: Set<Text?> {
        let keys = tacticKeys
        return keys.isEmpty ? [nil] : Set(keys)
    }
}

extension Sequence {
    /// Equal elements keep their order: the order before is what breaks ties. (`sorted(by:)` promises no stability.)
    func stablySorted(by isBefore: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if isBefore(left.element, right.element) { return true }
            if isBefore(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
