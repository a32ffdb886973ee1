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
        checkCron(cron, at: reader["cron_schedule"]?.position ?? .start, &report)
        for key in ["earliest_time", "latest_time"] {
            let value = (reader.text(key, &report) ?? "").trimmingBlanks()
            if value.contains(where: \.isWhitespace) {
                report.error(
                    ContentCode.malformedTime, "'\(reader.name(key))' is '\(shortened(value))', not a time modifier",
                    at: reader[key]?.position ?? .start, hint: "write it like '-70m@m', 'now' or '0'")
            }
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

    /// Looks at the shape only: five fields of digits, names, `*`, `/`, `-` and `,`.
    private static func checkCron(_ cron: String, at position: TextPosition, _ report: inout ContentReport) {
        let fields = cron.split(whereSeparator: \.isWhitespace)
        let isWellFormed =
            fields.count == 5
            && fields.allSatisfy { field in
                field.allSatisfy { ($0.isASCII && ($0.isNumber || $0.isLetter)) || "*/-,".contains($0) }
            }
        guard !isWellFormed else { return }
        report.error(
            ContentCode.malformedTime, "'\(shortened(cron))' is not a cron schedule", at: position,
            hint: "five fields: minute, hour, day of month, month, day of week, like '0 * * * *'")
    }
}
