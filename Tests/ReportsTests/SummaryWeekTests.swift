import Formats
import Foundation
import Testing

@testable import Reports

@Suite struct SummaryWeekTests {
    private static let berlin = try? TimeZoneRules(
        tzif: Array(Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin"))), name: "Europe/Berlin")

    @Test func aWeekRunsFromMondayToMonday() throws {
        let week = try SummaryWeek("2026-W47", zone: .utc)
        #expect(week.startMicroseconds == (try microseconds("2026-11-16T00:00:00Z")))
        #expect(week.endMicroseconds == (try microseconds("2026-11-23T00:00:00Z")))
        #expect(week.name == "2026-W47")
        #expect(week.previous.name == "2026-W46")
        #expect(week.previous.endMicroseconds == week.startMicroseconds)
    }

    @Test func weeksCrossYears() throws {
        #expect(try SummaryWeek("2027-W01", zone: .utc).previous.name == "2026-W53")
        #expect(try SummaryWeek("2026-W53", zone: .utc).endMicroseconds == microseconds("2027-01-04T00:00:00Z"))
        #expect(try SummaryWeek("2025-w01", zone: .utc).startMicroseconds == microseconds("2024-12-30T00:00:00Z"))
    }

    @Test(arguments: [
        "", "2026", "2026-47", "2026W47", "2026-W00", "2026-W54", "2025-W53", "2026-W4", "2026-W477", "+026-W47",
        "2026-W-1", "２０２６-W47", "2026-X47",
    ])
    func otherTextIsNoWeek(text: String) {
        #expect {
            _ = try SummaryWeek(text, zone: .utc)
        } throws: { error in
            (error as? SummaryWeekError)?.code == "E701" && "\(error)".contains("as in 2026-W47")
        }
    }

    @Test func theLastWholeWeekEndsAtOrBeforeNow() throws {
        func last(_ now: String, _ offset: Int64 = 0) throws -> String {
            SummaryWeek.lastWhole(before: try microseconds(now) + offset, zone: .utc).name
        }
        #expect(try last("2026-11-23T00:00:00Z") == "2026-W47")
        #expect(try last("2026-11-23T00:00:00Z", -1) == "2026-W46")
        #expect(try last("2026-11-29T23:59:59Z") == "2026-W47")
    }

    @Test(.enabled(if: SummaryWeekTests.berlin != nil)) func daylightSavingChangesTheLengthOfAWeek() throws {
        let berlin = try #require(SummaryWeekTests.berlin)
        let spring = try SummaryWeek("2026-W13", zone: berlin)
        #expect(spring.startMicroseconds == (try microseconds("2026-03-22T23:00:00Z")))
        #expect(spring.endMicroseconds - spring.startMicroseconds == 167 * 3_600_000_000)
        let autumn = try SummaryWeek("2026-W43", zone: berlin)
        #expect(autumn.endMicroseconds - autumn.startMicroseconds == 169 * 3_600_000_000)
        #expect(autumn.dayIndex(autumn.endMicroseconds - 1) == 6)
        #expect(autumn.dayIndex(autumn.endMicroseconds) == nil)
        #expect(SummaryWeek.lastWhole(before: autumn.endMicroseconds, zone: berlin) == autumn)
    }
}
