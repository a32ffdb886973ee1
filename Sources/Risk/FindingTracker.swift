public import Content
import Formats
public import RiskIndex

// Change-aware findings: while the rule holds for an entity there is one finding, and an analyst is told again only when
// something is new that the finding has not shown yet. Splunk's throttling looks at the clock instead, and the windows
// that slide out of a day fire it again. Reasons: docs/decisions/0016.

/// The lives of one incident rule's findings under the `recommended` profile, run by run.
public struct FindingTracker: Sendable {
    /// By how much the score must have grown since people were told, to tell them again. Source: splunk/rba, "FBD dedup
    /// example": not for 20 or less.
    public static let scoreStep = 20.0

    private let rule: IncidentRule
    private let snapshots: FindingSnapshots
    /// Of a Correlation that asks for silence. A rule of its own is told again by what is new, not by the clock.
    private var throttle: FindingThrottle?
    /// Rows that it held back.
    public private(set) var throttledCount = 0
    private var lives: [EntityIdentity: [FindingLife]] = [:]
    private var reviews: [String: [FindingReview]]
    /// Keys of the lives that this tracker began or changed.
    private var touched: Set<String> = []
    /// By finding, the risk events that came late: each run that is looked at again may tell what they add up to there.
    private var lateKeys: [String: Set<String>] = [:]
    /// The entities whose last finding is not closed.
    public private(set) var liveEntities: Set<EntityIdentity> = []

    /// - Parameters:
    ///   - known: the rule's lives in the index.
    ///   - reviews: by finding key.
    public init(
        _ rule: IncidentRule, profile: ScoringProfile, known: [FindingLife], reviews: [String: [FindingReview]]
    ) {
        self.rule = rule
        self.reviews = reviews
        snapshots = FindingSnapshots(rule, profileName: profile.name)
        if rule.correlation != nil, rule.throttling != nil {
            throttle = FindingThrottle(rule, known: known.lazy.map(\.finding))
        }
        for life in known { lives[EntityIdentity(life.finding), default: []].append(life) }
        for (entity, lives) in lives where lives.last?.isLive == true { liveEntities.insert(entity) }
    }

    /// The lives that began or changed, by the finding's time, then key.
    public var changed: [FindingLife] {
        lives.values.joined().filter { touched.contains($0.finding.key) }.sorted {
            ($0.finding.timeMicroseconds, $0.finding.key) < ($1.finding.timeMicroseconds, $1.finding.key)
        }
    }

    /// When a live entity's finding was last looked at.
    public func lastTimeMicroseconds(of entity: EntityIdentity) -> Int64? {
        lives[entity]?.last?.lastTimeMicroseconds
    }

    /// The rule holds for an entity at one of its runs. Runs must come in order of time, per entity.
    public mutating func holds(_ row: IncidentRow, _ window: EntityWindow, at run: IncidentWindow) {
        let snapshot = Snapshot(row, window, run)
        guard let last = lives[row.entity]?.last else {
            return open(snapshot, code: "threshold", reason: snapshots.thresholdReason(row, window), news: nil)
        }
        if let closed = closedLife(of: row.entity, at: run.tickMicroseconds) { return join(snapshot, closed) }
        let known = Set(last.finding.riskEventKeys)
        let unknown = window.keys.filter { !known.contains($0) }
        var newKeys = unknown
        // A run that was looked at before tells something only by events that came late.
        let isPast = run.tickMicroseconds <= last.lastTimeMicroseconds
        if isPast {
            let late = lateKeys[last.finding.key, default: []].union(unknown)
            newKeys = window.keys.filter { late.contains($0) }
            guard !newKeys.isEmpty else { return }
            lateKeys[last.finding.key] = late
        }
        let news = last.isLive ? news(of: snapshot, newKeys, to: last) : nil
        if !last.isLive || isReviewed(last, before: run.tickMicroseconds) && news != nil {
            guard !newKeys.isEmpty else { return hold(snapshot, newKeys, joining: unknown, last) }
            let reason = snapshots.thresholdReason(row, window)
            if last.isLive {
                append(
                    snapshots.change(
                        snapshot, .closed, "reviewed", "closed by its reviewer; what is new is a finding of its own"),
                    joining: [], to: row.entity)
            }
            return open(snapshot, code: news?.code ?? "again", reason: reason, news: news?.text)
        }
        if let news {
            append(snapshots.change(snapshot, .updated, news.code, news.text), joining: unknown, to: row.entity)
        } else if !isPast || holdsMore(snapshot, unknown, than: last) {
            hold(snapshot, newKeys, joining: unknown, last)
        }
    }

    /// The life in which a run that is looked at again lies, where that is over: a later one has begun, or the run is the one
    /// that opened it. It is not opened a second time.
    private func closedLife(of entity: EntityIdentity, at tick: Int64) -> Int? {
        guard let lives = lives[entity] else { return nil }
        return lives.indices.last { position in
            let life = lives[position]
            guard !life.isLive else { return false }
            return life.finding.timeMicroseconds == tick
                || position < lives.count - 1
                    && (life.finding.timeMicroseconds...life.lastTimeMicroseconds).contains(tick)
        }
    }

    /// Late events of a finding that is closed: it tells of them, and is closed as before.
    private mutating func join(_ snapshot: Snapshot, _ position: Int) {
        guard var life = lives[snapshot.row.entity]?[position], let closing = life.changes.last else { return }
        let known = Set(life.finding.riskEventKeys)
        let unknown = snapshot.window.keys.filter { !known.contains($0) }
        guard !unknown.isEmpty else { return }
        if let news = news(of: snapshot, unknown, to: life) {
            life.extend(by: snapshots.change(snapshot, .updated, news.code, news.text))
        } else {
            life.extend(by: snapshots.held(snapshot, newKeyCount: unknown.count, life))
        }
        life.extend(by: closing)
        life.finding.riskEventKeys += unknown
        touched.insert(life.finding.key)
        lives[snapshot.row.entity]?[position] = life
    }

    /// Whether a run that is looked at again shows more of known kinds than the finding's last step. Runs before the
    /// finding opened do not: a finding is not held before it is there.
    private func holdsMore(_ snapshot: Snapshot, _ unknown: [String], than life: FindingLife) -> Bool {
        guard snapshot.run.tickMicroseconds >= life.finding.timeMicroseconds else { return false }
        return !unknown.isEmpty || snapshot.window.keys.count > life.changes.last?.riskEventCount ?? 0
    }

    /// The rule does not hold for an entity at a run that is in the past.
    public mutating func fails(_ entity: EntityIdentity, _ window: EntityWindow, at run: IncidentWindow) {
        guard let last = lives[entity]?.last, last.isLive, run.tickMicroseconds > last.lastTimeMicroseconds else {
            return
        }
        append(snapshots.closing(last, window, run), joining: [], to: entity)
    }

    // MARK: Steps

    private mutating func open(_ snapshot: Snapshot, code: String, reason: String, news: String?) {
        if let tuple = throttle?.tuple(of: snapshot.row) {
            if throttle?.isSilent(tuple, at: snapshot.run.tickMicroseconds) == true {
                throttledCount += 1
                return
            }
            throttle?.open(tuple, at: snapshot.run.tickMicroseconds)
        }
        let text = news.map { "\(reason); \($0)" } ?? reason
        let life = snapshots.life(snapshot, code: code, reason: text)
        lives[snapshot.row.entity, default: []].append(life)
        touched.insert(life.finding.key)
        liveEntities.insert(snapshot.row.entity)
    }

    private mutating func hold(
        _ snapshot: Snapshot, _ newKeys: [String], joining unknown: [String], _ last: FindingLife
    ) {
        let change = snapshots.held(snapshot, newKeyCount: newKeys.count, last)
        append(change, joining: unknown, to: snapshot.row.entity)
    }

    private mutating func append(_ change: FindingChange, joining keys: [String], to entity: EntityIdentity) {
        guard var lives = lives[entity], var life = lives.popLast() else { return }
        life.extend(by: change)
        life.finding.riskEventKeys += keys
        touched.insert(life.finding.key)
        lives.append(life)
        self.lives[entity] = lives
        if life.isLive { liveEntities.insert(entity) } else { liveEntities.remove(entity) }
    }

    // MARK: What is new

    private func news(
        of snapshot: Snapshot, _ newKeys: [String], to life: FindingLife
    ) -> (code: String, text: String)? {
        guard !newKeys.isEmpty else { return nil }
        let shown = life.changes
        var parts: [(code: String, text: String)] = []
        func note(_ code: String, _ noun: String, _ names: [String]) {
            guard let first = names.first else { return }
            let rest = names.count > 1 ? " and \(names.count - 1) more" : ""
            parts.append((code, "new \(noun) '\(first)'\(rest)"))
        }
        note(
            "new_rule", "rule", snapshot.window.sources.filter { name in !shown.contains { $0.sources.contains(name) } }
        )
        note(
            "new_tactic", "tactic",
            snapshot.window.tactics.filter { name in !shown.contains { $0.tactics.contains(name) } })
        note(
            "new_threat_object", "threat object",
            snapshot.window.threatObjects.filter { object in !shown.contains { $0.threatObjects.contains(object) } }
                .map(\.value))
        let told = shown.filter { $0.state == .opened || $0.state == .updated }.map(\.riskScore).max() ?? 0
        let growth = snapshot.row.riskScore - told
        if growth > Self.scoreStep { parts.append(("score_up", "score up by \(snapshots.number(growth))")) }
        guard let first = parts.first else { return nil }
        return (first.code, parts.map(\.text).joined(separator: "; "))
    }

    /// Whether an analyst has closed the finding before a run.
    private func isReviewed(_ life: FindingLife, before tick: Int64) -> Bool {
        let statuses = reviews[life.finding.key, default: []].filter { $0.timeMicroseconds <= tick }.compactMap(
            \.status)
        return statuses.last.map { ["resolved", "closed"].contains($0) } ?? false
    }
}

extension FindingLife {
    var isLive: Bool { changes.last.map { $0.state != .closed } ?? true }

    var lastTimeMicroseconds: Int64 { changes.last?.lastTimeMicroseconds ?? finding.timeMicroseconds }

    /// Held runs in a row with the same reason are one step, and a run at which nothing moved belongs to the step before.
    mutating func extend(by change: FindingChange) {
        let time = max(change.timeMicroseconds, lastTimeMicroseconds)
        var step = change
        var replaced = false
        if let last = changes.last, change.state == .held, last.state != .closed {
            if change.reasonCode == FindingSnapshots.unchanged {
                step = last
                replaced = true
            } else if last.state == .held, last.reasonCode == change.reasonCode {
                step.timeMicroseconds = last.timeMicroseconds
                replaced = true
            }
            if replaced { step.runCount = last.runCount + 1 }
        }
        step.lastTimeMicroseconds = time
        if replaced { changes[changes.count - 1] = step } else { changes.append(step) }
        finding.state = step.state
        finding.stateTimeMicroseconds = time
    }
}
