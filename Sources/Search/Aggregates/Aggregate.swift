import Columns

/// One stats function over all groups at once: a dynamic call a batch, not a value.
///
/// Law, tested for all of them: feeding rows in one batch or in any number of batches gives the same result.
protocol Aggregate: Sendable {
    init()

    /// - Parameters:
    ///   - column: the argument; nil for a field that does not exist, or for `count` without one.
    ///   - groups: per row the group it belongs to.
    ///   - groupCount: how many groups there are by now.
    ///   - times: `_time`, for the functions of event order.
    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?)

    /// The result for one group; `group` may be one that never saw a row.
    func result(_ group: Int, _ context: inout ExecutionContext) -> Value
}

/// A stats function as the language names it.
public struct AggregateFunction: Sendable {
    public let name: String
    public let summary: String
    /// Needs an argument; only `count` does without.
    let needsArgument: Bool
    /// The order of its input rows changes its result.
    let dependsOnOrder: Bool
    let needsTime: Bool
    let make: @Sendable () -> any Aggregate

    init(
        _ name: String, summary: String, needsArgument: Bool = true, dependsOnOrder: Bool = false,
        needsTime: Bool = false, make: @escaping @Sendable () -> any Aggregate
    ) {
        self.name = name
        self.summary = summary
        self.needsArgument = needsArgument
        self.dependsOnOrder = dependsOnOrder
        self.needsTime = needsTime
        self.make = make
    }
}
