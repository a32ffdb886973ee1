import Columns
import Search
import Synchronization

/// Columns that the searches of one job calculate of the same events in the same way: hundreds of rules begin with the
/// same dataset, and each of its calculated fields is worked out once for all of them, over all windows at once.
final class SharedCalculations: Sendable {
    private struct Key: Hashable {
        var events: Int
        var recipe: Int
    }

    private struct Recipe: Hashable {
        var text: String
        var inputs: [String: Int]
    }

    private struct State {
        /// By the number of the events and of what the column is made of.
        var columns: [Key: Column] = [:]
        /// Numbers of calculations: the text, and the numbers of what it reads.
        var numbers: [Recipe: Int] = [:]
        var rowCount = 0
    }

    private let state = Mutex(State())

    /// Columns of so many rows in all, at 4 bytes each and their values; beyond that every search calculates its own.
    private static let maximumRowCount = 64 << 20

    /// - Parameters:
    ///   - calculations: in their order, each may read what those before it have written.
    ///   - events: equal revisions, equal rows.
    func apply(
        _ calculations: [RowCalculation], to events: MatchedEvents, _ context: ExecutionContext
    ) throws(SearchError) -> Batch {
        var batch = events.batch
        // What a field's column is made of; nothing for one that came with the events.
        var recipes: [String: Int] = [:]
        for calculation in calculations {
            let recipe = Recipe(text: calculation.text, inputs: recipes.filter { calculation.fields.contains($0.key) })
            let key = Key(events: events.revision, recipe: number(of: recipe))
            recipes[calculation.target] = key.recipe
            if let known = state.withLock({ $0.columns[key] }) {
                batch.set(calculation.target, known)
                continue
            }
            let column = try calculation.column(of: batch, context)
            batch.set(calculation.target, column)
            state.withLock { state in
                guard state.columns[key] == nil, state.rowCount + column.rowCount <= Self.maximumRowCount else {
                    return
                }
                state.rowCount += column.rowCount
                state.columns[key] = column
            }
        }
        return batch
    }

    private func number(of recipe: Recipe) -> Int {
        state.withLock { state in
            let number = state.numbers[recipe] ?? state.numbers.count
            state.numbers[recipe] = number
            return number
        }
    }
}
