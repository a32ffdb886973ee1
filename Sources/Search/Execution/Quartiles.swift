/// The first and third quartile of some numbers, by linear interpolation between ranks.
struct Quartiles: Sendable {
    let first: Double
    let third: Double
    var range: Double { third - first }

    /// Nil for no numbers.
    init?(_ numbers: [Double]) {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        func rank(_ fraction: Double) -> Double {
            let position = fraction * Double(sorted.count - 1)
            let low = Int(position.rounded(.down))
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
        }
        first = rank(0.25)
        third = rank(0.75)
    }
}
