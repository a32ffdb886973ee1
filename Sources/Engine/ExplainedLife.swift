import Risk
import RiskIndex

extension FindingLife {
    /// All times that the windows of its steps hold.
    var reach: Range<Int64> {
        let start = steps.map(\.reachStartMicroseconds).min() ?? finding.windowStartMicroseconds
        let end = steps.map(\.windowEndMicroseconds).max() ?? finding.windowEndMicroseconds
        return start..<max(start, end)
    }
}

extension ExplainedHistory {
    func account(of life: FindingLife, _ scoring: ScoringProfile) -> FindingAccount {
        // Suppressions last for days, steps for hours.
        var known: [[Int]: [UInt64: Int]] = [:]
        return FindingAccount(life, all, profile: scoring) { time in
            let active = suppressions.active(at: time)
            if let silencers = known[active] { return silencers }
            let silencers = silencers(of: active)
            known[active] = silencers
            return silencers
        }
    }

    /// The sums at a finding's first and last step, and its lines: as they joined, then those that came late.
    func life(
        _ account: FindingAccount, _ scoring: ScoringProfile
    ) -> (EntityExplanation.Life, [EntityExplanation.Line]) {
        let last = account.steps.count - 1
        let opening = Set(account.events(at: 0).map(\.key))
        let lastLedger = RiskLedger(account.events(at: last), profile: scoring) { account.silencer(of: $0, at: last) }
        let countedAtLast = Dictionary(lastLedger.lines.map { ($0.event.key, $0.counted) }) { first, _ in first }
        var lines = account.lines.map { part in
            var line = line(part.ledger, silencer: part.silencer)
            line.membership = EntityExplanation.Membership(
                step: .init(account.steps[part.step]), isInOpening: opening.contains(part.ledger.event.key),
                countedAtLastStep: countedAtLast[part.ledger.event.key])
            return line
        }
        lines += account.lateLines.map { late in
            var line = line(late, silencer: nil)
            line.reasons = ["came after the runs that looked at its time"]
            line.membership = EntityExplanation.Membership(step: nil, isInOpening: false, countedAtLastStep: nil)
            return line
        }
        let life = EntityExplanation.Life(
            opening: sums(account, 0, scoring), last: sums(account, last, scoring),
            lateEventCount: account.lateLines.count, absentEventCount: account.absentEventCount)
        return (life, lines)
    }

    private func sums(
        _ account: FindingAccount, _ number: Int, _ scoring: ScoringProfile
    ) -> EntityExplanation.StepSums {
        let (step, events) = (account.steps[number], account.events(at: number))
        let silenced = events.filter { account.silencer(of: $0, at: number) != nil }
        return EntityExplanation.StepSums(
            step: .init(step), windowStartMicroseconds: step.windowStartMicroseconds,
            windowEndMicroseconds: step.windowEndMicroseconds, riskEventCount: events.count,
            totals: RiskLedger(events, profile: scoring) { account.silencer(of: $0, at: number) }.totals,
            suppressedRiskScore: RiskLedger(silenced, profile: .splunk).raw)
    }

    /// - Parameter silencer: the number of what silences the event.
    func line(_ line: LedgerLine, silencer: Int?) -> EntityExplanation.Line {
        let row = rowOfKey[line.event.key] ?? 0
        let factors = columns.factorLists[Int(columns.factorIDs[row])]
        return EntityExplanation.Line(
            event: line.event, riskEventID: name(ofKey: line.event.key),
            searchName: dimensions.rule(Int(columns.rules[row]))?.searchName ?? "",
            riskObject: dimensions.riskObject(Int(columns.riskObjects[row]))?.riskObject ?? "",
            riskMessage: columns.messages[Int(columns.messageIDs[row])], additions: factors.additions,
            multiplications: factors.multiplications, counted: line.counted,
            reasons: line.reasons.map { reason in
                reason.text(
                    ruleName: { "'\(ruleName($0))'" }, eventName: name(ofKey:),
                    suppressionName: { suppressions[$0].id })
            }, suppressionID: silencer.map { suppressions[$0].id }, runningRaw: line.runningRaw,
            runningCounted: line.runningCounted)
    }
}

extension EntityExplanation.Step {
    init(_ step: LifeStep) { self.init(state: step.state, timeMicroseconds: step.timeMicroseconds) }
}
