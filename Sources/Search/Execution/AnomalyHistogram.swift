import Columns
import Glibc

/// The values of one field, for the frequencies of `anomalydetection`. Numeric where all its values are single numbers.
struct AnomalyField: Sendable {
    let name: String
    let isNumeric: Bool
    let count: Int
    let distinctCount: Int
    private let column: Column
    private let numbers: [Double?]

    init(name: String, column: Column) {
        self.name = name
        self.column = column
        numbers = column.values.map(\.numeric)
        var texts: Set<Text> = []
        var count = 0
        var isNumeric = true
        for id in column.ids where id != 0 {
            count += 1
            if numbers[Int(id)] == nil { isNumeric = false }
            if let text = column.values[Int(id)].printed { texts.insert(text) }
        }
        self.count = count
        self.isNumeric = isNumeric
        distinctCount = texts.count
    }

    private func number(_ row: Int) -> Double? { numbers[Int(column.ids[row])] }

    /// Per row how many of `total` rows have the value, or for numbers a value of the same bin; nil without a value.
    ///
    /// Bins: as many of equal width between the extremes as Sturges' rule says, 1 + log2(n) rounded up.
    func frequencies(_ total: Int) -> [Double?] {
        var counts: [Text: Int] = [:]
        let keys = isNumeric ? bins() : column.ids.map { column.values[Int($0)].printed }
        for case let key? in keys { counts[key, default: 0] += 1 }
        return keys.map { key in key.map { Double(counts[$0] ?? 0) / Double(total) } }
    }

    private func bins() -> [Text?] {
        let values = column.ids.compactMap { numbers[Int($0)] }
        guard let low = values.min(), let high = values.max(), high > low else {
            return column.ids.map { $0 == 0 ? nil : Text("0") }
        }
        let binCount = 1 + Glibc.log2(Double(values.count)).rounded(.up)
        return column.ids.map { id in
            numbers[Int(id)].map { number in
                Text(NumberText.print(min(binCount - 1, ((number - low) / (high - low) * binCount).rounded(.down))))
            }
        }
    }

    /// Per row the probability of a normal distribution to be as far from the mean; nil without a value.
    func tailProbabilities() -> [Double?] {
        let values = column.ids.compactMap { numbers[Int($0)] }
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
        return column.ids.map { id in
            numbers[Int(id)].map { number in
                deviation == 0 ? 1 : Glibc.erfc(abs(number - mean) / deviation / 2.0.squareRoot())
            }
        }
    }
}

/// The histogram method of `anomalydetection`, as far as its page describes it.
///
/// An event's probability is the product of the frequencies of its values; a missing value takes no part. An event is
/// anomalous below `pthresh`, or where none is given, where the logarithm lies below the first quartile less 1.5 times the
/// distance of the quartiles. Ours, for want of a page (docs/decisions/0002, anomaly-histogram-is-approximate): the bins of
/// numbers, and that `cutoff=t` makes it 3 times the distance.
struct AnomalyHistogram: Sendable {
    let logarithms: [Double]
    /// The field with the smallest frequency, of equals the first.
    let causes: [(name: String, frequency: Double)?]
    let largest: [Double?]
    let isAnomalous: [Bool]
    let summary: [(name: String, value: Value)]

    init(_ fields: [AnomalyField], rowCount: Int, threshold: Double?, cutsOff: Bool) {
        let frequencies = fields.map { $0.frequencies(rowCount) }
        var logarithms = [Double](repeating: 0, count: rowCount)
        var causes = [(name: String, frequency: Double)?](repeating: nil, count: rowCount)
        var largest = [Double?](repeating: nil, count: rowCount)
        for (field, column) in zip(fields, frequencies) {
            for case (let row, let frequency?) in column.enumerated() {
                logarithms[row] += Glibc.log(frequency)
                if causes[row].map({ frequency < $0.frequency }) ?? true { causes[row] = (field.name, frequency) }
                largest[row] = max(largest[row] ?? 0, frequency)
            }
        }
        let quartiles = Quartiles(logarithms)
        let fence = (quartiles?.first ?? 0) - (cutsOff ? 3 : 1.5) * (quartiles?.range ?? 0)
        let bound = threshold.map { $0 > 0 ? Glibc.log($0) : -Double.infinity } ?? fence
        isAnomalous = logarithms.map { $0 < bound }
        self.logarithms = logarithms
        self.causes = causes
        self.largest = largest
        func number(_ value: Double?) -> Value { value.map { $0.isFinite ? .number($0) : .null } ?? .null }
        summary = [
            ("num_anomalies", .number(Double(isAnomalous.count { $0 }))),
            ("thresh", quartiles == nil ? .null : number(Glibc.exp(bound))),
            ("max_logprob", number(logarithms.max())),
            ("min_logprob", number(logarithms.min())),
            ("1st_quartile", number(quartiles?.first)),
            ("3rd_quartile", number(quartiles?.third)),
        ]
    }
}
