import Columns
import Glibc

/// Cuts numbers into ranges, for the `span`, `bins`, `start` and `end` options of `chart` and `makecontinuous`.
///
/// Values that are no numbers have no bucket. Source: Splunk Search Reference 9.4, "chart" and "bin".
struct NumberBuckets: Hashable, Sendable {
    enum Span: Hashable, Sendable {
        case linear(Double)
        /// Bucket bounds are `coefficient * base^n`.
        case logarithmic(coefficient: Double, base: Double)
    }

    var span: Span
    /// Values outside are discarded.
    var start: Double?
    var end: Double?

    /// The lower bound of the value's bucket; nil outside of `start` and `end`, and for what a logarithm does not take.
    func low(_ value: Double) -> Double? {
        guard value.isFinite, value >= start ?? value, value <= end ?? value else { return nil }
        switch span {
        case .linear(let width):
            return (value / width).rounded(.down) * width
        case .logarithmic(let coefficient, let base):
            guard value > 0 else { return nil }
            var exponent = (Glibc.log(value / coefficient) / Glibc.log(base)).rounded(.down)
            // The quotient of two logarithms misses whole numbers by a little: 3 is log2 of 8.
            if coefficient * Glibc.pow(base, exponent + 1) <= value { exponent += 1 }
            if coefficient * Glibc.pow(base, exponent) > value { exponent -= 1 }
            return coefficient * Glibc.pow(base, exponent)
        }
    }

    func high(ofLow low: Double) -> Double {
        switch span {
        case .linear(let width): low + width
        case .logarithmic(_, let base): low * base
        }
    }

    /// `10-20`.
    func label(low: Double) -> Text {
        Text("\(NumberText.print(low))-\(NumberText.print(high(ofLow: low)))")
    }

    /// Reads `10`, `0.5`, `log10`, `2log5`; nil for anything else.
    static func span(_ text: String) -> Span? {
        let lowered = text.lowercased()
        if let width = NumberText.parse(Array(lowered.utf8)) {
            return width > 0 && width.isFinite ? .linear(width) : nil
        }
        let pieces = lowered.split(separator: "l", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.count == 2, pieces[1].hasPrefix("og") else { return nil }
        let base = pieces[1].count == 2 ? 10 : NumberText.parse(Array(pieces[1].dropFirst(2).utf8))
        let coefficient = pieces[0].isEmpty ? 1 : NumberText.parse(Array(pieces[0].utf8))
        guard let base, let coefficient, base > 1, coefficient >= 1, coefficient < base, base.isFinite else {
            return nil
        }
        return .logarithmic(coefficient: coefficient, base: base)
    }

    /// The smallest power of ten that needs no more than that many buckets.
    static func automatic(from: Double, to: Double, maximumBuckets: Int) -> Span {
        let needed = Swift.max(0, to - from) / Double(Swift.max(1, maximumBuckets))
        var exponent = -6.0
        while Glibc.pow(10, exponent) < needed, exponent < 300 { exponent += 1 }
        return .linear(needed == 0 ? 1 : Glibc.pow(10, exponent))
    }
}
