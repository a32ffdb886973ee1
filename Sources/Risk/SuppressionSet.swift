import Columns
public import RiskIndex

/// Which risk events do not count at a time, because an analyst has silenced them.
public struct SuppressionSet: Sendable {
    private let suppressions: [Suppression]

    public init(_ suppressions: [Suppression]) { self.suppressions = suppressions }

    public var isEmpty: Bool { suppressions.isEmpty }

    public subscript(position: Int) -> Suppression { suppressions[position] }

    /// Those that last at a time, as positions; equal lists silence the same events.
    public func active(at timeMicroseconds: Int64) -> [Int] {
        suppressions.indices.filter { suppressions[$0].isActive(at: timeMicroseconds) }
    }

    /// Which events the given suppressions silence.
    ///
    /// - Parameter columns: with ``RiskColumnParts/threatObjects``.
    public func mask(_ active: [Int], _ columns: RiskColumns, _ dimensions: RiskDimensions) -> SuppressionMask {
        var mask = SuppressionMask(
            objects: Array(repeating: false, count: dimensions.riskObjectBound),
            rules: Array(repeating: false, count: dimensions.ruleBound),
            threatLists: Array(repeating: false, count: columns.threatLists.count))
        for position in active {
            let folded = Text(FoldedName.fold(suppressions[position].value))
            switch suppressions[position].kind {
            case .entity:
                for number in 0..<dimensions.riskObjectBound {
                    guard let object = dimensions.riskObject(number) else { continue }
                    if Text(FoldedName.fold(object.normalizedRiskObject)) == folded { mask.objects[number] = true }
                }
            case .rule:
                for number in 0..<dimensions.ruleBound {
                    guard let rule = dimensions.rule(number) else { continue }
                    if Text(FoldedName.fold(rule.searchName)) == folded { mask.rules[number] = true }
                }
            case .threatObject:
                for (number, list) in columns.threatLists.enumerated() {
                    let isNamed = list.contains { threat in
                        dimensions.threatObject(Int(threat)).map { Text(FoldedName.fold($0.value)) == folded } ?? false
                    }
                    if isNamed { mask.threatLists[number] = true }
                }
            }
        }
        return mask
    }
}

extension SuppressionSet {
    /// The first of the given suppressions that silences each row; nil for a row that none does.
    ///
    /// - Parameter columns: with ``RiskColumnParts/threatObjects``.
    public func silencers(_ active: [Int], _ columns: RiskColumns, _ dimensions: RiskDimensions) -> [Int?] {
        var first: [Suppression.Kind: [Text: Int]] = [:]
        for position in active.sorted(by: >) {
            let suppression = suppressions[position]
            first[suppression.kind, default: [:]][Text(FoldedName.fold(suppression.value))] = position
        }
        func find(_ kind: Suppression.Kind, _ name: String?) -> Int? {
            guard let named = first[kind], let name else { return nil }
            return named[Text(FoldedName.fold(name))]
        }
        let objects = (0..<dimensions.riskObjectBound).map {
            find(.entity, dimensions.riskObject($0)?.normalizedRiskObject)
        }
        let rules = (0..<dimensions.ruleBound).map { find(.rule, dimensions.rule($0)?.searchName) }
        let lists = columns.threatLists.map { list in
            list.compactMap { find(.threatObject, dimensions.threatObject(Int($0))?.value) }.min()
        }
        return (0..<columns.count).map { row in
            [
                objects[Int(columns.riskObjects[row])], rules[Int(columns.rules[row])],
                lists[Int(columns.threatListIDs[row])],
            ].compactMap { $0 }.min()
        }
    }
}

/// Silenced names, rules and threat objects by their numbers.
public struct SuppressionMask: Sendable {
    var objects: [Bool]
    var rules: [Bool]
    var threatLists: [Bool]

    /// Whether the event of a row is silenced.
    public func silences(_ row: Int, of columns: RiskColumns) -> Bool {
        objects[Int(columns.riskObjects[row])] || rules[Int(columns.rules[row])]
            || threatLists[Int(columns.threatListIDs[row])]
    }
}
