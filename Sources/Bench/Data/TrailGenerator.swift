/// Invented CloudTrail management events as NDJSON, one after the other: about 1.1 kB each, one in 500 an image upload.
///
/// The times run evenly from Monday 2026-11-16 00:00 UTC to the end of that week. Same seed and count, same bytes: one
/// thread makes them all, as fast as they can be written, so there is nothing that a number of cores could change. What
/// the seed rule must find is counted from the parts an event is made of, by no code that reads events.
public struct TrailGenerator {
    /// 2026-11-16T00:00:00Z, a Monday.
    static let startSeconds = 1_794_787_200
    static let weekSeconds = 7 * 86_400
    /// One of as many events is an upload, at a place that is drawn.
    static let uploadInterval = 500

    private struct Tally {
        var count = 0
        var first = 0
        var last = 0
    }

    public let eventCount: Int
    private let templates: TrailTemplates
    private var random: SplitMix64
    private var nextIndex = 0
    private var uploadIndex = 0
    private var tallies: [Tally]
    private var truth = SeedTruth()

    public init(seed: UInt64, eventCount: Int) {
        random = SplitMix64(seed: seed)
        templates = TrailTemplates(&random)
        tallies = Array(repeating: Tally(), count: templates.uploads.count)
        self.eventCount = eventCount
    }

    /// Appends the next events, whole lines, until `bytes` has at least `size` of them.
    ///
    /// - Returns: false when there are no more events; nothing is appended then.
    public mutating func fill(_ bytes: inout [UInt8], to size: Int) -> Bool {
        guard nextIndex < eventCount else { return false }
        let before = bytes.count
        repeat { appendEvent(to: &bytes) } while nextIndex < eventCount && bytes.count < size
        truth.byteCount += bytes.count - before
        return true
    }

    /// What is true of the events so far.
    public var truthSoFar: SeedTruth {
        var truth = truth
        truth.eventCount = nextIndex
        var rows: [SeedRow.Group: SeedRow] = [:]
        for (template, tally) in zip(templates.uploads, tallies) where tally.count > 0 {
            guard let group = template.upload?.group else { continue }
            let known = rows[group]
            rows[group] = SeedRow(
                group: group, count: tally.count + (known?.count ?? 0),
                firstTime: min(tally.first, known?.firstTime ?? tally.first),
                lastTime: max(tally.last, known?.lastTime ?? tally.last))
        }
        truth.rows = rows.values.sorted()
        return truth
    }

    private mutating func appendEvent(to bytes: inout [UInt8]) {
        if nextIndex % Self.uploadInterval == 0 { uploadIndex = nextIndex + random.below(Self.uploadInterval) }
        let second = nextIndex * Self.weekSeconds / eventCount
        if nextIndex == uploadIndex {
            let number = random.below(templates.uploads.count)
            count(upload: number, second: second)
            append(templates.uploads[number], second: second, to: &bytes)
        } else {
            append(templates.ordinary[random.below(templates.ordinary.count)], second: second, to: &bytes)
        }
        nextIndex += 1
    }

    private mutating func count(upload number: Int, second: Int) {
        guard let upload = templates.uploads[number].upload else { return }
        if upload.saysPutImage { truth.wordLineCount += 1 }
        let hour = second / 3_600 % 24
        guard hour >= 20 || hour < 8 || second / 86_400 >= 5 else { return }
        truth.matchedEventCount += 1
        let time = Self.startSeconds + second
        // Times only grow.
        if tallies[number].count == 0 { tallies[number].first = time }
        tallies[number].last = time
        tallies[number].count += 1
    }

    private mutating func append(_ template: TrailTemplate, second: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: template.pieces[0])
        Self.appendTime(second, to: &bytes)
        for piece in 1...2 {
            bytes.append(contentsOf: template.pieces[piece])
            appendIdentifier(to: &bytes)
        }
        bytes.append(contentsOf: template.pieces[3])
    }

    /// `2026-11-16T00:00:00Z` and on, within the month.
    private static func appendTime(_ second: Int, to bytes: inout [UInt8]) {
        func two(_ number: Int, _ mark: StaticString) {
            bytes.append(UInt8(truncatingIfNeeded: 48 + number / 10))
            bytes.append(UInt8(truncatingIfNeeded: 48 + number % 10))
            bytes.append(mark.utf8Start.pointee)
        }
        bytes.append(contentsOf: "2026-11-".utf8)
        two(16 + second / 86_400, "T")
        two(second / 3_600 % 24, ":")
        two(second / 60 % 60, ":")
        two(second % 60, "Z")
    }

    /// 32 hexadecimal digits in the groups of a UUID.
    private mutating func appendIdentifier(to bytes: inout [UInt8]) {
        var words = (random.next(), random.next())
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { bytes.append(UInt8(ascii: "-")) }
            let digit = UInt8(truncatingIfNeeded: words.0 >> 60)
            bytes.append(digit < 10 ? 48 + digit : 87 + digit)
            words.0 <<= 4
            if place == 15 { words.0 = words.1 }
        }
    }
}
