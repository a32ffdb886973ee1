/// The numbers of one group: each distinct value once, ascending, with the number of rows that have it.
struct DensitySample: Hashable, Sendable {
    let values: [Double]
    let weights: [Double]
    let total: Double

    /// - Parameter values: at least one, ascending, each with a positive weight.
    init(values: [Double], weights: [Double]) {
        self.values = values
        self.weights = weights
        total = weights.reduce(0, +)
    }

    init(_ numbers: [Double]) {
        var values: [Double] = []
        var weights: [Double] = []
        for number in numbers.sorted() {
            if number == values.last {
                weights[weights.count - 1] += 1
            } else {
                values.append(number)
                weights.append(1)
            }
        }
        self.init(values: values, weights: weights)
    }

    var isConstant: Bool { values.count == 1 }

    /// Numbers that can be learned: sums of their squares stay finite.
    static func isUsable(_ number: Double) -> Bool { abs(number) < 1e150 }

    var mean: Double { zip(values, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) } }

    /// The standard deviation of the population.
    var deviation: Double {
        let mean = mean
        return zip(values, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * ($1.1 / total) }.squareRoot()
    }

    /// The values at the middles of `count` equal parts of the rows in order.
    func quantiles(_ count: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(count)
        var index = 0
        var below = 0.0
        for part in 0..<count {
            let rank = (Double(part) + 0.5) / Double(count) * total
            while index < values.count - 1, below + weights[index] <= rank {
                below += weights[index]
                index += 1
            }
            result.append(values[index])
        }
        return result
    }

    func merged(with other: DensitySample) -> DensitySample {
        var values: [Double] = []
        var weights: [Double] = []
        var left = 0
        var right = 0
        while left < self.values.count || right < other.values.count {
            let next = min(
                left < self.values.count ? self.values[left] : .infinity,
                right < other.values.count ? other.values[right] : .infinity)
            var weight = 0.0
            if left < self.values.count, self.values[left] == next {
                weight += self.weights[left]
                left += 1
            }
            if right < other.values.count, other.values[right] == next {
                weight += other.weights[right]
                right += 1
            }
            values.append(next)
            weights.append(weight)
        }
        return DensitySample(values: values, weights: weights)
    }

    /// At most `limit` values, evenly by rank: what a random sample would be on average.
    func thinned(to limit: Int) -> DensitySample {
        guard values.count > limit else { return self }
        let share = total / Double(limit)
        var values: [Double] = []
        var weights: [Double] = []
        for value in quantiles(limit) {
            if value == values.last {
                weights[weights.count - 1] += share
            } else {
                values.append(value)
                weights.append(share)
            }
        }
        return DensitySample(values: values, weights: weights)
    }
}
