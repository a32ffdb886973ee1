public import Columns
public import Content
public import RiskIndex

/// The throttling of one detection: after a row has fired, rows with the same values of its fields are held back for a
/// period, those of the same run included.
///
/// As with findings the period counts both ways in time: a late event must not fire beside a firing that is there
/// already. A row that fired in an earlier run fires again, whatever is known by now: running again changes nothing.
///
/// Source: Splunk Alerting Manual 9.4, "Throttle alerts", and savedsearches.conf, `alert.suppress.fields`. What Splunk does
/// where a field is missing is not documented: docs/decisions/0019.
public struct DetectionThrottle: Sendable {
    private let detection: Detection
    private let builder: RiskEventBuilder
    private let rowKey: [String]?
    private let fields: [String]
    private let periodMicroseconds: Int64
    /// Per tuple the times of its firings, ascending.
    private var startTimes: [[[Text]]: [Int64]] = [:]
    private var startKeys: Set<String> = []

    /// What is left of one run's rows.
    public struct Admission: Sendable {
        /// Rows to build risk events of, in the order of the run.
        public var rows: Batch
        /// Firings that keep others silent from now on.
        public var starts: [ThrottleStart] = []
        public var heldBackCount = 0
    }

    /// - Parameters:
    ///   - rowKey: the fields that identify a row within one window; nil for the whole row.
    ///   - builder: of the same detection: a row that makes no risk event holds nothing back.
    ///   - known: the rule's starts in the index; asked for only when the detection has a throttling.
    /// - Returns: nil for a detection without throttling.
    public init?(
        _ detection: Detection, rowKey: [String]?, builder: RiskEventBuilder, known: () throws -> [ThrottleStart]
    ) rethrows {
        guard let throttling = detection.throttling else { return nil }
        self.detection = detection
        self.builder = builder
        self.rowKey = rowKey
        fields = throttling.fields
        let (period, overflow) = Int64(throttling.periodSeconds).multipliedReportingOverflow(by: 1_000_000)
        periodMicroseconds = overflow ? .max : period
        for start in try known() {
            startTimes[start.values.map { $0.map { Text($0) } }, default: []].append(start.timeMicroseconds)
            startKeys.insert(start.firingKey)
        }
        for tuple in startTimes.keys { startTimes[tuple]?.sort() }
    }

    /// Runs must come in order of time.
    ///
    /// - Parameter timeOfRow: UTC microseconds; asked for only in a run without a tick, whose rows are looked at in
    ///   order of their own time.
    public mutating func admit(_ batch: Batch, run: DetectionRun, timeOfRow: (Int) -> Int64) -> Admission {
        var admission = Admission(rows: batch)
        var keep = [Bool](repeating: true, count: batch.rowCount)
        for (time, row) in order(of: batch, run, timeOfRow) {
            // Such a row is lost risk, not a firing, and the run counts it as that.
            guard builder.namesEntity(batch, row), let tuple = tuple(batch, row) else { continue }
            let key = FiringKey.make(ruleID: detection.id, run: run, row: row, of: batch, rowKey: rowKey)
            if startKeys.contains(key) { continue }
            if isSilent(tuple, at: time) {
                keep[row] = false
                admission.heldBackCount += 1
                continue
            }
            startKeys.insert(key)
            insert(time, for: tuple)
            admission.starts.append(
                ThrottleStart(
                    ruleID: detection.id, values: tuple.map { $0.map(\.string) }, timeMicroseconds: time,
                    firingKey: key))
        }
        admission.rows = batch.filtered(keep)
        return admission
    }

    private func order(
        of batch: Batch, _ run: DetectionRun, _ timeOfRow: (Int) -> Int64
    ) -> [(time: Int64, row: Int)] {
        if let tick = run.tickMicroseconds { return (0..<batch.rowCount).map { (tick, $0) } }
        return (0..<batch.rowCount).map { (timeOfRow($0), $0) }.sorted { $0 < $1 }
    }

    /// - Returns: nil where a field is missing.
    private func tuple(_ batch: Batch, _ row: Int) -> [[Text]]? {
        var tuple: [[Text]] = []
        for field in fields {
            let values = batch[field, row].elements.compactMap(\.printed)
            guard !values.isEmpty else { return nil }
            tuple.append(values)
        }
        return tuple
    }

    /// A firing of the tuple less than a period away, on either side.
    private func isSilent(_ tuple: [[Text]], at time: Int64) -> Bool {
        guard let times = startTimes[tuple] else { return false }
        let next = times.firstIndex(atOrAfter: time)
        // An event without a time stands at the lowest there is.
        func isClose(_ later: Int64, _ earlier: Int64) -> Bool {
            let (distance, overflow) = later.subtractingReportingOverflow(earlier)
            return !overflow && distance < periodMicroseconds
        }
        if next < times.count, isClose(times[next], time) { return true }
        return next > 0 && isClose(time, times[next - 1])
    }

    private mutating func insert(_ time: Int64, for tuple: [[Text]]) {
        let position = startTimes[tuple]?.firstIndex(atOrAfter: time) ?? 0
        startTimes[tuple, default: []].insert(time, at: position)
    }
}
