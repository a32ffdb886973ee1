import Synchronization
import Testing

@testable import Engine

@Suite struct OrderedWorkTests {
    private struct Failure: Error, Equatable { var item: Int }

    /// Pieces as (item, number), as they were handed over.
    private func handedOver(
        _ pieceCounts: [Int], threadCount: Int, alone: Set<Int> = [], spin: Bool = false
    ) throws -> [[Int]] {
        let pieces = Mutex<[[Int]]>([])
        let running = Atomic(0)
        try OrderedWork<[Int]>.run(
            count: pieceCounts.count, threadCount: threadCount, runsAlone: { alone.contains($0) }
        ) { item, give in
            let others = running.add(1, ordering: .sequentiallyConsistent).oldValue
            if alone.contains(item) {
                #expect(others == 0)
                #expect(pieces.withLock { $0.count } == pieceCounts[..<item].reduce(0, +))
            }
            // The first items take longest: those behind them must wait.
            if spin { for _ in 0..<(pieceCounts.count - item) * 1_000 { _ = running.load(ordering: .relaxed) } }
            for number in 0..<pieceCounts[item] { try give([item, number]) }
            if alone.contains(item) { #expect(running.load(ordering: .sequentiallyConsistent) == 1) }
            running.subtract(1, ordering: .sequentiallyConsistent)
        } handOver: { piece in
            pieces.withLock { $0.append(piece) }
        }
        return pieces.withLock { $0 }
    }

    @Test(arguments: [1, 2, 8]) func piecesComeInTheOrderOfTheirItems(threadCount: Int) throws {
        let counts = (0..<300).map { [0, 1, 1, 5, 2][$0 % 5] }
        let expected = counts.enumerated().flatMap { item, count in (0..<count).map { [item, $0] } }
        for _ in 0..<20 { #expect(try handedOver(counts, threadCount: threadCount, spin: true) == expected) }
    }

    @Test func someItemsRunAlone() throws {
        let counts = (0..<120).map { $0 % 3 }
        let expected = counts.enumerated().flatMap { item, count in (0..<count).map { [item, $0] } }
        for _ in 0..<20 {
            #expect(try handedOver(counts, threadCount: 4, alone: [0, 7, 8, 60, 119], spin: true) == expected)
        }
    }

    @Test func nothingIsDoneForNothing() throws {
        #expect(try handedOver([], threadCount: 4).isEmpty)
        #expect(try handedOver([0, 0], threadCount: 4).isEmpty)
    }

    @Test(arguments: [1, 4]) func theFirstErrorEndsIt(threadCount: Int) {
        let pieces = Mutex<[Int]>([])
        #expect(throws: Failure(item: 50)) {
            try OrderedWork<Int>.run(count: 200, threadCount: threadCount) { item, give in
                if item == 50 { throw Failure(item: item) }
                try give(item)
                try give(item)
            } handOver: { piece in
                pieces.withLock { $0.append(piece) }
            }
        }
        let given = pieces.withLock { $0 }
        #expect(given == given.sorted())
        #expect(given.allSatisfy { $0 < 50 })
    }

    @Test(arguments: [1, 4]) func anErrorOfHandingOverEndsIt(threadCount: Int) {
        #expect(throws: Failure(item: 9)) {
            try OrderedWork<Int>.run(count: 200, threadCount: threadCount) { item, give in
                try give(item)
            } handOver: { piece in
                if piece == 9 { throw Failure(item: 9) }
            }
        }
    }

    @Test func resultsOfAConcurrentMapKeepTheirOrder() {
        #expect((0..<1_000).map { $0 }.concurrentMap(4) { $0 * 2 } == (0..<1_000).map { $0 * 2 })
        #expect([Int]().concurrentMap(4) { $0 }.isEmpty)
    }
}
