import Columns

/// Risk scores as people read them. Sums of fractions carry binary noise (0.1 + 0.2), which is nobody's risk.
enum ScoreText {
    /// At most two decimals, none needless: `120`, `12.5`, `0.33`.
    static func print(_ score: Double) -> String { NumberText.print(round(score, 100)) }

    /// With its sign: `+45`, `-12.5`, `0`.
    static func change(_ change: Double) -> String {
        let text = print(change)
        return text.hasPrefix("-") || text == "0" ? text : "+" + text
    }

    /// `+45 against the week before`, `the same as the week before`.
    static func againstWeekBefore(_ change: Double) -> String {
        let text = groupedChange(change)
        return text == "0" ? "the same as the week before" : text + " against the week before"
    }

    /// As ``print(_:)``, with a comma between thousands from five digits on: `12,345.5`.
    static func grouped(_ score: Double) -> String { grouping(print(score)) }

    /// As ``change(_:)``, grouped: `+12,345`.
    static func groupedChange(_ change: Double) -> String { grouping(self.change(change)) }

    /// For a cell of a picture, in six characters or seven with a sign: `105`, `12.5`, `12.3k`, `1.2M`.
    static func short(_ score: Double) -> String {
        let magnitude = abs(score)
        if magnitude < 100 { return print(score) }
        let steps: [(unit: Double, suffix: String)] = [(1, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")]
        for step in steps where magnitude < step.unit * (step.unit == 1 ? 1e4 : 999.5) {
            return NumberText.print(round(score / step.unit, 10)) + step.suffix
        }
        return score < 0 ? "<-999T" : ">999T"
    }

    private static func grouping(_ number: String) -> String {
        let bytes = Array(number.utf8)
        let start = bytes.firstIndex { (48...57).contains($0) } ?? 0
        let end = bytes[start...].firstIndex { !(48...57).contains($0) } ?? bytes.count
        guard end - start > 4 else { return number }
        var grouped = Array(bytes[..<start])
        for position in start..<end {
            if position > start, (end - position) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
            grouped.append(bytes[position])
        }
        return String(decoding: grouped + bytes[end...], as: UTF8.self)
    }

    /// For machines: six decimals.
    static func exact(_ score: Double) -> Double { round(score, 1_000_000) }

    private static func round(_ score: Double, _ steps: Double) -> Double {
        // Doubles as large as that have no decimals that count.
        guard abs(score) < 1e9 else { return score }
        let rounded = (score * steps).rounded() / steps
        return rounded == 0 ? 0 : rounded
    }
}
