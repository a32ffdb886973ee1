import Glibc

/// A beta distribution between `start` and `start + width`.
struct BetaCurve: Hashable, Sendable {
    let alpha: Double
    let beta: Double
    let start: Double
    let width: Double
    /// ln B(alpha, beta).
    private let logarithmOfBeta: Double

    init(alpha: Double, beta: Double, start: Double, width: Double) {
        self.alpha = alpha
        self.beta = beta
        self.start = start
        self.width = width
        logarithmOfBeta = Glibc.lgamma(alpha).0 + Glibc.lgamma(beta).0 - Glibc.lgamma(alpha + beta).0
    }

    /// By moments. The range is the sample's, wider on both sides by half of what one row would have of it, so that
    /// the extremes lie inside. Nil where no beta distribution has those moments.
    init?(fitting sample: DensitySample) {
        guard let low = sample.values.first, let high = sample.values.last, high > low else { return nil }
        let margin = (high - low) / (2 * sample.total)
        let width = high - low + 2 * margin
        let mean = (sample.mean - low + margin) / width
        let deviation = sample.deviation / width
        let size = mean * (1 - mean) / (deviation * deviation) - 1
        guard size > 0, size.isFinite, mean > 0, mean < 1, width.isFinite else { return nil }
        self.init(alpha: mean * size, beta: (1 - mean) * size, start: low - margin, width: width)
    }

    var mean: Double { start + width * alpha / (alpha + beta) }
    var deviation: Double {
        let sum = alpha + beta
        return width * (alpha * beta / (sum * sum * (sum + 1))).squareRoot()
    }

    func density(at x: Double) -> Double {
        let position = (x - start) / width
        guard position >= 0, position <= 1 else { return 0 }
        if position == 0 || position == 1 {
            let shape = position == 0 ? alpha : beta
            return shape > 1 ? 0 : (shape < 1 ? .infinity : (position == 0 ? beta : alpha) / width)
        }
        let logarithm = (alpha - 1) * Glibc.log(position) + (beta - 1) * Glibc.log1p(-position) - logarithmOfBeta
        return Glibc.exp(logarithm) / width
    }

    func share(below x: Double) -> Double {
        let position = (x - start) / width
        if position <= 0 { return 0 }
        if position >= 1 { return 1 }
        let front = Glibc.exp(alpha * Glibc.log(position) + beta * Glibc.log1p(-position) - logarithmOfBeta)
        return position < (alpha + 1) / (alpha + beta + 2)
            ? front * Self.continuedFraction(position, alpha, beta) / alpha
            : 1 - front * Self.continuedFraction(1 - position, beta, alpha) / beta
    }

    /// Newton's method, kept in a bracket by halving it.
    func quantile(_ share: Double) -> Double {
        var low = start
        var high = start + width
        var x = low + width / 2
        for _ in 0..<100 {
            let error = self.share(below: x) - share
            if error < 0 { low = x } else { high = x }
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            let step = error / density(at: x)
            if abs(step) <= 1e-15 * width { break }
            x = x - step > low && x - step < high ? x - step : middle
        }
        return x
    }

    /// The continued fraction of the incomplete beta function, by Lentz's method. Source: Abramowitz and Stegun 26.5.8.
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var numerator = 1.0
        var denominator = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var result = denominator
        for step in 1...1_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            denominator = 1 / nonzero(1 + even * denominator)
            numerator = nonzero(1 + even / numerator)
            result *= denominator * numerator
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            denominator = 1 / nonzero(1 + odd * denominator)
            numerator = nonzero(1 + odd / numerator)
            let change = denominator * numerator
            result *= change
            if abs(change - 1) < 1e-15 { break }
        }
        return result
    }
}
