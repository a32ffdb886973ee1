import Columns
import SPL

/// Cuts numbers into ranges for `bin` and writes them as `10-20`: the lower edge belongs to the range, the upper does not.
///
/// Source: Splunk Search Reference 9.4, "bin"; docs/decisions/0002 (bin-automatic-span).
struct NumberBuckets: Hashable, Sendable {
    enum Span: Hashable, Sendable {
        /// Ranges of one width, which begin at its multiples; `decimals` is how many digits the edges may need.
        case linear(width: Double, decimals: Int)
        /// Edges at coefficient x base^k.
        case logarithmic(coefficient: Double, base: Double)
    }

    let span: Span

    init(_ span: Span) { self.span = span }

    /// The fewest-range width of 1, 2 or 5 times a power of ten that needs at most `maximumCount` ranges.
    ///
    /// - Parameters:
    ///   - low: the least number, or what `start=` says below it.
    ///   - high: the greatest number.
    ///   - end: what `end=` says above it, as the edge of a range.
    ///   - minimumWidth: ranges are at least this wide.
    init(low: Double, high: Double, end: Double?, maximumCount: Int, minimumWidth: Double) {
        let top = end.map { Swift.max($0, high) } ?? high
        let needed = Swift.max((top - low) / Double(Swift.max(1, maximumCount)), minimumWidth)
        var exponent = needed > 0 && needed.isFinite ? Int(needed.logarithm.rounded(.down)) - 1 : 0
        while exponent < 300 {
            for step in [1.0, 2, 5] {
                let width = Self.power(10, exponent) * step
                guard width >= minimumWidth, width > 0 else { continue }
                let first = (low / width).rounded(.down)
                var last = (high / width).rounded(.down)
                if let end, end > high { last = Swift.max(last, (end / width).rounded(.up) - 1) }
                if last - first + 1 <= Double(Swift.max(1, maximumCount)) {
                    self.init(.linear(width: width, decimals: Swift.max(0, -exponent)))
                    return
                }
            }
            exponent += 1
        }
        self.init(.linear(width: Self.power(10, 300), decimals: 0))
    }

    /// The range that the number lies in; nil for what has none: nan, infinity, and on a log scale zero and below.
    func label(_ number: Double) -> Text? {
        guard number.isFinite else { return nil }
        let (lower, upper) = edges(number)
        guard let lower, let upper, lower.isFinite, upper.isFinite else { return nil }
        return Text("\(NumberText.print(lower))-\(NumberText.print(upper))")
    }

    func edges(_ number: Double) -> (lower: Double?, upper: Double?) {
        let edge: (Double) -> Double
        var index: Double
        switch span {
        case .linear(let width, let decimals):
            edge = { Self.rounded($0 * width, decimals) }
            index = (number / width).rounded(.down)
        case .logarithmic(let coefficient, let base):
            guard number > 0 else { return (nil, nil) }
            edge = { coefficient * Self.power(base, Int($0)) }
            index = ((number / coefficient).logarithm / base.logarithm).rounded(.down)
            guard abs(index) < 100_000 else { return (nil, nil) }
        }
        // Division is a hair off at the edges: 0.3 / 0.1 is 2.9999999999999996.
        if number >= edge(index + 1) { index += 1 } else if number < edge(index) { index -= 1 }
        return (edge(index), edge(index + 1))
    }

    private static func rounded(_ number: Double, _ decimals: Int) -> Double {
        guard decimals > 0, decimals <= 15 else { return number }
        let scale = power(10, decimals)
        let scaled = (number * scale).rounded()
        return scaled.isFinite && abs(scaled) < 9e15 ? scaled / scale : number
    }

    /// Exact where the power of the positive exponent is: 2 x 5^-2 is 2/25.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        var factor = base
        var rest = abs(exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return exponent < 0 ? 1 / result : result
    }

    // MARK: Spans

    /// Reads `10`, `0.5`, `2log5`, `log10`; nil for anything else, a time span too.
    /// - Throws: E396 for a log span whose numbers are out of bounds.
    static func span(_ token: Token) throws(Diagnostic) -> Span? {
        let text = token.text.lowercased()
        if let number = NumberText.parse(Array(text.utf8)) {
            guard number > 0, number < 1e300 else { return nil }
            let fraction =
                text.contains("e")
                ? 15
                : text.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
                    .first?.utf8.count ?? 0
            return .linear(width: number, decimals: Swift.min(15, fraction))
        }
        guard let log = text.utf8Range(of: "log") else { return nil }
        let before = text[..<log.lowerBound]
        let after = text[log.upperBound...]
        let coefficient = before.isEmpty ? 1 : NumberText.parse(Array(before.utf8))
        let base = after.isEmpty ? 10 : NumberText.parse(Array(after.utf8))
        guard let coefficient, let base, base > 1, coefficient >= 1, coefficient < base, base < 1e300 else {
            throw Diagnostic(
                "E396", "'\(token.text)' is no log span", span: token.span,
                hint: "write <coefficient>log<base>: the base above 1, the coefficient from 1 up to below the base")
        }
        return .logarithmic(coefficient: coefficient, base: base)
    }
}

extension Double {
    /// The decimal logarithm of a positive number, good to the digit before the point; Foundation is not at hand here.
    fileprivate var logarithm: Double {
        let exponent = Double(self.exponent)
        // log10 of the significand in 1..<2 by the area hyperbolic tangent series.
        let x = (significand - 1) / (significand + 1)
        var term = x
        var sum = 0.0
        var divisor = 1.0
        while divisor < 60 {
            sum += term / divisor
            term *= x * x
            divisor += 2
        }
        return (exponent * 0.693_147_180_559_945_3 + 2 * sum) / 2.302_585_092_994_046
    }
}

extension String {
    fileprivate func utf8Range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
