import Columns

/// Rows that a seed makes: numbers as texts and as numbers, texts, multivalues, nulls, times with ties.
struct SampleRows {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func value() -> Value {
        switch next(12) {
        case 0: .null
        case 1: .text(["a", "B", "", "ä", "4.0", "004", "-0"][next(7)])
        case 2: .list((0..<next(5)).map { _ in scalar() })
        case 3: .number([0, -0.0, .nan, .infinity, 1e300, 0.1][next(6)])
        default: scalar()
        }
    }

    private mutating func scalar() -> Value {
        switch next(3) {
        case 0: .text("\(next(40))")
        case 1: .number(Double(next(4000)) / 7)
        default: .text("t\(next(30))")
        }
    }

    /// Fields `x`, `y` of values, `k` of few keys, `many` of many, `_time` and `_raw`.
    mutating func batch(_ rowCount: Int) -> Batch {
        var columns: [String: [Value]] = [:]
        for _ in 0..<rowCount {
            columns["x", default: []].append(value())
            columns["y", default: []].append(value())
            let key = next(20)
            columns["k", default: []].append(
                key == 0 ? .null : key == 1 ? .list([.text("k2"), .text("k3"), .text("k2")]) : .text("k\(key % 5)"))
            columns["many", default: []].append(.number(Double(next(rowCount))))
            columns["_time", default: []].append(
                next(15) == 0 ? [.null, .text("x"), .number(.nan)][next(3)] : .number(1e9 + Double(next(400)) / 2))
            columns["_raw", default: []].append(.text("u=\(next(9)) {\"n\":\(next(9))}"))
        }
        var batch = Batch(rowCount: rowCount)
        for name in columns.keys.sorted() { batch.set(name, Column(columns[name] ?? [])) }
        return batch
    }

    /// Pieces of the rows, none of them empty.
    mutating func cut(_ batch: Batch, atMost size: Int) -> [Batch] {
        var pieces: [Batch] = []
        var start = 0
        while start < batch.rowCount {
            let end = min(batch.rowCount, start + 1 + next(size))
            pieces.append(batch.gathered(Array(start..<end)))
            start = end
        }
        return pieces
    }
}
