import Engine
import Formats
import Risk
import RiskIndex

// What the explanation of a finding says more than that of an entity.

extension EntityExplanation {
    /// Of the window that all but the ledger is about.
    var windowEventCount: Int { life?.opening.riskEventCount ?? lines.count }

    /// `opened`, `updated 2026-11-18 10:00:00`, `late`; empty in an entity's ledger.
    func joinedText(_ line: Line) -> String {
        guard let membership = line.membership, let life else { return "" }
        guard let step = membership.step else { return "late" }
        return step == life.opening.step ? step.state.rawValue : stepText(step)
    }

    /// What counts of it there; empty when it is not in that window.
    func atLastStepText(_ line: Line) -> String {
        line.membership?.countedAtLastStep.map(ScoreText.change) ?? ""
    }

    func stepText(_ step: Step) -> String {
        "\(step.state.rawValue) \(TimeText.local(step.timeMicroseconds, zone: zone))"
    }

    /// One step when the life has no other.
    static func shownSums(_ life: Life) -> [StepSums] {
        life.last.step == life.opening.step ? [life.opening] : [life.opening, life.last]
    }

    func sumsText(_ life: Life, _ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("at"), .init("window"), .init("risk events", .right), .init("raw", .right),
            .init("counted", .right), .init("silenced", .right),
        ])
        for row in sumsRows(life) { table.append(row) }
        return table.text(maximumWidth: maximumWidth, indent: 2) + remarks(life).map { "  \($0)\n" }.joined()
    }

    func sumsRows(_ life: Life) -> [[String]] {
        Self.shownSums(life).map { sums in
            let start = TimeText.local(sums.windowStartMicroseconds, zone: zone)
            return [
                stepText(sums.step), "\(start) to \(TimeText.local(sums.windowEndMicroseconds, zone: zone))",
                String(sums.riskEventCount), ScoreText.print(sums.totals.raw), ScoreText.print(sums.totals.counted),
                ScoreText.print(sums.suppressedRiskScore),
            ]
        }
    }

    func remarks(_ life: Life) -> [String] {
        var remarks: [String] = []
        if life.lateEventCount > 0 {
            remarks.append(
                "\(counted(life.lateEventCount, "risk event")) came late: in the ledger, in none of the sums")
        }
        if life.absentEventCount > 0 {
            let events = counted(life.absentEventCount, "risk event")
            remarks.append("\(events) of the finding are not in the ledger: their names stand for another entity now")
        }
        return remarks
    }
}

extension JSONWriter {
    mutating func life(_ life: EntityExplanation.Life) {
        list("sums", EntityExplanation.shownSums(life)) { sums, writer in
            writer.step(sums.step)
            writer.text("window_start", TimeText.iso8601(sums.windowStartMicroseconds))
            writer.text("window_end", TimeText.iso8601(sums.windowEndMicroseconds))
            writer.count("risk_event_count", sums.riskEventCount)
            writer.exact("raw_risk_score", sums.totals.raw)
            writer.exact("counted_risk_score", sums.totals.counted)
            writer.exact("suppressed_risk_score", sums.suppressedRiskScore)
        }
        count("late_risk_event_count", life.lateEventCount)
        count("absent_risk_event_count", life.absentEventCount)
    }

    mutating func membership(_ membership: EntityExplanation.Membership) {
        if let step = membership.step { self.step(step) } else { text("step", "late") }
        key("in_opening")
        boolean(membership.isInOpening)
        if let counted = membership.countedAtLastStep { exact("counted_at_last_step", counted) }
    }

    private mutating func step(_ step: EntityExplanation.Step) {
        text("step", step.state.rawValue)
        text("step_time", TimeText.iso8601(step.timeMicroseconds))
    }
}
