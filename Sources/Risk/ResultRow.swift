public import Columns
public import RiskIndex

extension Batch {
    /// The row's fields as the index keeps them, in column order, nulls left out.
    public func resultFields(_ row: Int, leavingOut hidden: Set<String> = []) -> [ResultField] {
        zip(names, columns).compactMap { name, column in
            guard !hidden.contains(name) else { return nil }
            let value = column[row]
            let values = value.elements.compactMap { $0.printed?.string }
            guard !values.isEmpty else { return nil }
            var isNumber = false
            if case .number = value { isNumber = true }
            return ResultField(name: name, values: values, isNumber: isNumber)
        }
    }

    /// A field as it stands in a sentence: several values with commas between; nil for null.
    func printedText(_ name: String, _ row: Int) -> String? {
        let values = self[name, row].elements.compactMap { $0.printed?.string }
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
