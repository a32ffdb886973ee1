import Columns
public import RiskIndex

extension WeeklySummary {
    /// - Parameters:
    ///   - events: of the week and the week before at least; with more history, "new" means more. Any order.
    ///   - findings: of the week and the week before at least. Any order.
    ///   - now: UTC microseconds; only says whether the week is over.
    public init(week: SummaryWeek, events: [RiskEvent], findings: [Finding], now: Int64) {
        let weeks = Weeks(week)
        let ordered = events.filter { $0.timeMicroseconds < weeks.end }.inIndexOrder
        let thisWeek = ordered.between(weeks.start, weeks.end)
        let lastWeek = ordered.between(weeks.previousStart, weeks.start)
        let earlier = ordered.filter { $0.timeMicroseconds < weeks.start }
        let openedFindings = findings.inIndexOrder.filter {
            $0.timeMicroseconds >= weeks.start && $0.timeMicroseconds < weeks.end
        }

        self.week = week
        nowMicroseconds = now
        historyStartMicroseconds = ordered.first?.timeMicroseconds
        self.findings = openedFindings
        days = WeeklySummary.days(week, thisWeek: thisWeek, lastWeek: lastWeek)
        rules = WeeklySummary.rules(thisWeek: thisWeek, lastWeek: lastWeek, earlier: earlier)

        let earlierByEntity = Dictionary(grouping: earlier, by: \.entityKey)
        let findingCounts = Dictionary(grouping: openedFindings, by: \.entityKey).mapValues(\.count)
        let grouped = Dictionary(grouping: thisWeek, by: \.entityKey)
        entities = grouped.sorted { $0.key < $1.key }
            .map { key, events in
                Entity(
                    key, events: events, earlier: earlierByEntity[key] ?? [], weeks: weeks,
                    findingCount: findingCounts[key] ?? 0)
            }
            .stablySorted { ($0.risk.riskScore, $0.change) > ($1.risk.riskScore, $1.change) }
        quietEntities = lastWeek.tallies { [$0.entityKey] }.filter { grouped[$0.key] == nil }
            .sorted { $0.key < $1.key }
            .map { key, risk in
                QuietEntity(
                    normalizedRiskObject: key.normalizedRiskObject.string, riskObjectType: key.riskObjectType.string,
                    previousRisk: risk)
            }
            .stablySorted { $0.previousRisk.riskScore > $1.previousRisk.riskScore }

        totals = Totals(
            risk: RiskTally(thisWeek), previousRisk: RiskTally(lastWeek), entityCount: grouped.count,
            previousEntityCount: Set(lastWeek.map(\.entityKey)).count,
            newEntityCount: entities.filter(\.isNew).count, ruleCount: Set(thisWeek.map(\.ruleKey)).count,
            previousRuleCount: Set(lastWeek.map(\.ruleKey)).count, findingCount: openedFindings.count,
            previousFindingCount: findings.filter {
                $0.timeMicroseconds >= weeks.previousStart && $0.timeMicroseconds < weeks.start
            }.count)
    }

    /// Bounds of both weeks, computed once: a zone's rules are searched for each.
    struct Weeks {
        let week: SummaryWeek
        let previousStart: Int64
        let start: Int64
        let end: Int64

        init(_ week: SummaryWeek) {
            self.week = week
            previousStart = week.previous.startMicroseconds
            start = week.startMicroseconds
            end = week.endMicroseconds
        }
    }

    private static func days(_ week: SummaryWeek, thisWeek: [RiskEvent], lastWeek: [RiskEvent]) -> [Day] {
        var days = week.days.map { Day(date: TimeText.day($0), weekday: TimeText.weekdayName($0)) }
        for event in thisWeek {
            if let day = week.dayIndex(event.timeMicroseconds) { days[day].risk.add(event) }
        }
        let previous = week.previous
        for event in lastWeek {
            if let day = previous.dayIndex(event.timeMicroseconds) { days[day].previousRisk.add(event) }
        }
        return days
    }

    private static func rules(thisWeek: [RiskEvent], lastWeek: [RiskEvent], earlier: [RiskEvent]) -> [Rule] {
        let current = thisWeek.tallies { [$0.ruleKey] }
        let previous = lastWeek.tallies { [$0.ruleKey] }
        let known = Set(earlier.map(\.ruleKey))
        let entities = Dictionary(grouping: thisWeek, by: \.ruleKey).mapValues { Set($0.map(\.entityKey)).count }
        return Set(current.keys).union(previous.keys).sorted()
            .map { name in
                Rule(
                    searchName: name.string, risk: current[name] ?? RiskTally(),
                    previousRisk: previous[name] ?? RiskTally(), entityCount: entities[name] ?? 0,
                    isNew: !known.contains(name))
            }
            .stablySorted { ($0.risk.eventCount, $0.risk.riskScore) > ($1.risk.eventCount, $1.risk.riskScore) }
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
        let current = events.tallies { [$0.ruleKey] }
        let previous = lastWeek.tallies { [$0.ruleKey] }
        let knownRules = Set(earlier.map(\.ruleKey))
        let changes = Set(current.keys).union(previous.keys).sorted().map { name in
            WeeklySummary.RuleChange(
                searchName: name.string, risk: current[name] ?? RiskTally(), previousRisk: previous[name] ?? RiskTally()
            )
        }
        let knownTactics = earlier.reduce(into: Set<Text>()) { $0.formUnion($1.tacticKeys) }
        let knownThreats = earlier.reduce(into: Set<ThreatKey>()) { $0.formUnion($1.threatKeys) }
        let tactics = events.reduce(into: Set<Text>()) { $0.formUnion($1.tacticKeys) }
        let threats = events.reduce(into: Set<ThreatKey>()) { $0.formUnion($1.threatKeys) }
        var scoreByDay = [Double](repeating: 0, count: 7)
        for event in events {
            if let day = weeks.week.dayIndex(event.timeMicroseconds) { scoreByDay[day] += event.calculatedRiskScore }
        }
        self.init(
            normalizedRiskObject: key.normalizedRiskObject.string, riskObjectType: key.riskObjectType.string,
            riskObjects: Set(events.map { Text($0.riskObject) }).sorted().map(\.string), risk: RiskTally(events),
            previousRisk: RiskTally(lastWeek), scoreByDay: scoreByDay, isNew: earlier.isEmpty,
            newRules: changes.filter { !knownRules.contains(Text($0.searchName)) }
                .stablySorted { $0.risk.riskScore > $1.risk.riskScore },
            newTactics: tactics.subtracting(knownTactics).sorted().map(\.string),
            newThreatObjects: threats.subtracting(knownThreats).sorted().map {
                ThreatObject(value: $0.value.string, type: $0.type.string)
            },
            ruleChanges: changes.filter {
                knownRules.contains(Text($0.searchName)) && ScoreText.print($0.change) != "0"
            }.stablySorted { abs($0.change) > abs($1.change) },
            findingCount: findingCount)
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
