import Formats
import Testing

private func next(_ schedule: String, after text: String, zone: TimeZoneRules = .utc) throws -> String? {
    let clock = try TimeFormat("%Y-%m-%d %H:%M")
    let start = try #require(clock.parse(Array(text.utf8), zone: zone)).microseconds / 1_000_000
    guard let due = try CronSchedule(schedule).next(after: start, zone: zone) else { return nil }
    return String(decoding: clock.format(microseconds: due * 1_000_000, zone: zone), as: UTF8.self)
}

struct CronScheduleTests {
    /// 2026-11-23 is a Monday.
    @Test(arguments: [
        ("*/5 * * * *", "2026-11-23 10:11", "2026-11-23 10:15"), ("0 * * * *", "2026-11-23 23:00", "2026-11-24 00:00"),
        ("30 6 * * *", "2026-11-23 06:30", "2026-11-24 06:30"), ("0 0 1 * *", "2026-11-23 10:11", "2026-12-01 00:00"),
        ("0 0 29 2 *", "2026-11-23 10:11", "2028-02-29 00:00"), ("0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00"),
        ("15,45 8-10 * * mon-fri", "2026-11-27 10:45", "2026-11-30 08:15"),
        ("0 12 * jan,JULY sun", "2026-11-23 10:11", "2027-01-03 12:00"),
        ("0 0 13 * 5", "2026-11-23 10:11", "2026-11-27 00:00"), ("0 0 */2 * 1", "2026-11-24 00:00", "2026-12-07 00:00"),
        ("0 0 * * 7", "2026-11-23 10:11", "2026-11-29 00:00"),
        ("10-50/20 3 * * *", "2026-11-23 03:10", "2026-11-23 03:30"),
        ("5/20 * * * *", "2026-11-23 10:11", "2026-11-23 10:25"), ("@hourly", "2026-11-23 10:11", "2026-11-23 11:00"),
        ("@daily", "2026-11-23 10:11", "2026-11-24 00:00"), ("@weekly", "2026-11-23 10:11", "2026-11-29 00:00"),
        ("@monthly", "2026-11-23 10:11", "2026-12-01 00:00"), ("@yearly", "2026-11-23 10:11", "2027-01-01 00:00"),
        (" 0  0 * * 3-7/2 ", "2026-11-23 10:11", "2026-11-25 00:00"),
    ])
    func schedulesComeDue(_ sample: (schedule: String, after: String, expected: String)) throws {
        #expect(try next(sample.schedule, after: sample.after) == sample.expected)
    }

    @Test func aDayThatNeverComesIsNil() throws {
        #expect(try next("0 0 30 2 *", after: "2026-11-23 10:11") == nil)
        #expect(try next("* * 30 2 *", after: "2026-11-23 10:11") == nil)
    }

    @Test func daylightSavingNeitherSkipsNorDoubles() throws {
        let berlin = try TimeZoneRules(tzif: zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3"), name: "Europe/Berlin")
        #expect(try next("30 2 * * *", after: "2026-03-28 02:30", zone: berlin) == "2026-03-29 03:30")
        #expect(try next("30 2 * * *", after: "2026-03-29 03:30", zone: berlin) == "2026-03-30 02:30")
        #expect(try next("30 2 * * *", after: "2026-10-25 02:30", zone: berlin) == "2026-10-26 02:30")
        // Every half hour there are 50 runs on the day of 25 hours.
        let schedule = try CronSchedule("*/30 * * * *")
        var due: Int64 = 1_792_879_200 - 1
        var runs = 0
        while let later = schedule.next(after: due, zone: berlin), later < 1_792_969_200 {
            due = later
            runs += 1
        }
        #expect(runs == 50)
    }

    @Test(arguments: [
        ("* * * *", 0), ("* * * * * *", 0), ("60 * * * *", 0), ("* 24 * * *", 2), ("* * 0 * *", 4), ("* * * 13 *", 6),
        ("* * * * 8", 8), ("* * * * funday", 8), ("*/0 * * * *", 0), ("5-1 * * * *", 0), ("1,,2 * * * *", 2),
        ("* * L * *", 4),
        ("* * * * 1#2", 8), ("-1 * * * *", 0), ("1/2/3 * * * *", 0), ("@reboot", 0), ("", 0), ("* * ? * *", 4),
    ])
    func errorsNameThePlace(_ sample: (schedule: String, offset: Int)) throws {
        let error = try #require(throws: CronScheduleError.self) { try CronSchedule(sample.schedule) }
        #expect(error.offset == sample.offset)
    }
}
