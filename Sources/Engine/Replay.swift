import Columns
import Formats
import Risk
import SPL
import Search

/// The runs of a schedule that can see given events: every tick whose window holds at least one of them, or every tick
/// over the data's range for a search that returns a row even for nothing.
///
/// Source: contentctl's savedsearches template: cron `0 * * * *`, -70m@m to -10m@m, no skew when replayed.
struct Replay {
    private let cron: CronSchedule
    private let earliest: RelativeTime
    private let latest: RelativeTime
    private let zone: TimeZoneRules

    /// More runs than these for one rule mean a broken clock in the data or a schedule by the second.
    static let maximumRuns = 2_000_000

    /// 9999-12-31T23:59:59Z. Later runs have no date, so an event in the year's last minutes has no run that sees it.
    private static let endOfCalendarSeconds: Int64 = 253_402_300_799

    /// - Throws: E349 for a cron text or a time modifier that cannot be read.
    init(cron: String, earliest: String, latest: String, zone: TimeZoneRules) throws(Diagnostic) {
        do {
            self.cron = try CronSchedule(cron)
        } catch {
            throw Diagnostic("E349", "schedule '\(cron)' cannot be read: \(error.message)", hint: error.hint)
        }
        do {
            self.earliest = try RelativeTime.parse(earliest)
            self.latest = try RelativeTime.parse(latest)
        } catch {
            throw Diagnostic("E349", "schedule window '\(earliest)' to '\(latest)' cannot be read: \(error.message)")
        }
        self.zone = zone
    }

    /// The window of the run at a time, whether the schedule has one there or not.
    func window(atMicroseconds tick: Int64) -> IncidentWindow { window(at: floorSeconds(tick)) }

    /// - Parameters:
    ///   - times: event times, ascending.
    ///   - visitsEmptyWindows: also the ticks whose window holds none of them, from the first event to the last.
    ///   - visitsOneAfter: also the first tick whose window holds none of them after one that did.
    ///   - body: called in order of time.
    func forEachWindow(
        over times: [Int64], visitsEmptyWindows: Bool, visitsOneAfter: Bool = false,
        _ body: (IncidentWindow) throws -> Void
    ) throws {
        guard let first = times.first, let last = times.last else { return }
        // A window may end before its tick, so the first tick that can see an event may be one before it too.
        guard var tick = cron.next(after: floorSeconds(first) - 1, zone: zone) else { return }
        var runs = 0
        var heldEvents = false
        while tick <= Self.endOfCalendarSeconds {
            let window = window(at: tick)
            if window.startMicroseconds > last {
                if visitsOneAfter, heldEvents { try body(window) }
                return
            }
            let next = times.firstIndex(atOrAfter: window.startMicroseconds)
            let holdsEvents = next < times.count && times[next] < window.endMicroseconds
            let isWanted =
                holdsEvents || (visitsEmptyWindows && window.endMicroseconds > first) || (visitsOneAfter && heldEvents)
            if isWanted { try body(window) }
            heldEvents = holdsEvents
            runs += 1
            guard runs < Self.maximumRuns else {
                throw Diagnostic(
                    "E350", "schedule makes more than \(Self.maximumRuns) runs over the data",
                    hint: "check the timestamps of the events, or use --earliest, --latest or --once")
            }
            guard let following = cron.next(after: tick, zone: zone) else { return }
            tick = following
            if !holdsEvents, !visitsEmptyWindows, next < times.count {
                // Jump over the gap: no tick before the next event can see it, as long as windows end in the past.
                let jump = floorSeconds(times[next]) - 1
                if jump > tick, window.endMicroseconds <= window.tickMicroseconds {
                    guard let landed = cron.next(after: jump, zone: zone) else { return }
                    tick = landed
                }
            }
        }
    }

    private func window(at tickSeconds: Int64) -> IncidentWindow {
        let tick = tickSeconds * 1_000_000
        return IncidentWindow(
            tickMicroseconds: tick, startMicroseconds: earliest.resolve(now: tick, zone: zone),
            endMicroseconds: latest.resolve(now: tick, zone: zone))
    }

    private func floorSeconds(_ microseconds: Int64) -> Int64 {
        let seconds = microseconds / 1_000_000
        return microseconds % 1_000_000 < 0 ? seconds - 1 : seconds
    }
}
