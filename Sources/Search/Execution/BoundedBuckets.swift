import Columns

/// Number ranges within bounds, for the `span`, `bins`, `start` and `end` options of `chart` and `makecontinuous`.
///
/// Values that are no numbers have no bucket. Source: Splunk Search Reference 9.4, "chart".
struct BoundedBuckets: Hashable, Sendable {
    var span: NumberBuckets.Span
    /// Values outside are discarded.
    var start: Double?
    var end: Double?

    var isLogarithmic: Bool { if case .logarithmic = span { true } else { false } }

    /// The lower bound of the number's bucket as a number; the number itself as text where a logarithm does not take it;
    /// null outside of `start` and `end`.
    func key(_ number: Double) -> Value {
        guard number.isFinite, number >= start ?? number, number <= end ?? number else { return .null }
        return NumberBuckets(span).edges(number).lower.map { .number($0) } ?? .text(Text(NumberText.print(number)))
    }

    func high(ofLow low: Double) -> Double { NumberBuckets(span).edges(low).upper ?? low }

    /// `10-20`.
    func label(low: Double) -> Text { NumberBuckets(span).label(low) ?? Text(NumberText.print(low)) }

    static func automatic(from: Double, to: Double, maximumBuckets: Int) -> NumberBuckets.Span {
        NumberBuckets(low: from, high: to, end: nil, maximumCount: maximumBuckets, minimumWidth: 0).span
    }
}
