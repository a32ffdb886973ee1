import Columns
public import Engine
public import RiskIndex

extension WeeklySummary {
    /// - Parameters:
    ///   - tally: of the week, as ``SummaryWeek/dayStarts`` cuts it.
    ///   - findings: of the week and the week before at least. Any order.
    ///   - records: of the week.
    ///   - now: UTC microseconds; only says whether the week is over.
    public init(
        week: SummaryWeek, tally: WeekTally, findings: [Finding], records: SummaryRecords = SummaryRecords(),
        now: Int64
    ) {
        let (start, end) = (week.startMicroseconds, week.endMicroseconds)
        let previousStart = week.previous.startMicroseconds
        let opened = findings.inIndexOrder.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
        let findingCounts = opened.reduce(into: [EntityKey: Int]()) { $0[$1.entityKey, default: 0] += 1 }
        func score(_ sum: WeekTally.Sum) -> Double { tally.ranking == .raw ? sum.raw : sum.counted }

        self.week = week
        self.records = records
        nowMicroseconds = now
        sums = tally.sums
        ranking = tally.ranking
        historyStartMicroseconds = tally.historyStartMicroseconds
        self.findings = opened
        previousFindingCount = findings.count { $0.timeMicroseconds >= previousStart && $0.timeMicroseconds < start }
        days = zip(week.days, tally.days).map {
            Day(date: TimeText.day($0), weekday: TimeText.weekdayName($0), sums: $1)
        }
        tactics = tally.tactics.stablySorted {
            TacticOrder.precedes($0.name.map { Text($0) }, $1.name.map { Text($0) })
        }
        entities = tally.entities.filter { $0.sums.current.eventCount > 0 }
            .stablySorted { score($0.sums.current) > score($1.sums.current) }
            .map { entity in
                let key = EntityKey(
                    normalizedRiskObject: Text(entity.normalizedRiskObject), riskObjectType: Text(entity.riskObjectType)
                )
                var entity = entity
                if var detail = entity.detail {
                    detail.tactics = detail.tactics.stablySorted {
                        TacticOrder.precedes($0.name.map { Text($0) }, $1.name.map { Text($0) })
                    }
                    entity.detail = detail
                }
                return Entity(tally: entity, findingCount: findingCounts[key] ?? 0)
            }
        quietEntities = tally.entities.filter { $0.sums.current.eventCount == 0 }
            .stablySorted { score($0.sums.previous) > score($1.sums.previous) }
        rules = WeeklySummary.rules(tally, ran: records.ranSearchNames ?? [])
            .stablySorted { left, right in
                (left.sums.current.eventCount, score(left.sums.current))
                    > (right.sums.current.eventCount, score(right.sums.current))
            }
        newThreatObjects = tally.newThreatObjects.stablySorted { $0.raw > $1.raw }
    }

    /// By search name, those that ran and never fired among them.
    private static func rules(_ tally: WeekTally, ran: [String]) -> [Rule] {
        let fired = tally.rules.map { rule in
            Rule(
                searchName: rule.searchName, sums: rule.sums, days: rule.days, entityCount: rule.entityCount,
                isNew: rule.isNew, lastMicroseconds: rule.lastMicroseconds)
        }
        let names = Set(fired.map { Text($0.searchName) })
        let silent = Set(ran.map { Text($0) }).subtracting(names).map { Rule(searchName: $0.string) }
        return (fired + silent).sorted { Text($0.searchName) < Text($1.searchName) }
    }
}
