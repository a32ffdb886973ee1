import Formats

/// How a file says when its search runs.
enum ScheduleChoice {
    case given(Schedule)
    case named(String, TextPosition)
    /// Nothing said: what its kind's default is.
    case none
}

enum ScheduleReader {
    static func choice(_ top: MappingReader, _ report: inout ContentReport) -> ScheduleChoice {
        if let custom = top.mapping("custom_schedule", known: ContentKeys.schedule, &report) {
            return schedule(custom, &report).map(ScheduleChoice.given) ?? .none
        }
        if let deployment = top.mapping("deployment", known: ContentKeys.inlineDeployment, &report),
            let scheduling = deployment.mapping("scheduling", known: ContentKeys.scheduling, &report)
        {
            return schedule(scheduling, &report).map(ScheduleChoice.given) ?? .none
        }
        if let name = top.text("schedule", &report) {
            return .named(name, top["schedule"]?.position ?? .start)
        }
        return .none
    }

    static func schedule(_ reader: MappingReader, _ report: inout ContentReport) -> Schedule? {
        guard let cron = reader.requiredText("cron_schedule", &report),
            let earliest = reader.requiredText("earliest_time", &report),
            let latest = reader.requiredText("latest_time", &report)
        else { return nil }
        checkTime(reader, "cron_schedule", &report) { text throws(CronScheduleError) in
            _ = try CronSchedule(text)
        }
        for key in ["earliest_time", "latest_time"] {
            checkTime(reader, key, &report) { text throws(TimeModifierError) in _ = try RelativeTime.parse(text) }
        }
        return Schedule(
            cron: cron.trimmingBlanks(), earliest: earliest.trimmingBlanks(), latest: latest.trimmingBlanks(),
            windowText: reader.text("schedule_window", &report) ?? "auto")
    }

    static func throttling(_ reader: MappingReader?, _ report: inout ContentReport) -> Throttling? {
        guard let reader else { return nil }
        let fields = reader.commaSeparatedTexts("fields", &report)
        guard let period = reader.requiredText("period", &report) else { return nil }
        guard let seconds = seconds(period) else {
            report.error(
                ContentCode.malformedTime, "'\(reader.name("period"))' is '\(shortened(period))', not a period",
                at: reader["period"]?.position ?? .start, hint: "write it like '30m', '24h' or '86400s'")
            return nil
        }
        guard !fields.isEmpty else {
            reader.missing("fields", &report)
            return nil
        }
        return Throttling(fields: fields, periodSeconds: seconds)
    }

    /// `90s`, `30m`, `24h`, `7d`, or seconds without a unit.
    private static func seconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let unit: Int? =
            switch text.dropFirst(digits.count) {
            case "", "s": 1
            case "m": 60
            case "h": 3600
            case "d": 86400
            default: nil
            }
        guard let unit else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : seconds
    }

    /// Reports what the reader of cron lines or of time modifiers says against a value.
    private static func checkTime<Failure: MalformedTime>(
        _ reader: MappingReader, _ key: String, _ report: inout ContentReport,
        _ parse: (String) throws(Failure) -> Void
    ) {
        guard let text = reader.text(key, &report)?.trimmingBlanks() else { return }
        let position = reader[key]?.position ?? .start
        guard text.utf8.count <= 200 else {
            report.error(ContentCode.malformedTime, "'\(reader.name(key))' is longer than 200 bytes", at: position)
            return
        }
        do throws(Failure) {
            try parse(text)
        } catch {
            report.error(ContentCode.malformedTime, error.message, at: position, hint: error.hint)
        }
    }
}

private protocol MalformedTime: Error {
    var message: String { get }
    var hint: String? { get }
}

extension CronScheduleError: MalformedTime {}
extension TimeModifierError: MalformedTime {}
