public import Columns
public import RiskIndex

extension Batch {
    /// The row's fields as the index keeps them, in column order, nulls left out.
    public func resultFields(_ row: Int, leavingOut hidden: Set<String> = []) -> [ResultField] {
        zip(names, columns).compactMap { name, column in
            guard !hidden.contains(name) else { return nil }
            let value = column[row]
            return value.isNull ? nil : ResultField(name, value)
        }
    }

    /// A field as it stands in a sentence: several values with commas between; nil for null.
    func printedText(_ name: String, _ row: Int) -> String? {
        let values = self[name, row].elements.compactMap { $0.printed?.string }
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

extension ResultField {
    /// A field with a value's scalars as its printed values; null has none.
    public init(_ name: String, _ value: Value) {
        var isNumber = false
        if case .number = value { isNumber = true }
        self.init(name: name, values: value.elements.compactMap { $0.printed?.string }, isNumber: isNumber)
    }

    /// Named values as a row that can be written.
    public static func row(_ fields: [(name: String, value: Value)]) -> [ResultField] {
        fields.map { ResultField($0.name, $0.value) }
    }
}
