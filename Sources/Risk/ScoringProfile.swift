/// How an entity's risk events in a window become one number: the raw sum is always Splunk's; the counted sum is the
/// profile's.
///
/// Four stages, each of which may be off, over the scores of events less what answers them (``tiesAnswers``):
/// 1. once per firing: of the events of one firing the highest counts;
/// 2. distinct messages: of what is left with one message of one rule the highest counts;
/// 3. message limit: of what is left of a rule above 0 the highest N count;
/// 4. cap: what is left of a rule above 0 counts up to F times the highest of it.
///
/// What is left of all rules, and the adjustments that answer nothing, is added up. Equal scores: the earlier, then the
/// smaller key, goes before. Negative scores of rules are held by 1 and 2 as others are, but not by 3 and 4: a cap is
/// there to keep points from piling up, not to swallow what takes points away.
///
/// The same in plain SQL, for ``recommended``, over `event(time, key, rule, firing, message, score, is_adjustment,
/// answered_key)` holding the window's events of one entity. Tests run it from here.
/// ```sql
/// WITH answered AS (
///     SELECT time, key, rule, firing, message, max(min(score, 0), score + coalesce(
///         (SELECT sum(answer.score) FROM event AS answer WHERE answer.answered_key = event.key), 0)) AS score
///     FROM event WHERE NOT is_adjustment),
/// ranked AS (
///     SELECT *, row_number() OVER (PARTITION BY rule, firing ORDER BY score DESC, time, key) AS place FROM answered),
/// by_message AS (
///     SELECT rule, max(score) AS score FROM ranked WHERE place = 1 GROUP BY rule, message),
/// by_rule AS (
///     SELECT rule, min(sum(max(score, 0)), 2 * max(max(score, 0))) + sum(min(score, 0)) AS counted
///     FROM by_message GROUP BY rule)
/// SELECT coalesce((SELECT sum(counted) FROM by_rule), 0)
///     + coalesce((SELECT sum(score) FROM event WHERE is_adjustment AND answered_key IS NULL), 0)
/// ```
public struct ScoringProfile: Sendable, Hashable {
    public var name: String
    /// Stage 1: a finding and an intermediate finding of one firing about one entity are one piece of evidence.
    public var oncePerFiring: Bool
    /// Stage 2.
    public var dedupMessages: Bool
    /// Stage 3: how many a rule; nil for any number.
    public var messageLimit: Int?
    /// Stage 4: times the rule's highest; nil for no cap.
    public var capFactor: Double?
    /// An adjustment that answers an event counts only together with it: it comes off the event's score, before stage
    /// 1 and not below 0, and is gone when the event has left the window. Off: it counts by its own time, as Splunk's
    /// do, and pulls the entity below 0 once the event has left.
    public var tiesAnswers: Bool

    public init(
        name: String, oncePerFiring: Bool, dedupMessages: Bool, messageLimit: Int? = nil, capFactor: Double?,
        tiesAnswers: Bool
    ) {
        self.name = name
        self.oncePerFiring = oncePerFiring
        self.dedupMessages = dedupMessages
        self.messageLimit = messageLimit
        self.capFactor = capFactor
        self.tiesAnswers = tiesAnswers
    }

    /// Every event counts: `sum(All_Risk.calculated_risk_score)`. Source: ES 7.3 "Default risk incident rules".
    public static let splunk = ScoringProfile(
        name: "splunk", oncePerFiring: false, dedupMessages: false, capFactor: nil, tiesAnswers: false)

    /// Decision 0013.
    public static let recommended = ScoringProfile(
        name: "recommended", oncePerFiring: true, dedupMessages: true, capFactor: 2, tiesAnswers: true)

    /// `min(sum, factor * max)` a rule. Source: splunk/rba "Limit score stacking" I with 3; "Capped risk score by
    /// source" with 2.
    public static func capped(factor: Double) -> ScoringProfile {
        ScoringProfile(
            name: "capped", oncePerFiring: false, dedupMessages: false, capFactor: factor, tiesAnswers: false)
    }

    /// Each distinct message at its highest, at most 10 a rule, the highest kept. Source: splunk/rba "Limit score
    /// stacking" II (S. Vasseur).
    public static let tenMessages = ScoringProfile(
        name: "ten-messages", oncePerFiring: false, dedupMessages: true, messageLimit: 10, capFactor: nil,
        tiesAnswers: false)

    /// Greatest ``messageLimit``: each change of a rule's score looks at that many messages.
    public static let messageLimitRange = 1...1_000

    /// What is wrong with the parameters, in words, for who reads them from content; nil when they are sound. The
    /// arithmetic takes any: a factor below 0 or not a number as 0, a limit outside the range as its nearest end.
    public var fault: String? {
        if let capFactor, !(capFactor >= 1 && capFactor <= 1_000_000) {
            return "a cap below 1 times the highest score, or above 1000000 times, makes no sense"
        }
        if let messageLimit, !Self.messageLimitRange.contains(messageLimit) {
            return "the message limit is a number from 1 to 1000"
        }
        return nil
    }

    /// Counted is raw: nothing has to be remembered but the sum.
    var isPlainSum: Bool {
        !oncePerFiring && !dedupMessages && messageLimit == nil && capFactor == nil && !tiesAnswers
    }
}

/// The two numbers of an entity in a window.
public struct ScoreTotals: Sendable, Hashable {
    /// Every event, as Splunk sums.
    public var raw: Double
    /// What counts under the profile.
    public var counted: Double

    public init(raw: Double, counted: Double) {
        self.raw = raw
        self.counted = counted
    }
}
