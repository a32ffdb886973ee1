import Reports
import RiskIndex
import Testing

@Suite struct RankingTests {
    private func activity(_ name: String, _ events: Int, _ entities: Int, _ score: Double, _ findings: [Int])
        -> RuleActivity
    {
        RuleActivity(
            searchName: name, riskEventCount: events, entityCount: entities, riskScore: score,
            lastFiringMicroseconds: 3_000_000, findings: findings)
    }

    private func review(_ disposition: String?) -> FindingReview {
        FindingReview(timeMicroseconds: 1, author: "ann", disposition: disposition)
    }

    private func ranking(_ order: RuleRanking.Order) -> RuleRanking {
        RuleRanking(
            RuleActivities(
                rules: [
                    activity("A", 9, 1, 10, [0, 1, 2, 3]), activity("B", 5, 5, 90, [4, 5]), activity("C", 5, 2, 90, []),
                ], findingKeys: ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7"]),
            runs: [
                RuleRuns(
                    searchName: "C", runCount: 2, lastRunMicroseconds: 1_500_000, rowCount: 30, lostCount: 7,
                    throttledCount: 3,
                    problem: "error[E301]: no"),
                RuleRuns(
                    searchName: "D", runCount: 1, lastRunMicroseconds: nil, rowCount: 0, lostCount: 0,
                    throttledCount: 0,
                    problem: "x"),
            ],
            reviews: [
                "f0": [review("True Positive - Suspicious Activity")],
                "f1": [review("true_positive"), review("disposition:2")],
                "f2": [review("False Positive - Inaccurate Data"), review(nil)], "f3": [review("Undetermined")],
                "f4": [review("benign")], "f5": [review("Other")], "f6": [review("True Positive")],
            ], by: order)
    }

    @Test(arguments: [
        (RuleRanking.Order.events, ["A", "B", "C", "D"]), (.score, ["B", "C", "A", "D"]),
        (.entities, ["B", "C", "A", "D"]),
        (.benign, ["B", "A", "C", "D"]), (.lost, ["C", "B", "A", "D"]),
    ]) func ordersAreTotal(order: RuleRanking.Order, names: [String]) {
        #expect(ranking(order).rules.map(\.searchName) == names)
    }

    @Test func benignRateIsOfTheLastDispositionOfReviewedFindings() {
        let rules = ranking(.events).rules
        #expect(rules[0].incidentCount == 1)
        #expect(rules[0].benignCount == 2)
        #expect(rules[0].benignRate == 2.0 / 3)
        #expect(rules[1].benignRate == 1)
        #expect(rules[2].benignRate == nil)
    }

    @Test func rowsArePlainForMachinesAndReadableForPeople() {
        let a = ranking(.events).rows(forPeople: false)[0]
        func values(_ row: [ResultField], _ name: String) -> [String]? { row.first { $0.name == name }?.values }
        #expect(values(a, "finding_share") == ["0.5"])
        #expect(values(a, "benign_rate") == ["0.666667"])
        #expect(values(a, "last_firing") == ["3"])
        #expect(values(a, "did_not_run") == [])
        let people = ranking(.events).rows(forPeople: true)
        #expect(values(people[0], "benign_rate") == ["66.7%"])
        #expect(values(people[2], "benign_rate") == [])
        #expect(values(people[2], "last_run") == ["1970-01-01T00:00:01.500000Z"])
        #expect(values(people[3], "did_not_run") == ["x"])
    }

    @Test func threatsAreRankedByEntities() {
        func threat(_ value: String, _ entities: Int, _ events: Int) -> ThreatPrevalence {
            ThreatPrevalence(
                threatObject: ThreatObject(value: value, type: "ip"), entityCount: entities, ruleCount: 1,
                riskEventCount: events, firstMicroseconds: 0, lastMicroseconds: 1)
        }
        let threats = [threat("a", 1, 9), threat("b", 3, 3), threat("c", 1, 9), threat("d", 1, 1)]
        func names(_ ranking: ThreatRanking) -> [String] { ranking.threats.map(\.threatObject.value) }
        #expect(names(ThreatRanking(threats, rareFirst: false, limit: nil)) == ["b", "a", "c", "d"])
        #expect(names(ThreatRanking(threats, rareFirst: true, limit: 3)) == ["d", "a", "c"])
        #expect(ThreatRanking(threats, rareFirst: true, limit: 3).totalCount == 4)
    }
}
