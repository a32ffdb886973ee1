import Engine
import Formats
import Risk

/// An entity's sliding sums over a window: counted as a line, raw in dashes, and the thresholds across.
struct ScoreCurve {
    var points: [EntityExplanation.CurvePoint]
    var thresholds: [Double]
    var zone: TimeZoneRules

    private static let (left, top, width, height, bottom) = (72, 18, 640, 180, 34)

    /// - Parameter id: unique in the page.
    func svg(id: String, title: String) -> String {
        let (left, baseline) = (Self.left, Self.top + Self.height)
        let right = left + Self.width
        // A threshold far above all sums would flatten them.
        let sums = points.flatMap { [$0.totals.raw, $0.totals.counted] }
        let highest = max(sums.max() ?? 0, 1)
        let shown = thresholds.filter { $0 >= 0 && $0 <= highest * 4 }
        let peak = max(highest, shown.max() ?? 0)
        func y(_ score: Double) -> Int { baseline - SVGText.length(score, peak: peak, of: Self.height) }
        func x(_ position: Int) -> Int { left + position * Self.width / max(points.count - 1, 1) }
        var content = SVGText.line("axis", from: (left, baseline), to: (right, baseline))
        content += SVGText.text(ScoreText.short(peak), "label", x: left - 8, y: y(peak) + 4, anchor: .end)
        content += SVGText.text("0", "label", x: left - 8, y: baseline + 4, anchor: .end) + "\n"
        for threshold in shown {
            content += SVGText.line("limit", from: (left, y(threshold)), to: (right, y(threshold)))
            content +=
                SVGText.text(
                    "over \(ScoreText.short(threshold))", "label", x: right - 4, y: y(threshold) - 4, anchor: .end)
                + "\n"
        }
        for (name, path) in [("raw", \EntityExplanation.CurvePoint.totals.raw), ("counted", \.totals.counted)] {
            let steps = points.enumerated().map { "\(x($0)) \(y($1[keyPath: path]))" }
            content += "<path class=\"curve \(name)\" d=\"M\(steps.joined(separator: "L"))\"/>\n"
        }
        for (point, anchor, at) in [(points.first, SVGText.Anchor.start, left), (points.last, .end, right)] {
            guard let point else { continue }
            content += SVGText.text(
                TimeText.local(point.timeMicroseconds, zone: zone), "label", x: at, y: baseline + 18, anchor: anchor)
        }
        return SVGText.picture(
            id: id, className: "curves", width: right + 8, height: baseline + Self.bottom, title: title,
            description: description, content: content)
    }

    private var description: String {
        guard let last = points.last, let top = points.max(by: { $0.totals.counted < $1.totals.counted }) else {
            return "No points."
        }
        return "Highest counted sum \(ScoreText.grouped(top.totals.counted)) at "
            + "\(TimeText.local(top.timeMicroseconds, zone: zone)); at the end "
            + "\(ScoreText.grouped(last.totals.counted)) counted, \(ScoreText.grouped(last.totals.raw)) raw."
    }
}
