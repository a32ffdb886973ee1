// Bars as inline SVG. This week is filled and the week before outlined in dashes, so that the two are told apart without
// colour; the figures stand beside the bars, and in words in the picture's label. Coordinates are whole numbers: the
// same input draws the same bytes on every machine.

enum DayChart {
    /// Risk by day of both weeks, with figures.
    static func week(_ days: [WeeklySummary.Day]) -> String {
        let (columnWidth, barWidth, chartHeight, top) = (84, 26, 120, 18)
        let peak = days.flatMap { [$0.risk.riskScore, $0.previousRisk.riskScore] }.max() ?? 0
        let baseline = top + chartHeight
        let width = columnWidth * days.count
        var svg = "<svg viewBox=\"0 0 \(width) \(baseline + 22)\" width=\"\(width)\" height=\"\(baseline + 22)\" "
        svg += "role=\"img\" aria-label=\"\(HTMLText.escape(label(days)))\">\n"
        for (position, day) in days.enumerated() {
            let left = position * columnWidth + 14
            let before = height(day.previousRisk.riskScore, peak: peak, of: chartHeight)
            let now = height(day.risk.riskScore, peak: peak, of: chartHeight)
            svg += bar("before", x: left, baseline: baseline, width: barWidth, height: before)
            svg += bar("now", x: left + barWidth + 2, baseline: baseline, width: barWidth, height: now)
            let figure = ScoreText.print(day.risk.riskScore)
            svg += text(figure, x: left + barWidth + 2 + barWidth / 2, y: baseline - now - 4, className: "figure")
            svg += text(day.weekday, x: left + barWidth + 1, y: baseline + 16, className: "label")
        }
        svg += "<line class=\"axis\" x1=\"0\" y1=\"\(baseline)\" x2=\"\(width)\" y2=\"\(baseline)\"/>\n"
        return svg + "</svg>\n"
    }

    /// Seven small bars: an entity's risk by day.
    static func sparkline(_ scores: [Double], weekdays: [String]) -> String {
        let (columnWidth, barWidth, chartHeight) = (16, 12, 28)
        let peak = scores.max() ?? 0
        let label = zip(weekdays, scores).map { "\($0) \(ScoreText.print($1))" }.joined(separator: ", ")
        let width = columnWidth * scores.count
        var svg = "<svg viewBox=\"0 0 \(width) \(chartHeight + 2)\" width=\"\(width)\" height=\"\(chartHeight + 2)\" "
        svg += "role=\"img\" aria-label=\"risk by day: \(HTMLText.escape(label))\">"
        for (position, score) in scores.enumerated() {
            let height = height(score, peak: peak, of: chartHeight)
            svg += bar("now", x: position * columnWidth + 2, baseline: chartHeight, width: barWidth, height: height)
        }
        svg += "<line class=\"axis\" x1=\"0\" y1=\"\(chartHeight)\" x2=\"\(width)\" y2=\"\(chartHeight)\"/>"
        return svg + "</svg>"
    }

    private static func label(_ days: [WeeklySummary.Day]) -> String {
        let parts = days.map { day in
            "\(day.weekday) \(ScoreText.print(day.risk.riskScore)) against \(ScoreText.print(day.previousRisk.riskScore))"
        }
        return "risk score by day, this week against the week before: " + parts.joined(separator: ", ")
    }

    /// A day with any risk gets at least one pixel; sums below zero get none.
    private static func height(_ score: Double, peak: Double, of chartHeight: Int) -> Int {
        guard score > 0, peak > 0 else { return 0 }
        return max(1, Int((score / peak * Double(chartHeight)).rounded()))
    }

    private static func bar(_ className: String, x: Int, baseline: Int, width: Int, height: Int) -> String {
        guard height > 0 else { return "" }
        return
            "<rect class=\"\(className)\" x=\"\(x)\" y=\"\(baseline - height)\" width=\"\(width)\" height=\"\(height)\"/>"
    }

    private static func text(_ text: String, x: Int, y: Int, className: String) -> String {
        "<text class=\"\(className)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\">\(HTMLText.escape(text))</text>\n"
    }
}
