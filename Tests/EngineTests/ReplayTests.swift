import Formats
import Risk
import SPL
import Testing

@testable import Engine

@Suite struct ReplayTests {
    private let hour: Int64 = 3_600_000_000
    private let minute: Int64 = 60_000_000

    private func windows(
        _ times: [Int64], cron: String = "0 * * * *", earliest: String = "-70m@m", latest: String = "-10m@m",
        visitsEmpty: Bool = false
    ) throws -> [IncidentWindow] {
        let replay = try Replay(cron: cron, earliest: earliest, latest: latest, zone: .utc)
        var windows: [IncidentWindow] = []
        try replay.forEachWindow(over: times, visitsEmptyWindows: visitsEmpty) { windows.append($0) }
        return windows
    }

    @Test func eachEventFallsIntoExactlyOneHourlyWindow() throws {
        let times = (0..<200).map { Int64($0) * 7 * minute + 13 }
        let windows = try windows(times)
        for time in times {
            #expect(windows.count { $0.startMicroseconds <= time && time < $0.endMicroseconds } == 1)
        }
        #expect(Set(windows.map(\.tickMicroseconds)).count == windows.count)
    }

    @Test func windowsAreHalfOpenToTheMicrosecond() throws {
        let edge = 50 * minute
        #expect(try windows([edge - 1]).map(\.tickMicroseconds) == [hour])
        #expect(try windows([edge]).map(\.tickMicroseconds) == [2 * hour])
    }

    @Test func gapsAreJumpedAndOverlappingWindowsAllSeen() throws {
        let far = 10_000 * hour
        #expect(try windows([0, far]).count == 2)
        let daily = try windows([0], earliest: "-24h@h", latest: "@h")
        #expect(daily.count == 24)
    }

    @Test func emptyWindowsAreVisitedWhenAsked() throws {
        #expect(try windows([0, 5 * hour], visitsEmpty: true).count == 6)
    }

    @Test func aScheduleThatCannotBeReadIsNamed() {
        #expect(throws: Diagnostic.self) { try windows([0], cron: "x * * * *") }
        #expect(throws: Diagnostic.self) { try windows([0], earliest: "yesterday-ish") }
    }

    @Test func timesAtTheEndsOfTheCalendarDoNotStopTheOthers() throws {
        let first: Int64 = -62_135_596_800_000_000
        let last: Int64 = 253_402_300_799_000_000
        let ordinary: Int64 = 1_763_886_000_000_000
        // The run that could see the last second of year 9999 would be in year 10000.
        #expect(try windows([first, ordinary, last]).count == 2)
    }
}
