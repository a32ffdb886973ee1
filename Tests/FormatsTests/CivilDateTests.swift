import Formats
import Testing

struct CivilDateTests {
    @Test func daysAreCountedFrom1970() throws {
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.daysSinceEpoch == 0)
        #expect(CivilDate(year: 2000, month: 2, day: 29)?.daysSinceEpoch == 11_016)
        #expect(CivilDate(year: 1969, month: 12, day: 31)?.daysSinceEpoch == -1)
        #expect(CivilDate(year: -9999, month: 1, day: 1)?.daysSinceEpoch == -4_371_587)
        #expect(CivilDate(year: 9999, month: 12, day: 31)?.daysSinceEpoch == 2_932_896)
    }

    @Test func everyDayComesBackFromItsNumber() throws {
        var previous = CivilDate(daysSinceEpoch: -4_371_588)
        var mistakes = 0
        for days in -4_371_587...2_932_896 {
            let date = CivilDate(daysSinceEpoch: days)
            if date.daysSinceEpoch != days || previous >= date { mistakes += 1 }
            previous = date
        }
        #expect(mistakes == 0)
    }

    @Test(arguments: [
        (1900, 2, 29), (2023, 2, 29), (2024, 2, 30), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0),
        (10_000, 1, 1),
    ])
    func daysThatDoNotExistAreRefused(_ parts: (Int, Int, Int)) {
        #expect(CivilDate(year: parts.0, month: parts.1, day: parts.2) == nil)
    }

    @Test func weekdaysAndWeeks() throws {
        let date = try #require(CivilDate(year: 2026, month: 11, day: 23))
        #expect(date.weekday == 1)
        #expect(date.dayOfYear == 327)
        #expect(date.isoWeek == (2026, 48))
        #expect(try #require(CivilDate(year: 2021, month: 1, day: 3)).isoWeek == (2020, 53))
        #expect(try #require(CivilDate(year: 2018, month: 12, day: 31)).isoWeek == (2019, 1))
        #expect(try #require(CivilDate(year: 1, month: 1, day: 1)).weekday == 1)
    }

    @Test func monthsAreClampedToTheirLength() throws {
        let last = try #require(CivilDate(year: 2024, month: 1, day: 31))
        #expect(last.adding(months: 1) == CivilDate(year: 2024, month: 2, day: 29))
        #expect(last.adding(months: 13) == CivilDate(year: 2025, month: 2, day: 28))
        #expect(last.adding(months: -2) == CivilDate(year: 2023, month: 11, day: 30))
    }

    @Test func secondsBeforeTheEpochAreFloored() {
        let civil = CivilDateTime(localSeconds: -1)
        #expect(civil == CivilDateTime(date: CivilDate(daysSinceEpoch: -1), hour: 23, minute: 59, second: 59))
        #expect(civil.localSeconds == -1)
    }
}
