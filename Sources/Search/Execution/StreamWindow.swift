import Columns
import Formats
import SPL

/// How far back `streamstats` looks; without one it looks back to the first row.
struct StreamWindow: Sendable {
    /// The most rows, the present one included unless it takes no part; nil where only the span bounds.
    var rows: Int?
    /// `rows` counts those of each group for itself.
    var isPerGroup = false
    /// Rows up to that far from the present one in time, the bound included.
    var span: Span?

    /// A time span in both directions, because events come newest first and sorted ones oldest first.
    struct Span: Sendable {
        let text: String
        private let back: RelativeTime
        private let forward: RelativeTime

        /// - Parameter text: `5m`, `2d`, `1mon`; nil for anything else.
        init?(_ text: String) {
            let text = text.lowercased()
            let digits = text.utf8.prefix { $0 &- 48 < 10 }
            let unit = text.utf8.dropFirst(digits.count)
            guard !digits.isEmpty, digits.contains(where: { $0 != UInt8(ascii: "0") }), !unit.isEmpty,
                unit.allSatisfy({ $0 &- UInt8(ascii: "a") < 26 }),
                let back = try? RelativeTime.parse("-" + text), let forward = try? RelativeTime.parse("+" + text)
            else { return nil }
            self.text = text
            self.back = back
            self.forward = forward
        }

        /// UTC microseconds; days and longer on the zone's calendar.
        func bounds(around time: Int64, _ zone: TimeZoneRules) -> ClosedRange<Int64> {
            let first = back.resolve(now: time, zone: zone)
            return first...max(first, forward.resolve(now: time, zone: zone))
        }
    }
}

/// A queue in one array: what is taken out at the front is cut off now and then.
struct RowQueue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var start = 0

    var count: Int { elements.count - start }
    var first: Element? { start < elements.count ? elements[start] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        start += 1
        if start > 64, 2 * start > elements.count {
            elements.removeFirst(start)
            start = 0
        }
        return first
    }
}

/// One function over the window of one group, for aggregates that cannot take rows back.
///
/// Two stacks: at the back the aggregate of the newer rows, at the front for each older row the aggregate of it and all
/// older rows behind it. Each row is merged twice, whatever the size of the window.
struct AggregateQueue: Sendable {
    private let make: @Sendable () -> any Aggregate
    /// The last element covers all older rows.
    private var front: [any Aggregate] = []
    private var back: any Aggregate
    private var backRows: [(value: Value, time: Double?)] = []

    init(_ make: @escaping @Sendable () -> any Aggregate) {
        self.make = make
        back = make()
        back.grow(to: 1)
    }

    mutating func append(_ value: Value, time: Double?) {
        back.add(value, group: 0, time: time)
        backRows.append((value, time))
    }

    mutating func removeFirst() {
        if front.isEmpty {
            var newer: (any Aggregate)?
            for (value, time) in backRows.reversed() {
                var aggregate = make()
                aggregate.grow(to: 1)
                aggregate.add(value, group: 0, time: time)
                if let newer { aggregate.merge(newer, groups: [0], groupCount: 1) }
                front.append(aggregate)
                newer = aggregate
            }
            backRows.removeAll(keepingCapacity: true)
            back = make()
            back.grow(to: 1)
        }
        if !front.isEmpty { front.removeLast() }
    }

    func result(_ context: inout ExecutionContext) -> Value {
        guard var all = front.last else { return back.result(0, &context) }
        all.merge(back, groups: [0], groupCount: 1)
        return all.result(0, &context)
    }
}

/// One function of `streamstats` over all groups.
struct StreamFunction: Sendable {
    private let call: StatsCommand.Call
    /// One of the three: without a window, with one that can take rows back, with one that cannot.
    private var running: FunctionState?
    private var sliding: (any SlidingAggregate)?
    private var queues: [AggregateQueue] = []
    private var texts: CountAggregate?

    init(_ call: StatsCommand.Call, hasWindow: Bool) {
        self.call = call
        if hasWindow {
            sliding = call.function.makeSliding() as? any SlidingAggregate
            if call.isOnlyForNumbers { texts = CountAggregate(.texts) }
        } else {
            running = FunctionState(call)
        }
    }

    mutating func grow(to groupCount: Int) {
        if running != nil {
            running?.grow(to: groupCount)
        } else if sliding != nil {
            sliding?.grow(to: groupCount)
        } else {
            while queues.count < groupCount { queues.append(AggregateQueue(call.function.make)) }
        }
        texts?.grow(to: groupCount)
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        if running != nil {
            running?.add(value, group: group, time: time)
        } else if sliding != nil {
            sliding?.add(value, group: group, time: time)
        } else {
            queues[group].append(value, time: time)
        }
        texts?.add(value, group: group, time: time)
    }

    mutating func removeFirst(_ value: Value, group: Int, time: Double?) {
        if sliding != nil { sliding?.remove(value, group: group, time: time) } else { queues[group].removeFirst() }
        texts?.remove(value, group: group, time: time)
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        if let texts, texts.count(group) > 0 { return .null }
        if let running { return running.result(group, &context) }
        if let sliding { return sliding.result(group, &context) }
        return queues[group].result(&context)
    }
}
