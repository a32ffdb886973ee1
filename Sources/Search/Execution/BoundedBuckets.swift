import Columns

/// Number ranges within bounds, for the `span`, `bins`, `start` and `end` options of `chart` and `makecontinuous`.
///
/// Values that are no numbers have no bucket. Source: Splunk Search Reference 9.4, "chart".
struct BoundedBuckets: Hashable, Sendable {
    var span: NumberBuckets.Span
    /// Values outside are discarded.
    var start: Double?
    var end: Double?

    /// The lower bound of the value's bucket; nil outside of `start` and `end`, and for what a logarithm does not take.
    func low(_ value: Double) -> Double? {
        guard value.isFinite, value >= start ?? value, value <= end ?? value else { return nil }
        return NumberBuckets(span).edges(value).lower
    }

    func high(ofLow low: Double) -> Double { NumberBuckets(span).edges(low).upper ?? low }

    /// `10-20`.
    func label(low: Double) -> Text { NumberBuckets(span).label(low) ?? Text(NumberText.print(low)) }

    static func automatic(from: Double, to: Double, maximumBuckets: Int) -> NumberBuckets.Span {
        NumberBuckets(low: from, high: to, end: nil, maximumCount: maximumBuckets, minimumWidth: 0).span
    }
}
