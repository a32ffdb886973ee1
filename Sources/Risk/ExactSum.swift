// A sum of Doubles that is the same in every order, and from which a term can be taken away again without a trace:
// fixed point of 128 bits in units of 2^-72. Floating sums have neither property, and a sliding window needs both: 0.1
// + 0.2 - 0.1 must be what 0.2 alone is. Scores of a millionth and more are held exactly, smaller ones to 2^-73.

/// A sum whose value depends on the set of its terms only.
struct ExactSum: Sendable, Equatable, Comparable {
    private var units: Int128 = 0

    /// Terms are cut at ±2^30 (about 1.07e9) so that 2^25 of them cannot overflow.
    static let largestTerm = 1_073_741_824.0
    private static let fractionBits = 72

    init() {}

    /// - Parameter term: not a number counts as 0.
    init(_ term: Double) {
        guard !term.isNaN else { return }
        let bounded = min(max(term, -Self.largestTerm), Self.largestTerm)
        guard bounded != 0, !bounded.isSubnormal else { return }
        let significand = Int128(bounded.significandBitPattern | 1 << 52)
        let shift = Int(bounded.exponent) - 52 + Self.fractionBits
        if shift >= 0 {
            units = significand << shift
        } else if shift >= -54 {
            // Half a unit goes up: each term is rounded by itself, never by what was added before.
            units = (significand + (1 << (-shift - 1))) >> -shift
        }
        if bounded < 0 { units = -units }
    }

    static func + (left: ExactSum, right: ExactSum) -> ExactSum {
        var sum = left
        sum += right
        return sum
    }

    static func - (left: ExactSum, right: ExactSum) -> ExactSum {
        var sum = left
        sum -= right
        return sum
    }

    // Wrapping: more than 2^25 terms of the largest size give a wrong sum, not a trap.
    static func += (left: inout ExactSum, right: ExactSum) { left.units &+= right.units }
    static func -= (left: inout ExactSum, right: ExactSum) { left.units &-= right.units }
    static func < (left: ExactSum, right: ExactSum) -> Bool { left.units < right.units }

    var isZero: Bool { units == 0 }

    /// The sum, rounded once to the nearest Double, ties to even.
    var value: Double {
        let magnitude = units.magnitude
        let width = UInt128.bitWidth - magnitude.leadingZeroBitCount
        let dropped = max(width - UInt64.bitWidth, 0)
        var top = UInt64(truncatingIfNeeded: magnitude >> UInt128(dropped))
        // What was dropped only matters for which side of a tie the rest is on: one sticky bit far below the last kept.
        if magnitude & ((1 << UInt128(dropped)) - 1) != 0 { top |= 1 }
        let scaled = Double(sign: .plus, exponent: dropped - Self.fractionBits, significand: Double(top))
        return units < 0 ? -scaled : scaled
    }
}
