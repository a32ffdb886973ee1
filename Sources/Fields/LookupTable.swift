import Columns
import Matching

// Exact columns go through a hash index; patterns are tried on what is left, in file order.

/// The rows of one CSV file, ready to be matched by one definition on some of its columns.
struct LookupTable: Sendable {
    private enum Cell: Sendable {
        case exact(Text)
        case wildcard(WildcardPattern)
        case cidr(CIDRBlock?)

        func matches(_ value: Text) -> Bool {
            switch self {
            case .exact(let text): text == value
            case .wildcard(let pattern): pattern.matches(value.bytes)
            case .cidr(let block): block?.contains(value.bytes) ?? false
            }
        }
    }

    let definition: LookupDefinition
    /// Event side: which of the inputs are matched exactly.
    private let exactInputs: [Int]
    private let patternInputs: [Int]
    private let index: [[Text]: [Int]]
    private let patterns: [[Cell]]
    /// Per output, the cells of all rows; empty cells are null.
    private let outputs: [[Value]]

    /// - Returns: nil when the table lacks an input column; `missing` then names it.
    init?(
        _ definition: LookupDefinition, csv: LookupCSV, inputs: [String], outputs: [String], missing: inout String?
    ) {
        self.definition = definition
        var inputColumns: [Int] = []
        for name in inputs + outputs where csv.position[name] == nil {
            missing = name
            return nil
        }
        for name in inputs { inputColumns.append(csv.position[name] ?? 0) }
        let types = inputs.map { definition.matchTypes[$0] ?? .exact }
        exactInputs = inputs.indices.filter { types[$0] == .exact }
        patternInputs = inputs.indices.filter { types[$0] != .exact }
        var index: [[Text]: [Int]] = [:]
        var patterns: [[Cell]] = []
        for (row, cells) in csv.rows.enumerated() {
            let key = exactInputs.map { Self.folded(cells[inputColumns[$0]], definition) }
            index[key, default: []].append(row)
            patterns.append(
                patternInputs.map { input in
                    let bytes = cells[inputColumns[input]].bytes
                    return types[input] == .wildcard
                        ? .wildcard(WildcardPattern(bytes, caseSensitive: definition.isCaseSensitive))
                        : .cidr(CIDRBlock(bytes))
                })
        }
        self.index = index
        self.patterns = patterns
        self.outputs = outputs.map { name in
            let column = csv.position[name] ?? 0
            return csv.rows.map { $0[column].isEmpty ? .null : .text($0[column]) }
        }
    }

    private static func folded(_ text: Text, _ definition: LookupDefinition) -> Text {
        definition.isCaseSensitive ? text : Text(CaseFolding.fold(text.bytes))
    }

    /// The output values for one tuple of scalars; nil when nothing matches and there is no default.
    func match(_ key: [Text]) -> [Value]? {
        var found: [Int] = []
        for row in index[exactInputs.map { Self.folded(key[$0], definition) }] ?? [] {
            let cells = patterns[row]
            if cells.indices.allSatisfy({ cells[$0].matches(key[patternInputs[$0]]) }) {
                found.append(row)
                if found.count == definition.maximumMatches { break }
            }
        }
        let missing = max(0, definition.minimumMatches - found.count)
        if found.isEmpty, missing == 0 { return nil }
        let filler = [Value](repeating: .text(definition.defaultMatch), count: missing)
        return outputs.map { column in .list(found.map { column[$0] } + filler) }
    }
}
