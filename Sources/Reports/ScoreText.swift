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
        let text = self.change(change)
        return text == "0" ? "the same as the week before" : text + " against the week before"
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
