public import RiskIndex

/// One step of a finding's life, as its account takes it.
public struct LifeStep: Sendable, Hashable {
    public var state: FindingState
    /// The run that began the step, UTC microseconds.
    public var timeMicroseconds: Int64
    /// Half-open; of the last run at which something moved.
    public var windowStartMicroseconds: Int64
    public var windowEndMicroseconds: Int64
    /// The run of that window: when suppressions are looked at.
    public var tickMicroseconds: Int64
    /// Where the window of the step's first run begins.
    public var reachStartMicroseconds: Int64
    /// How many events the window had that nobody silenced.
    var riskEventCount: Int

    func holds(_ time: Int64) -> Bool { time >= windowStartMicroseconds && time < windowEndMicroseconds }
    func reaches(_ time: Int64) -> Bool { time >= reachStartMicroseconds && time < windowEndMicroseconds }
}

extension FindingLife {
    /// At least one: a finding without recorded steps has opened all the same. Of equal closings the first only: one that
    /// late events have made the finding say again is as it was said before them.
    public var steps: [LifeStep] {
        guard !changes.isEmpty else {
            return [
                LifeStep(
                    state: .opened, timeMicroseconds: finding.timeMicroseconds,
                    windowStartMicroseconds: finding.windowStartMicroseconds,
                    windowEndMicroseconds: finding.windowEndMicroseconds, tickMicroseconds: finding.timeMicroseconds,
                    reachStartMicroseconds: finding.windowStartMicroseconds,
                    riskEventCount: finding.riskEventKeys.count)
            ]
        }
        var closings: [FindingChange] = []
        let said = changes.filter { change in
            guard change.state == .closed else { return true }
            if closings.contains(change) { return false }
            closings.append(change)
            return true
        }
        return said.enumerated().map { position, change in
            // Runs follow their windows at the schedule's distance.
            let lag = finding.timeMicroseconds &- finding.windowEndMicroseconds
            let isOneWindow = position == 0 || change.runCount == 1
            let (start, isTooEarly) = change.windowStartMicroseconds.subtractingReportingOverflow(
                isOneWindow ? 0 : max(change.lastTimeMicroseconds &- change.timeMicroseconds, 0))
            return LifeStep(
                state: change.state, timeMicroseconds: change.timeMicroseconds,
                windowStartMicroseconds: change.windowStartMicroseconds,
                windowEndMicroseconds: change.windowEndMicroseconds,
                tickMicroseconds: change.windowEndMicroseconds &+ lag,
                reachStartMicroseconds: isTooEarly ? .min : start, riskEventCount: change.riskEventCount)
        }
    }
}
