import Formats
import Matching

// SHOULD_LINEMERGE: which lines begin an event of their own. Source: Admin Manual 9.3, props.conf, "how multi-line events
// are handled"; where the page leaves it open, recordings of a Splunk 10.4: an event has MAX_EVENTS lines besides its
// first, MUST_BREAK_AFTER alone makes every line an event, MUST_NOT_BREAK_BEFORE changes nothing.

struct LineMerging: Sendable {
    private let breakBefore: Regex?
    private let breaksBeforeDate: Bool
    private let mustBreakAfter: Regex?
    private let mustNotBreakAfter: Regex?
    private let maximumLines: Int
    private let timestamps: TimestampRules

    private static let asking = ["BREAK_ONLY_BEFORE", "MUST_BREAK_AFTER", "MUST_NOT_BREAK_AFTER"]

    /// Splunk merges lines of every sourcetype that does not forbid it. Here a sourcetype must ask: by SHOULD_LINEMERGE,
    /// or by a rule that says nothing otherwise.
    static func isAsked(_ settings: OriginSettings) -> Bool {
        if let flag = settings["SHOULD_LINEMERGE"].flatMap({ ConfFile.boolean($0.text) }) { return flag }
        return asking.contains { settings[$0]?.text.isEmpty == false }
            || settings["BREAK_ONLY_BEFORE_DATE"].flatMap { ConfFile.boolean($0.text) } == true
    }

    init?(_ settings: OriginSettings, _ timestamps: TimestampRules, _ problems: inout ProblemList) {
        _ = settings.flag("SHOULD_LINEMERGE", &problems)
        guard Self.isAsked(settings) else { return nil }
        breakBefore = settings.regex("BREAK_ONLY_BEFORE", &problems)
        breaksBeforeDate = settings.flag("BREAK_ONLY_BEFORE_DATE", &problems) ?? true
        mustBreakAfter = settings.regex("MUST_BREAK_AFTER", &problems)
        mustNotBreakAfter = settings.regex("MUST_NOT_BREAK_AFTER", &problems)
        let continuation = settings.count("MAX_EVENTS", &problems) ?? 256
        maximumLines = max(1, continuation) + 1
        self.timestamps = timestamps
    }

    /// Those of the `breaks` between lines that lie between events.
    ///
    /// - Parameter text: begins with an event.
    func eventBreaks(_ breaks: [Range<Int>], in text: UnsafeRawBufferPointer) -> [Range<Int>] {
        var kept: [Range<Int>] = []
        var lineStart = 0
        var lineCount = 1
        var isHeld = false
        for (index, gap) in breaks.enumerated() where gap.lowerBound >= lineStart {
            let nextEnd = index + 1 < breaks.count ? max(breaks[index + 1].lowerBound, gap.upperBound) : text.count
            let line = UnsafeRawBufferPointer(rebasing: text[lineStart..<gap.lowerBound])
            let next = UnsafeRawBufferPointer(rebasing: text[gap.upperBound..<nextEnd])
            let isLast = gap.upperBound == text.count
            if isLast || lineCount == maximumLines || isEnd(line, next, &isHeld) {
                kept.append(gap)
                lineCount = 1
                isHeld = false
            } else {
                lineCount += 1
            }
            lineStart = gap.upperBound
        }
        return kept
    }

    /// - Parameter isHeld: MUST_NOT_BREAK_AFTER matched, and MUST_BREAK_AFTER has not since.
    private func isEnd(_ line: UnsafeRawBufferPointer, _ next: UnsafeRawBufferPointer, _ isHeld: inout Bool) -> Bool {
        if matches(mustBreakAfter, line) { return true }
        if isHeld || matches(mustNotBreakAfter, line) {
            isHeld = true
            return false
        }
        if let breakBefore { return matches(breakBefore, next) }
        // No year and no date is needed to see that there is one: any reference will do.
        if breaksBeforeDate { return timestamps.parse(next, zone: .utc, referenceMicroseconds: 0) != nil }
        return mustBreakAfter != nil
    }

    private func matches(_ regex: Regex?, _ line: UnsafeRawBufferPointer) -> Bool {
        regex.map { (try? $0.matches(line)) ?? false } ?? false
    }
}

/// Where the text of an origin is cut into events: LINE_BREAKER, and SHOULD_LINEMERGE and what belongs to it.
public struct EventBreaking: Sendable {
    private let lineBreaker: Regex
    private let merging: LineMerging?

    /// - Returns: nil where each line is an event.
    init?(_ settings: OriginSettings, _ addons: AddonSet, _ problems: inout ProblemList) {
        let timestamps = TimestampRules(settings, zones: addons.zones, &problems)
        merging = LineMerging(settings, timestamps, &problems)
        // A pattern without a group says nothing of what lies between; lines are cut as ever, as Splunk does.
        let breaker = settings.regex("LINE_BREAKER", &problems).flatMap { $0.groupCount == 0 ? nil : $0 }
        guard breaker != nil || merging != nil, let regex = breaker ?? (try? Regex("([\\r\\n]+)")) else { return nil }
        lineBreaker = regex
    }

    /// What lies between two events of `text`, which begins with one, ascending. A pattern that gives up breaks nothing
    /// more.
    public func breaks(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
        var breaks: [Range<Int>] = []
        var position = 0
        while position <= text.count, let match = (try? lineBreaker.firstMatch(in: text, from: position)) ?? nil {
            // Of several groups the first that took part; where none did, nothing lies between.
            let gap = match.groups.dropFirst().lazy.compactMap { $0 }.first
            breaks.append(gap ?? match.range.lowerBound..<match.range.lowerBound)
            position = max(match.range.upperBound, position + 1)
        }
        return merging?.eventBreaks(breaks, in: text) ?? breaks
    }
}
