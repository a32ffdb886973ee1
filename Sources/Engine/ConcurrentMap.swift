import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results in the order of the elements, made on so many threads.
    func concurrentMap<Result: Sendable>(
        _ threadCount: Int, _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        let next = Atomic(0)
        let parts = Mutex<[(Int, Result)]>([])
        DispatchQueue.concurrentPerform(iterations: Swift.max(1, Swift.min(threadCount, count))) { _ in
            var own: [(Int, Result)] = []
            while true {
                let position = next.add(1, ordering: .relaxed).oldValue
                guard position < count else { break }
                own.append((position, transform(self[position])))
            }
            parts.withLock { $0 += own }
        }
        return parts.withLock { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
