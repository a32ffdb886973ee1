import Synchronization

/// What `random()` draws: the same search at the same time draws the same numbers, however its rows are cut into
/// batches, because each place in the search that calls it has a sequence of its own.
final class RandomNumbers: Sendable {
    private let seed: UInt64
    private let states = Mutex<[Int: UInt64]>([:])

    init(seed: Int64) { self.seed = UInt64(bitPattern: seed) }

    /// From 0 to 2^31-1.
    func next(site: Int) -> UInt32 {
        let state = states.withLock { states in
            // SplitMix64: the state is a counter, the output is its mixture.
            let next =
                (states[site] ?? seed &+ UInt64(truncatingIfNeeded: site) &* 0xD1B5_4A32_D192_ED03)
                &+ 0x9E37_79B9_7F4A_7C15
            states[site] = next
            return next
        }
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 33)
    }
}
