import Columns
public import RiskIndex

extension RiskEdits {
    /// - Parameters:
    ///   - columns: with all of ``parts(for:)``. Rows of rules that are not there any more go.
    ///   - dimensions: what the columns' numbers mean.
    public func apply(to columns: inout RiskColumns, _ dimensions: RiskDimensions) {
        guard !isEmpty else { return }
        let rules = (0..<dimensions.ruleBound).map { dimensions.rule($0).map { Text($0.searchName) } }
        if !removedRules.isEmpty {
            let isRemoved = rules.map { $0.map(removedRules.contains) ?? false }
            let numbers = columns.rules
            columns.keep { !isRemoved[Int(numbers[$0])] }
        }
        guard !scores.isEmpty || changesFactors else { return }
        let scoreOfRule = rules.map { $0.flatMap { scores[$0] } }
        let firstList = UInt32(columns.factorLists.count)
        if changesFactors {
            columns.factorLists += factorLists.map { (additions: $0.additions, multiplications: $0.multiplications) }
        }
        for row in 0..<columns.count {
            let score = scoreOfRule[Int(columns.rules[row])]
            let list = changesFactors ? factors(columns.timesMicroseconds[row], columns.keyOrders[row]) : nil
            guard score != nil || list != nil else { continue }
            if let score { columns.riskScores[row] = score.base(columns.riskScores[row]) }
            if let list {
                columns.riskFactorAdds[row] = factorLists[Int(list)].addition
                columns.riskFactorMults[row] = factorLists[Int(list)].multiplier
                columns.factorIDs[row] = firstList + list
            }
            columns.calculatedRiskScores[row] = Self.calculated(
                columns.riskScores[row], columns.riskFactorAdds[row], columns.riskFactorMults[row])
        }
    }
}

extension RiskColumns {
    fileprivate mutating func keep(_ isKept: (Int) -> Bool) {
        let rows = (0..<count).filter(isKept)
        guard rows.count < count else { return }
        let before = self
        func gather<Element>(_ column: WritableKeyPath<RiskColumns, [Element]>, _ columns: inout RiskColumns) {
            // Those that were not asked for are empty.
            guard !before[keyPath: column].isEmpty else { return }
            columns[keyPath: column] = rows.map { before[keyPath: column][$0] }
        }
        gather(\.timesMicroseconds, &self)
        gather(\.riskObjects, &self)
        gather(\.rules, &self)
        gather(\.calculatedRiskScores, &self)
        gather(\.riskScores, &self)
        gather(\.riskFactorAdds, &self)
        gather(\.riskFactorMults, &self)
        gather(\.factorIDs, &self)
        gather(\.firings, &self)
        gather(\.firingIDs, &self)
        gather(\.messageIDs, &self)
        gather(\.messageHashes, &self)
        gather(\.keys, &self)
        gather(\.rowFields, &self)
        gather(\.keyOrders, &self)
        gather(\.threatListIDs, &self)
    }
}
