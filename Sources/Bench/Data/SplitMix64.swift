/// A generator of numbers that is the same on every machine and in every version of the standard library.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (2014); the constants of
/// java.util.SplittableRandom.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number in `0..<bound`. The high word of a product: which numbers come a little more often does not matter here.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    /// `count` different elements, in the order drawn.
    mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        var pool = elements
        for place in 0..<count { pool.swapAt(place, place + below(pool.count - place)) }
        return Array(pool[..<count])
    }

    /// Digits and letters of `alphabet`, one drawn for each.
    mutating func text(_ count: Int, of alphabet: [Character]) -> String {
        String((0..<count).map { _ in element(of: alphabet) })
    }
}
