/// Risk by day of two weeks in the height of a line: left of the rule the week before, right of it this week.
struct Sparkline: Sendable, Hashable {
    var weekdays: [String]
    /// Monday to Sunday, as many as `weekdays`.
    var previous: [Double]
    var current: [Double]

    /// - Parameter id: unique in the page.
    func svg(id: String) -> String {
        let (step, barWidth, height) = (8, 6, 28)
        let peak = max(previous.max() ?? 0, current.max() ?? 0)
        let middle = previous.count * step + 2
        let width = middle + 3 + current.count * step
        var bars = ""
        for (position, score) in previous.enumerated() {
            let length = SVGText.length(score, peak: peak, of: height)
            bars += SVGText.rectangle(
                "before", x: 1 + position * step, y: height - length, width: barWidth, height: length)
        }
        for (position, score) in current.enumerated() {
            let length = SVGText.length(score, peak: peak, of: height)
            bars += SVGText.rectangle(
                "now", x: middle + 3 + position * step, y: height - length, width: barWidth, height: length)
        }
        bars += SVGText.line("axis", from: (0, height), to: (width, height))
        bars += SVGText.line("axis", from: (middle, 0), to: (middle, height))
        return SVGText.picture(
            id: id, className: "sparkline", width: width, height: height + 1,
            title: "Risk by day: \(list(current)); the week before: \(list(previous))", description: "", content: bars)
    }

    private func list(_ scores: [Double]) -> String {
        let days = zip(weekdays, scores).filter { ScoreText.print($1) != "0" }
        if days.isEmpty { return "none" }
        return days.map { "\($0) \(ScoreText.grouped($1))" }.joined(separator: ", ")
    }
}
