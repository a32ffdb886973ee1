/// When a search runs and over which time.
public struct Schedule: Sendable, Hashable {
    /// Five fields: minute, hour, day, month, weekday.
    public var cron: String
    /// Splunk time modifiers, relative to the scheduled time.
    public var earliest: String
    public var latest: String
    /// Splunk's `schedule_window` as written: `auto` or minutes.
    public var windowText: String

    public init(cron: String, earliest: String, latest: String, windowText: String = "auto") {
        self.cron = cron
        self.earliest = earliest
        self.latest = latest
        self.windowText = windowText
    }

    /// Hourly over an hour that ended ten minutes ago: ESCU's default for detections.
    public static let detectionDefault = Schedule(cron: "0 * * * *", earliest: "-70m@m", latest: "-10m@m")
    /// Daily at ten past midnight: ESCU's default for baselines.
    public static let baselineDefault = Schedule(cron: "10 0 * * *", earliest: "-1450m@m", latest: "-10m@m")
}

/// A schedule with a name that detections refer to (ESCU 6).
public struct NamedSchedule: Sendable, Hashable {
    public var name: String
    public var schedule: Schedule
    public var file: String

    /// The names that ESCU 6 uses where a file names none.
    public static let detectionDefaultName = "Default EventBasedDetection"
    public static let baselineDefaultName = "Default Baseline"
}

/// Schedule by detection type (to ESCU 5).
public struct Deployment: Sendable, Hashable {
    public var name: String
    public var type: Detection.Kind
    public var schedule: Schedule
    public var file: String
}
