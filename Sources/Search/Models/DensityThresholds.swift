import Columns
import Glibc
import SPL

/// `threshold=`, `lower_threshold=` and `upper_threshold=` of DensityFunction: how much of the area under the curve is
/// outliers, 1e-9 to 1. One of them may have several values in quotes, each with output fields of its own.
struct DensityThresholds: Hashable, Sendable {
    static let options = ["threshold", "lower_threshold", "upper_threshold"]

    /// Source: mlspl.conf, max_threshold_num.
    private static let maximumCount = 5

    var total: [Double] = []
    var lower: [Double] = []
    var upper: [Double] = []

    var isEmpty: Bool { total.isEmpty && lower.isEmpty && upper.isEmpty }

    /// - Returns: false where the option is none of ``options``.
    mutating func set(_ name: String, _ value: Token) throws(Diagnostic) -> Bool {
        guard Self.options.contains(name) else { return false }
        var numbers: [Double] = []
        for part in value.text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = NumberText.parse(Array(part.utf8).filter { $0 != UInt8(ascii: " ") }),
                number >= 1e-9, number <= 1
            else {
                throw Diagnostic(
                    "E766", "'\(part)' is no share of an area for '\(name)'", span: value.span,
                    hint: "write a number from 0.000000001 to 1, or several in quotes: \(name)=\"0.01,0.05\"")
            }
            numbers.append(number)
        }
        guard numbers.count <= Self.maximumCount else {
            throw Diagnostic(
                "E766", "'\(name)' has \(numbers.count) values", span: value.span,
                hint: "write at most \(Self.maximumCount)")
        }
        switch name {
        case "threshold": total = numbers
        case "lower_threshold": lower = numbers
        default: upper = numbers
        }
        return true
    }

    /// - Throws: E766 for values that exclude each other.
    func check(_ span: Span) throws(Diagnostic) {
        let given = [total, lower, upper].filter { !$0.isEmpty }
        if !total.isEmpty, given.count > 1 {
            throw Diagnostic(
                "E766", "threshold does not go with lower_threshold or upper_threshold", span: span,
                hint: "write threshold, or one or both of the others")
        }
        if given.count > 1, given.contains(where: { $0.count > 1 }) {
            throw Diagnostic(
                "E766", "several values are for one kind of threshold only", span: span,
                hint: "write one lower_threshold and one upper_threshold")
        }
        if let lower = lower.first, let upper = upper.first, lower + upper >= 1 {
            throw Diagnostic(
                "E766", "lower_threshold and upper_threshold are 1 or more together", span: span,
                hint: "lower one of them")
        }
    }

    /// One threshold of those given; all fields nil but those that hold.
    struct Choice: Hashable, Sendable {
        var total: Double?
        var lower: Double?
        var upper: Double?
        /// What the names of the output fields end in: nothing, or `_th=<number>` of several.
        var suffix = ""
    }

    /// 0.01 where none is given.
    var choices: [Choice] {
        func each(_ numbers: [Double], _ make: (Double) -> Choice) -> [Choice] {
            numbers.map { number in
                var choice = make(number)
                if numbers.count > 1 { choice.suffix = "_th=\(NumberText.print(number))" }
                return choice
            }
        }
        if !total.isEmpty { return each(total) { Choice(total: $0) } }
        if lower.count > 1 { return each(lower) { Choice(lower: $0) } }
        if upper.count > 1 { return each(upper) { Choice(upper: $0) } }
        if isEmpty { return [Choice(total: 0.01)] }
        return [Choice(lower: lower.first, upper: upper.first)]
    }
}

/// An open region of outliers. What lies exactly on its bounds is none.
struct BoundaryRange: Hashable, Sendable {
    var low: Double
    var high: Double
    /// Of the area under the curve.
    var area: Double

    func contains(_ number: Double) -> Bool { low < number && number < high }

    /// `-Infinity:44.6912:0.15`, bounds with four decimals.
    var text: String { "\(Self.text(low)):\(Self.text(high)):\(Self.text(area, decimals: 10))" }

    static func text(_ number: Double, decimals: Int = 4) -> String {
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let factor = Glibc.pow(10, Double(decimals))
        let scaled = (number * factor).rounded()
        // A negative zero would print as one.
        return NumberText.print(abs(scaled) < 9e15 ? scaled / factor + 0 : number)
    }
}

extension DensityCurve {
    /// The outlier regions, left to right: both tails of a normal distribution, the right one of an exponential, the
    /// longer one of a beta distribution, the least dense parts of a kernel estimate; with `lower` and `upper` the tails.
    func boundaries(_ choice: DensityThresholds.Choice) -> [BoundaryRange] {
        if let total = choice.total {
            switch self {
            case .normal: return tails(lower: total / 2, upper: total / 2)
            case .exponential: return tails(upper: total)
            case .beta(let curve): return curve.alpha < curve.beta ? tails(upper: total) : tails(lower: total)
            case .kernel(let curve): return curve.leastDense(total)
            }
        }
        // The left end of an exponential distribution is its densest part.
        return tails(lower: kind == .exponential ? nil : choice.lower, upper: choice.upper)
    }

    private func tails(lower: Double? = nil, upper: Double? = nil) -> [BoundaryRange] {
        var ranges: [BoundaryRange] = []
        if let lower { ranges.append(BoundaryRange(low: -.infinity, high: tail(lower, isUpper: false), area: lower)) }
        if let upper { ranges.append(BoundaryRange(low: tail(upper, isUpper: true), high: .infinity, area: upper)) }
        return ranges
    }

    private func tail(_ area: Double, isUpper: Bool) -> Double {
        switch self {
        // From the tail itself: 1 less a billionth has lost half of its digits.
        case .normal(let mean, let deviation):
            let z = Self.normalTail(area)
            return isUpper ? mean + deviation * z : mean - deviation * z
        case .exponential(let start, let scale) where isUpper: return start - scale * Glibc.log(area)
        case .kernel(let curve): return curve.quantile(isUpper ? 1 - area : area)
        default: return quantiles([isUpper ? 1 - area : area])[0]
        }
    }
}
