import Glibc

/// A Gaussian kernel density estimate: a normal curve over each value of the sample, all of one bandwidth.
struct KernelCurve: Hashable, Sendable {
    let sample: DensitySample
    let bandwidth: Double
    /// How much weight lies before each value, and at last all.
    private let weightBefore: [Double]

    init(_ sample: DensitySample, bandwidth: Double) {
        self.sample = sample
        self.bandwidth = bandwidth
        var sums = [0.0]
        for weight in sample.weights { sums.append(sums[sums.count - 1] + weight) }
        weightBefore = sums
    }

    /// Scott's rule: the sample's standard deviation over the fifth root of its size. Nil for one value.
    init?(fitting sample: DensitySample) {
        guard sample.total > 1, !sample.isConstant else { return nil }
        let deviation = sample.deviation * (sample.total / (sample.total - 1)).squareRoot()
        let bandwidth = deviation * Glibc.pow(sample.total, -0.2)
        guard bandwidth > 0, bandwidth.isFinite else { return nil }
        self.init(sample, bandwidth: bandwidth)
    }

    func density(at x: Double) -> Double {
        // Beyond 39 bandwidths the normal curve is 0 in a Double.
        let reach = 39 * bandwidth
        var sum = 0.0
        for index in firstIndex(atLeast: x - reach)..<firstIndex(atLeast: x + reach) {
            let distance = (x - sample.values[index]) / bandwidth
            sum += sample.weights[index] * Glibc.exp(-0.5 * distance * distance)
        }
        return sum / (sample.total * bandwidth * (2 * Double.pi).squareRoot())
    }

    func share(below x: Double) -> Double {
        // Beyond 8.5 bandwidths a kernel lies on one side, but for less than a Double near 1 can tell.
        let reach = 8.5 * bandwidth
        let first = firstIndex(atLeast: x - reach)
        var sum = weightBefore[first]
        for index in first..<firstIndex(atLeast: x + reach) {
            let distance = (sample.values[index] - x) / bandwidth
            sum += sample.weights[index] * 0.5 * Glibc.erfc(distance / 2.0.squareRoot())
        }
        return sum / sample.total
    }

    func quantile(_ share: Double) -> Double {
        var low = start
        var high = end
        for _ in 0..<80 {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if self.share(below: middle) < share { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }

    /// Nothing that a Double near 1 can tell lies before.
    fileprivate var start: Double { (sample.values.first ?? 0) - 8.5 * bandwidth }
    fileprivate var end: Double { (sample.values.last ?? 0) + 8.5 * bandwidth }

    /// The regions of lowest density that have `area` together, to within the grid's precision.
    func leastDense(_ area: Double) -> [BoundaryRange] {
        guard area < 1 else { return [BoundaryRange(low: -.infinity, high: .infinity, area: 1)] }
        let grid = KernelGrid(self)
        let densities = grid.edges.map { density(at: $0) }
        var low = 0.0
        var high = densities.max() ?? 0
        for _ in 0..<100 {
            let level = low + (high - low) / 2
            guard level > low, level < high else { break }
            let sum = grid.regions(below: level, densities).reduce(0) {
                $0 + grid.share(below: $1.high) - grid.share(below: $1.low)
            }
            if sum <= area { low = level } else { high = level }
        }
        return grid.regions(below: low, densities).map { region in
            let upper = region.high == .infinity ? 1 : share(below: region.high)
            let lower = region.low == -.infinity ? 0 : share(below: region.low)
            return BoundaryRange(low: region.low, high: region.high, area: upper - lower)
        }
    }

    private func firstIndex(atLeast x: Double) -> Int {
        var low = 0
        var high = sample.values.count
        while low < high {
            let middle = (low + high) / 2
            if sample.values[middle] < x { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The share below the edges of equal cells, from where a kernel estimate begins to where it ends; shares and quantiles
/// between them are interpolated.
struct KernelGrid: Sendable {
    private let start: Double
    private let width: Double
    private let shares: [Double]

    init(_ curve: KernelCurve) {
        let low = curve.start
        let high = curve.end
        // Eight cells a bandwidth, where the sample's outliers do not stretch the grid too far for that.
        let count = Int(min(16_384, max(512, (8 * (high - low) / curve.bandwidth).rounded(.up))))
        let width = (high - low) / Double(count)
        start = low
        self.width = width
        shares = (0...count).map { edge in
            edge == 0 ? 0 : (edge == count ? 1 : curve.share(below: low + Double(edge) * width))
        }
    }

    func share(below x: Double) -> Double {
        let position = (x - start) / width
        guard position > 0 else { return 0 }
        guard position < Double(shares.count - 1) else { return 1 }
        let cell = Int(position)
        return shares[cell] + (position - Double(cell)) * (shares[cell + 1] - shares[cell])
    }

    func quantile(_ share: Double) -> Double {
        var low = 0
        var high = shares.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if shares[middle] <= share { low = middle } else { high = middle }
        }
        let mass = shares[high] - shares[low]
        let part = mass > 0 ? (share - shares[low]) / mass : 0.5
        return start + (Double(low) + min(1, max(0, part))) * width
    }

    var edges: [Double] { shares.indices.map { start + Double($0) * width } }

    /// Where the density, given at the edges and straight between them, is below a level. Outside the grid it always is.
    func regions(below level: Double, _ densities: [Double]) -> [(low: Double, high: Double)] {
        var regions: [(low: Double, high: Double)] = []
        var opening: Double? = (densities.first ?? 0) < level ? -.infinity : nil
        for edge in densities.indices.dropLast() {
            let left = densities[edge]
            let right = densities[edge + 1]
            guard (left < level) != (right < level) else { continue }
            let crossing = start + (Double(edge) + (level - left) / (right - left)) * width
            if let low = opening {
                regions.append((low, crossing))
                opening = nil
            } else {
                opening = crossing
            }
        }
        if let low = opening { regions.append((low, .infinity)) }
        return regions
    }
}
