import Columns
import Glibc

/// A fitted distribution of DensityFunction.
enum DensityCurve: Hashable, Sendable {
    /// As the option `dist` names them, in the order in which equal fits are preferred.
    enum Kind: String, CaseIterable, Sendable {
        case normal = "norm"
        case exponential = "expon"
        case kernel = "gaussian_kde"
        case beta

        /// As `summary` shows it.
        var title: String {
            switch self {
            case .normal: "Normal"
            case .exponential: "Exponential"
            case .kernel: "Gaussian KDE"
            case .beta: "Beta"
            }
        }
    }

    /// How far a fit is from its sample.
    enum Metric: String, CaseIterable, Sendable {
        case wasserstein
        case kolmogorovSmirnov = "kolmogorov_smirnov"
    }

    case normal(mean: Double, deviation: Double)
    /// Begins at `start`.
    case exponential(start: Double, scale: Double)
    case kernel(KernelCurve)
    case beta(BetaCurve)

    /// Normal and exponential by maximum likelihood, beta by moments, kernels by Scott's rule.
    /// Nil where the sample has no such fit: it is one value, or too wide for a Double.
    init?(_ kind: Kind, fitting sample: DensitySample) {
        guard !sample.isConstant, let low = sample.values.first else { return nil }
        switch kind {
        case .normal:
            let deviation = sample.deviation
            guard deviation > 0, deviation.isFinite else { return nil }
            self = .normal(mean: sample.mean, deviation: deviation)
        case .exponential:
            let scale = sample.mean - low
            guard scale > 0, scale.isFinite else { return nil }
            self = .exponential(start: low, scale: scale)
        case .kernel:
            guard let curve = KernelCurve(fitting: sample) else { return nil }
            self = .kernel(curve)
        case .beta:
            guard let curve = BetaCurve(fitting: sample) else { return nil }
            self = .beta(curve)
        }
    }

    var kind: Kind {
        switch self {
        case .normal: .normal
        case .exponential: .exponential
        case .kernel: .kernel
        case .beta: .beta
        }
    }

    /// Of the distribution, for kernels of the data.
    var mean: Double {
        switch self {
        case .normal(let mean, _): mean
        case .exponential(let start, let scale): start + scale
        case .kernel(let curve): curve.sample.mean
        case .beta(let curve): curve.mean
        }
    }

    /// Of the distribution, for kernels of the data.
    var deviation: Double {
        switch self {
        case .normal(_, let deviation): deviation
        case .exponential(_, let scale): scale
        case .kernel(let curve): curve.sample.deviation
        case .beta(let curve): curve.deviation
        }
    }

    /// Parameters other than mean and standard deviation, as `summary` shows them.
    var otherParameters: String? {
        func text(_ number: Double) -> String { NumberText.print(number) }
        switch self {
        case .normal, .exponential: return nil
        case .kernel(let curve):
            return "bandwidth: \(text(curve.bandwidth)), parameter size: \(curve.sample.values.count)"
        case .beta(let curve):
            return "alpha: \(text(curve.alpha)), beta: \(text(curve.beta)), location: \(text(curve.start)), "
                + "scale: \(text(curve.width))"
        }
    }

    func density(at x: Double) -> Double {
        switch self {
        case .normal(let mean, let deviation):
            let distance = (x - mean) / deviation
            return Glibc.exp(-0.5 * distance * distance) / (deviation * (2 * Double.pi).squareRoot())
        case .exponential(let start, let scale):
            return x < start ? 0 : Glibc.exp((start - x) / scale) / scale
        case .kernel(let curve): return curve.density(at: x)
        case .beta(let curve): return curve.density(at: x)
        }
    }

    /// Where `share` of the distribution lies to the left, for each share.
    func quantiles(_ shares: [Double]) -> [Double] {
        switch self {
        case .normal(let mean, let deviation): return shares.map { mean - deviation * Self.normalTail($0) }
        case .exponential(let start, let scale): return shares.map { start - scale * Glibc.log1p(-$0) }
        case .beta(let curve): return shares.map { curve.quantile($0) }
        case .kernel(let curve):
            let grid = KernelGrid(curve)
            return shares.map { grid.quantile($0) }
        }
    }

    private func shares(below values: [Double]) -> [Double] {
        switch self {
        case .normal(let mean, let deviation):
            return values.map { 0.5 * Glibc.erfc((mean - $0) / (deviation * 2.0.squareRoot())) }
        case .exponential(let start, let scale):
            return values.map { $0 < start ? 0 : -Glibc.expm1((start - $0) / scale) }
        case .beta(let curve): return values.map { curve.share(below: $0) }
        case .kernel(let curve):
            let grid = KernelGrid(curve)
            return values.map { grid.share(below: $0) }
        }
    }

    /// Splunk compares with a random sample of the fit. This is what such samples tend to: `wasserstein` the mean
    /// distance of equal quantiles, at most 200 of them, `kolmogorov_smirnov` the greatest distance of the
    /// cumulative distributions.
    func distance(to sample: DensitySample, _ metric: Metric) -> Double {
        switch metric {
        case .wasserstein:
            let count = Int(min(200, max(1, sample.total)))
            let own = quantiles((0..<count).map { (Double($0) + 0.5) / Double(count) })
            return zip(own, sample.quantiles(count)).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(count)
        case .kolmogorovSmirnov:
            var before = 0.0
            var greatest = 0.0
            for (share, weight) in zip(shares(below: sample.values), sample.weights) {
                let after = before + weight / sample.total
                greatest = max(greatest, share - before, after - share)
                before = after
            }
            return greatest
        }
    }

    /// The z that a standard normal value exceeds with this probability.
    static func normalTail(_ probability: Double) -> Double {
        var low = -40.0
        var high = 40.0
        for _ in 0..<100 {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if 0.5 * Glibc.erfc(middle / 2.0.squareRoot()) > probability { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }
}
