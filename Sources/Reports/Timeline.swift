/// A week by day: this week's risk filled, the week before outlined in dashes, and a lane for each kind of mark below.
///
/// Kinds differ by lane and shape, weeks by outline: nothing is told by colour alone.
struct Timeline: Sendable, Hashable {
    struct Day: Sendable, Hashable {
        var weekday: String
        /// `2026-11-16`.
        var date: String
        var score: Double
        var previousScore: Double
    }

    enum Shape: Sendable, Hashable { case triangle, circle, diamond, square }

    struct Lane: Sendable, Hashable {
        /// `opened`.
        var name: String
        var shape: Shape
        /// How many in each hour: day 0 to 6 (Monday to Sunday), hour 0 to 23. Bounded, whatever the number of findings.
        var counts: [Slot: Int]
    }

    struct Slot: Sendable, Hashable, Comparable {
        var day: Int
        var hour: Int

        static func < (left: Slot, right: Slot) -> Bool { (left.day, left.hour) < (right.day, right.hour) }
    }

    var days: [Day]
    var lanes: [Lane]

    private static let (left, columnWidth, barWidth, top, chartHeight) = (72, 92, 32, 22, 120)
    private static let (dateHeight, laneHeight) = (40, 26)

    /// - Parameter id: unique in the page.
    func svg(id: String, title: String) -> String {
        let baseline = Self.top + Self.chartHeight
        let width = Self.left + Self.columnWidth * days.count
        let height = baseline + Self.dateHeight + Self.laneHeight * lanes.count + 2
        let peak = days.flatMap { [$0.score, $0.previousScore] }.max() ?? 0
        var content = SVGText.text("risk score", "label", x: Self.left - 10, y: baseline - 4, anchor: .end) + "\n"
        for (position, day) in days.enumerated() {
            let x = Self.left + position * Self.columnWidth
            if position > 0 { content += SVGText.line("grid", from: (x, 0), to: (x, height - 2)) }
            content += column(day, x: x, baseline: baseline, peak: peak)
        }
        content += SVGText.line("axis", from: (Self.left, baseline), to: (width, baseline)) + "\n"
        for (position, lane) in lanes.enumerated() {
            let y = baseline + Self.dateHeight + position * Self.laneHeight
            content += SVGText.line("grid", from: (0, y), to: (width, y))
            content += SVGText.text(lane.name, "label", x: Self.left - 10, y: y + 17, anchor: .end)
            content += marks(lane, y: y + Self.laneHeight / 2) + "\n"
        }
        return SVGText.picture(
            id: id, className: "timeline", width: width, height: height, title: title, description: description,
            content: content)
    }

    private func column(_ day: Day, x: Int, baseline: Int, peak: Double) -> String {
        let middle = x + Self.columnWidth / 2
        let before = SVGText.length(day.previousScore, peak: peak, of: Self.chartHeight)
        let now = SVGText.length(day.score, peak: peak, of: Self.chartHeight)
        let (beforeX, nowX) = (middle - Self.barWidth - 4, middle + 4)
        var bars = SVGText.rectangle(
            "before", x: beforeX, y: baseline - before, width: Self.barWidth, height: before)
        bars += SVGText.rectangle("now", x: nowX, y: baseline - now, width: Self.barWidth, height: now)
        if before > 0 {
            let figure = ScoreText.short(day.previousScore)
            bars += SVGText.text(figure, "label", x: beforeX + Self.barWidth / 2, y: baseline - before - 5)
        }
        bars += SVGText.text(
            ScoreText.short(day.score), "figure", x: nowX + Self.barWidth / 2, y: baseline - now - 5)
        bars += SVGText.text(day.weekday, "weekday", x: middle, y: baseline + 17)
        bars += SVGText.text(day.date, "label", x: middle, y: baseline + 32)
        let tip = "\(day.weekday) \(day.date): \(ScoreText.grouped(day.score)), the week before "
        return SVGText.group(tip: tip + ScoreText.grouped(day.previousScore), bars) + "\n"
    }

    private func marks(_ lane: Lane, y: Int) -> String {
        lane.counts.sorted { $0.key < $1.key }.map { slot, count in
            let x = Self.left + slot.day * Self.columnWidth + (2 * slot.hour + 1) * Self.columnWidth / 48
            let hour = TimeText.padded(slot.hour, 2) + ":00"
            let tip = "\(lane.name): \(count), \(days[slot.day].weekday) \(days[slot.day].date) from \(hour)"
            return SVGText.group(tip: tip, "<path class=\"mark\" d=\"\(path(lane.shape, x: x, y: y))\"/>")
        }.joined()
    }

    private func path(_ shape: Shape, x: Int, y: Int) -> String {
        switch shape {
        case .triangle: "M\(x) \(y - 6)l6 11h-12z"
        case .circle: "M\(x - 5) \(y)a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"
        case .diamond: "M\(x) \(y - 6)l6 6l-6 6l-6 -6z"
        case .square: "M\(x - 5) \(y - 5)h10v10h-10z"
        }
    }

    private var description: String {
        let parts = days.map { day in
            "\(day.weekday) \(ScoreText.grouped(day.score)) against \(ScoreText.grouped(day.previousScore))"
        }
        var text = "Risk score by day, this week against the week before: " + parts.joined(separator: ", ") + "."
        for lane in lanes {
            let byDay = days.indices.map { day in
                lane.counts.reduce(0) { $0 + ($1.key.day == day ? $1.value : 0) }
            }
            let total = byDay.reduce(0, +)
            let listed = zip(days, byDay).filter { $1 > 0 }.map { "\($1) on \($0.weekday)" }
            text += " Findings \(lane.name): \(total)"
            text += listed.isEmpty ? "." : ", \(listed.joined(separator: ", "))."
        }
        return text
    }
}
