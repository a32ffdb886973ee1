import Columns
import SPL

/// The functions of `streamstats`, fed row by row.
struct StreamStatistics: Sendable {
    /// What the functions need of one row.
    struct Row: Sendable {
        /// One value a call.
        var values: [Value]
        /// `_time` in seconds; nil where it is none.
        var time: Double?
        var microseconds: Int64? {
            time.flatMap { abs($0) < 9e12 ? Int64(($0 * 1_000_000).rounded()) : nil }
        }
    }

    private struct Entry: Sendable {
        var index: Int
        var row: Row
    }

    private let calls: [StatsCommand.Call]
    private let window: StreamWindow?
    private let includesPresent: Bool
    private var functions: [StreamFunction]

    /// Groups are numbered anew after each reset, so that a reset does not cost one step a group.
    private var generation = 1
    private var generationOfGroup: [Int] = []
    private var numberOfGroup: [Int] = []
    private var groupCount = 0

    private var index = 0
    /// Per group the rows of its window, oldest first.
    private var entries: [RowQueue<Entry>] = []
    /// The same rows over all groups, where they leave together.
    private var order = RowQueue<(group: Int, index: Int, time: Int64?)>()
    private var lastTime: Int64?
    private var ascends: Bool?

    init(calls: [StatsCommand.Call], window: StreamWindow?, includesPresent: Bool) {
        self.calls = calls
        self.window = window
        self.includesPresent = includesPresent
        functions = calls.map { StreamFunction($0, hasWindow: window != nil) }
    }

    /// Forgets all rows.
    mutating func reset() {
        generation += 1
        groupCount = 0
        functions = calls.map { StreamFunction($0, hasWindow: window != nil) }
        entries = []
        order = RowQueue()
    }

    /// Takes the next row and gives its results, one a call.
    ///
    /// - Parameter groups: those that the row is in, more than one for a multivalue key.
    mutating func results(
        _ row: Row, groups: ArraySlice<Int>, _ context: inout ExecutionContext
    ) -> [Value] {
        let groups = groups.map { number(of: $0) }
        for position in functions.indices { functions[position].grow(to: groupCount) }
        if let window {
            entries.pad(to: groupCount, with: RowQueue())
            evict(window, before: row, in: groups, &context)
        }
        if includesPresent { add(row, to: groups) }
        let results = functions.map { function in
            groups.count == 1
                ? function.result(groups[0], &context)
                : GroupResults.joined(groups) { function.result($0, &context) }
        }
        if !includesPresent { add(row, to: groups) }
        index += 1
        return results
    }

    private mutating func add(_ row: Row, to groups: [Int]) {
        for group in groups {
            for (position, value) in row.values.enumerated() {
                functions[position].add(value, group: group, time: row.time)
            }
            guard let window else { continue }
            entries[group].append(Entry(index: index, row: row))
            if !window.isPerGroup || window.span != nil { order.append((group, index, row.microseconds)) }
        }
    }

    /// Lets go of what is no longer in the window of the row that comes next.
    private mutating func evict(
        _ window: StreamWindow, before row: Row, in groups: [Int], _ context: inout ExecutionContext
    ) {
        if let span = window.span, let time = row.microseconds {
            if let lastTime, time != lastTime {
                if ascends == nil { ascends = time > lastTime }
                if ascends != (time > lastTime) {
                    context.warn(
                        "W306", "rows are not in the order of time; time_window needs them to be",
                        hint: "sort 0 _time before streamstats")
                }
            }
            lastTime = time
            let bounds = span.bounds(around: time, context.zone)
            while let oldest = order.first, let old = oldest.time, !bounds.contains(old) { removeOldest() }
        }
        guard let rows = window.rows else { return }
        let kept = rows - (includesPresent ? 1 : 0)
        if window.isPerGroup {
            for group in groups { while entries[group].count > kept { removeFirst(of: group) } }
        } else {
            while let oldest = order.first, oldest.index < index - kept {
                if window.span != nil, rows >= context.limits.streamWindowRows { Self.warnOfLimit(&context) }
                removeOldest()
            }
        }
    }

    static func warnOfLimit(_ context: inout ExecutionContext) {
        context.warn(
            "W305", "streamstats looks back over \(context.limits.streamWindowRows) rows at most",
            hint: "use a smaller window, or none: window=0 takes all rows")
    }

    private mutating func removeOldest() {
        guard let oldest = order.popFirst() else { return }
        // A window of the group's own may have let go of it before.
        if entries[oldest.group].first?.index == oldest.index { removeFirst(of: oldest.group) }
    }

    private mutating func removeFirst(of group: Int) {
        guard let entry = entries[group].popFirst() else { return }
        for (position, value) in entry.row.values.enumerated() {
            functions[position].removeFirst(value, group: group, time: entry.row.time)
        }
    }

    private mutating func number(of group: Int) -> Int {
        generationOfGroup.pad(to: group + 1, with: 0)
        numberOfGroup.pad(to: group + 1, with: 0)
        if generationOfGroup[group] != generation {
            generationOfGroup[group] = generation
            numberOfGroup[group] = groupCount
            groupCount += 1
        }
        return numberOfGroup[group]
    }
}
