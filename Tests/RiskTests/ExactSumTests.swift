import Testing

@testable import Risk

@Suite struct ExactSumTests {
    @Test func aTermComesOutAsItWentIn() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            let size = [0.0001, 1, 100, 1e6, 1e9].randomElement(using: &generator)!
            let term = Double.random(in: -size...size, using: &generator)
            guard abs(term) >= 1e-6 else { continue }
            #expect(ExactSum(term).value == term)
        }
        for term in [0, 0.1, 20, 62.5, -33.3, 1e9, -1e9] { #expect(ExactSum(term).value == term) }
    }

    @Test func sumsAreRoundedOnce() {
        func sum(_ terms: [Double]) -> Double { terms.reduce(into: ExactSum()) { $0 += ExactSum($1) }.value }
        #expect(0.1 + 0.2 - 0.1 != 0.2)
        #expect(sum([0.1, 0.2, -0.1]) == 0.2)
        #expect(sum(Array(repeating: 0.1, count: 10)) == 1)
        #expect(sum([1e9, 0.001, -1e9]) == 0.001)
        // 2^53 + 1 is half way between two Doubles and goes to the even one; a trace more goes up.
        var big = ExactSum(1_073_741_824)
        for _ in 0..<23 { big += big }
        func value(_ terms: [Double]) -> Double { terms.reduce(into: big) { $0 += ExactSum($1) }.value }
        #expect(big.value == 9_007_199_254_740_992)
        #expect(value([1]) == 9_007_199_254_740_992)
        #expect(value([1, 1e-9]) == 9_007_199_254_740_994)
        #expect(value([3]) == 9_007_199_254_740_996)
        big = ExactSum() - big
        #expect(value([-1, -1e-9]) == -9_007_199_254_740_994)
    }

    @Test func whatIsNoScoreIsCut() {
        #expect(ExactSum(.nan).value == 0)
        #expect(ExactSum(.infinity).value == ExactSum.largestTerm)
        #expect(ExactSum(-.infinity).value == -ExactSum.largestTerm)
        #expect(ExactSum(.leastNonzeroMagnitude).isZero)
        #expect(ExactSum(1e-300).isZero)
        #expect(ExactSum(-0.0).isZero)
        #expect(abs(ExactSum(1e-20).value - 1e-20) <= 1.06e-22)
    }
}
