import ArgumentParser
import Search

/// How far back a ranking looks; it ends at `--latest`, or now.
struct WindowOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "How far back, such as 30d; or a time: a modifier, ISO 8601 or epoch.")
    var since = "30d"

    /// UTC microseconds, half-open.
    func range(_ common: CommonOptions, now: Int64) throws -> (start: Int64, end: Int64) {
        // A bare duration looks back; bare digits are epoch seconds.
        let digits = since.prefix { ("0"..."9").contains($0) }
        let isDuration =
            !digits.isEmpty && since.dropFirst(digits.count).first.map { ("a"..."z").contains($0) } ?? false
        let range = try common.range(now: now)
        let start = try common.time(isDuration ? "-" + since : since, option: "--since", now: now)
        return (max(start, range.earliest ?? .min), range.latest ?? now)
    }
}
