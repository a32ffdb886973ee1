import Content
import SPL
import Testing

@Suite struct ScheduleTests {
    private func detection(_ rest: String, type: String = "Anomaly") -> (name: String, text: String) {
        ("d.yml", "name: d\nid: 1\ntype: \(type)\nsearch: index=x\n" + rest)
    }

    private let rba = "rba: {message: $u$, risk_objects: [{field: u, type: user, score: 1}]}\n"
    private let findings = "intermediate_findings: {entities: [{field: u, type: user, score: 1, message: $u$}]}\n"
    private let deployment = (
        name: "deployments/a.yml",
        text: "name: a\nid: 2\ntype: Anomaly\n"
            + "scheduling: {cron_schedule: 5 * * * *, earliest_time: -2h, latest_time: now}"
    )
    private let schedule = (
        name: "schedules/s.yml",
        text: "name: Default EventBasedDetection\ncron_schedule: 7 * * * *\nearliest_time: -3h\nlatest_time: -1h"
    )

    private func cron(_ files: [(name: String, text: String)]) -> String? {
        Repository.catalog(files).detections.first?.schedule.cron
    }

    @Test func hourlyWithTenMinutesLagIsTheDefault() {
        let schedule = Repository.catalog([detection(rba)]).detections.first?.schedule
        #expect(schedule == Schedule(cron: "0 * * * *", earliest: "-70m@m", latest: "-10m@m", windowText: "auto"))
    }

    @Test func olderGenerationsTakeTheDeploymentOfTheirType() {
        #expect(cron([detection(rba), deployment]) == "5 * * * *")
        #expect(cron([detection(rba, type: "TTP"), deployment]) == "0 * * * *")
        #expect(cron([detection(findings), deployment]) == "0 * * * *")
    }

    @Test func newestGenerationTakesTheNamedDefault() {
        #expect(cron([detection(findings), schedule, deployment]) == "7 * * * *")
    }

    @Test func theFilesOwnScheduleWins() {
        let own = "{cron_schedule: 1 2 * * *, earliest_time: -1d, latest_time: now, schedule_window: 15}"
        let given = Repository.catalog([detection(findings + "custom_schedule: \(own)"), schedule]).detections.first
        #expect(given?.schedule == Schedule(cron: "1 2 * * *", earliest: "-1d", latest: "now", windowText: "15"))
        #expect(cron([detection(rba + "deployment: {scheduling: \(own)}"), deployment]) == "1 2 * * *")
    }

    @Test func anUnknownScheduleIsReportedAndTheDefaultUsed() {
        let catalog = Repository.catalog([detection(findings + "schedule: Default EventBasedDetektion"), schedule])
        #expect(catalog.detections.first?.schedule.cron == "7 * * * *")
        #expect(
            catalog.problems.map(\.description) == [
                """
                d.yml:6:11: warning[E413]: unknown schedule 'Default EventBasedDetektion'; the default is used
                  hint: did you mean 'Default EventBasedDetection'?
                """
            ])
    }

    @Test func baselinesRunDaily() {
        let catalog = Repository.catalog([
            ("baselines/b.yml", "name: b\nid: 3\nsearch: index=x | outputlookup t\nsecurity_domain: audit")
        ])
        #expect(catalog.baselines.first?.schedule == .baselineDefault)
        #expect(catalog.problems.isEmpty)
    }
}
