import Columns
import SPL

/// One stats function over all groups at once: a dynamic call a batch, not a value.
///
/// Laws, tested for all of them: rows fed in one batch, in several, or one by one give the same result; and merging
/// what two halves gave is the same as feeding the second half behind the first.
protocol Aggregate: Sendable {
    /// Makes room for this many groups; never fewer than before.
    mutating func grow(to groupCount: Int)

    /// - Parameters:
    ///   - column: the argument; nil for a field that does not exist.
    ///   - groups: per row the group it belongs to.
    ///   - groupCount: how many groups there are by now.
    ///   - times: `_time`, for the functions of event order.
    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?)

    /// One row. - Parameter group: below the count it has grown to.
    mutating func add(_ value: Value, group: Int, time: Double?)

    /// Takes over the rows of `other`, an aggregate of the same function, as if they came behind the rows so far.
    ///
    /// - Parameter groups: per group of `other` the group here.
    mutating func merge(_ other: any Aggregate, groups: [Int], groupCount: Int)

    /// ``merge(_:groups:groupCount:)`` when there is room for all groups.
    mutating func absorb(_ other: Self, groups: [Int])

    /// The result for one group; `group` may be one that never saw a row.
    func result(_ group: Int, _ context: inout ExecutionContext) -> Value
}

/// An aggregate that can take back its oldest row, for the windows of `streamstats`.
protocol SlidingAggregate: Aggregate {
    /// The arguments are those that the oldest row of the group was added with.
    mutating func remove(_ value: Value, group: Int, time: Double?)
}

/// An aggregate whose state can be written out and read back, on another machine too: what `stats` keeps.
///
/// Laws, tested for all of them: what was read merges and results as what was written; equal states give equal bytes;
/// bytes that nobody wrote give a state or E361.
protocol StoredAggregate: Aggregate {
    /// Writes what it has seen of each group that it has grown to.
    func write(to writer: inout StateWriter)

    /// Takes over a state that was written of so many groups; only for one that has seen nothing.
    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError)
}

extension Aggregate {
    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        let timeOfEntry = times.map { $0.values.map(\.numeric) }
        for (row, group) in groups.enumerated() where column.ids[row] != 0 {
            let time = times.flatMap { timeOfEntry?[Int($0.ids[row])] }
            add(column[row], group: group, time: time)
        }
    }

    mutating func merge(_ other: any Aggregate, groups: [Int], groupCount: Int) {
        guard let other = other as? Self else { preconditionFailure("aggregates of two functions cannot be merged") }
        grow(to: groupCount)
        absorb(other, groups: groups)
    }
}

extension Array {
    mutating func pad(to count: Int, with element: Element) {
        if count > self.count { append(contentsOf: repeatElement(element, count: count - self.count)) }
    }
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
    /// Reads its argument as numbers: what `allnum=true` is about.
    let isNumeric: Bool
    /// Gives all values it has met, not one of them or a number: what `delim=` is about.
    var isMultivalue: Bool { name == "list" || name == "values" }
    /// Tells when it leaves something out of a group's result.
    var mayWarn: Bool { name == "list" || isSparkline }
    /// Gives a number for each stretch of time: it stands in `stats` and `chart` only.
    var isSparkline: Bool { name == SparklineFunction.name }
    /// What the merged states of pieces give is what one state gives that was fed all rows in order, to the last digit.
    let mergesExactly: Bool
    let make: @Sendable () -> any StoredAggregate
    /// For windows: one that can forget, where that is another type.
    let makeSliding: @Sendable () -> any Aggregate

    init(
        _ name: String, summary: String, needsArgument: Bool = true, dependsOnOrder: Bool = false,
        needsTime: Bool = false, isNumeric: Bool = false, mergesExactly: Bool = true,
        makeSliding: (@Sendable () -> any Aggregate)? = nil, make: @escaping @Sendable () -> any StoredAggregate
    ) {
        self.name = name
        self.summary = summary
        self.needsArgument = needsArgument
        self.dependsOnOrder = dependsOnOrder
        self.needsTime = needsTime
        self.isNumeric = isNumeric
        self.mergesExactly = mergesExactly
        self.make = make
        self.makeSliding = makeSliding ?? { make() }
    }
}
