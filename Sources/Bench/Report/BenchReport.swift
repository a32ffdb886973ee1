/// What a benchmark found: answers agreed, and these are the times.
public struct BenchReport: Sendable {
    public struct Data: Sendable {
        public var path: String
        public var eventCount: Int
        public var byteCount: Int
        /// Events that the seed rule matches, and the groups that they fall into.
        public var matchedEventCount: Int
        public var groupCount: Int
    }

    /// A peer that took part.
    public struct Version: Sendable {
        public var name: String
        public var version: String
    }

    public struct Side: Sendable {
        public var title: String
        /// Of the file that it read.
        public var eventCount: Int
        public var byteCount: Int
        /// One a round, in order; at least one.
        public var samples: [Sample]

        public var bestSeconds: Double { samples.map(\.seconds).min() ?? .nan }
        /// Of the fastest round.
        public var processorSeconds: Double? {
            samples.min { $0.seconds < $1.seconds }?.processorSeconds
        }
        /// The largest of all rounds.
        public var peakBytes: Int { samples.map(\.peakBytes).max() ?? 0 }
    }

    /// Best time of one side over best time of another.
    public struct Ratio: Sendable {
        public var of: String
        public var to: String
        public var value: Double
        /// What is wanted; nothing fails by it.
        public var aim: Double?
    }

    public struct Case: Sendable {
        public var name: String
        /// None for a case that could not be measured.
        public var sides: [Side]
        public var ratios: [Ratio]
        /// What was left out, and why.
        public var notes: [String]
    }

    public var machine: Machine
    public var seed: UInt64
    public var roundCount: Int
    public var data: Data
    public var versions: [Version]
    public var cases: [Case]
    /// By case.
    public var limits: [String: Double]
    public var ownPeakBytes: Int

    /// What does not hold of the limits, a line each; a limit that nothing could be held to does not hold.
    public var failures: [String] {
        limits.sorted { $0.key < $1.key }.flatMap { name, limit -> [String] in
            let ratios = cases.filter { $0.name == name }.flatMap(\.ratios)
            guard !ratios.isEmpty else { return ["limit \(name)=\(decimal(limit, 2)): no ratio was measured"] }
            return ratios.filter { !($0.value <= limit) }.map {
                "limit \(name)=\(decimal(limit, 2)): \($0.of) takes \(decimal($0.value, 2)) times \($0.to)"
            }
        }
    }
}

/// The number with `places` digits behind the point, rounded half away from zero; `nan` and `inf` as they are.
func decimal(_ number: Double, _ places: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return String(number) }
    let scale = (0..<places).reduce(1) { product, _ in product * 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    return sign + String(scaled / scale) + "." + String(repeating: "0", count: places - fraction.count) + fraction
}
