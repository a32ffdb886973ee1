import Testing

@testable import Reports

@Suite struct SummaryPictureTests {
    private let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    @Test func sparklineDrawsBothWeeksOnOneScale() {
        let line = Sparkline(
            weekdays: weekdays, previous: [20, 0, 0, 0, 0, 0, 0], current: [0, 40, 0.01, 0, -5, 0, 0])
        let svg = line.svg(id: "s")
        #expect(
            svg.contains("<title id=\"s-title\">Risk by day: Tue 40, Wed 0.01, Fri -5; the week before: Mon 20</title>")
        )
        #expect(svg.contains("<rect class=\"before\" x=\"1\" y=\"14\" width=\"6\" height=\"14\"/>"))
        #expect(svg.contains("<rect class=\"now\" x=\"69\" y=\"0\" width=\"6\" height=\"28\"/>"))
        // A little risk is a pixel, a sum below zero nothing.
        #expect(svg.contains("y=\"27\" width=\"6\" height=\"1\""))
        #expect(svg.matches(of: /<rect/).count == 3)
    }

    @Test func sparklineWithoutRiskIsNone() {
        let zero = [Double](repeating: 0, count: 7)
        let svg = Sparkline(weekdays: weekdays, previous: zero, current: zero).svg(id: "s")
        #expect(svg.contains(">Risk by day: none; the week before: none<"))
        #expect(!svg.contains("<rect"))
    }

    @Test(arguments: [(0, 0), (-3, 0), (0.001, 1), (4, 1), (4.1, 2), (16, 2), (36, 3), (64, 4), (64.1, 5), (100, 5)])
    func shadesAreFifthsOfTheSquareRoot(score: Double, level: Int) {
        #expect(HeatMap.level(score, peak: 100) == level)
    }

    @Test func heatMapCellsSayTheirFigureAndWhatIsNew() {
        let map = HeatMap(
            columns: ["execution", "impact"],
            rows: [
                HeatMap.Row(label: "all entities", cells: [.init(score: 999, isNew: false), nil], isTotal: true),
                HeatMap.Row(label: "a&b", cells: [.init(score: 100, isNew: true), nil]),
            ])
        let svg = map.svg(id: "h", title: "Risk", description: "Rows.")
        #expect(svg.contains("aria-labelledby=\"h-title h-desc\""))
        #expect(svg.contains("<title>a&amp;b, execution: 100, new</title><rect class=\"heat-5\""))
        #expect(svg.contains(">new</text>"))
        // The total neither has a shade nor sets the scale.
        #expect(svg.contains("<title>all entities, execution: 999</title><rect class=\"heat-0\""))
        #expect(svg.matches(of: /<rect class="heat-0"/).count == 3)
    }

    @Test(
        arguments: [
            ("execution", ["execution"]), ("command-and-control", ["command and", "control"]),
            ("privilege-escalation", ["privilege", "escalation"]), ("reconnaissance", ["reconnais-", "sance"]),
            ("", []),
        ] as [(String, [String])])
    func columnNamesBreakIntoShortLines(name: String, lines: [String]) {
        #expect(HeatMap.lines(name) == lines)
    }

    @Test(arguments: ["a", "日", "e\u{301}", "-", " ", "\u{202E}", "👩‍👩‍👧", "\u{301}"])
    func hostileNamesStayBounded(unit: String) {
        let name = String(repeating: unit, count: 10_000)
        #expect(HeatMap.lines(name).count <= 4)
        #expect(HeatMap.lines(name).allSatisfy { TerminalText.width($0) <= 13 })
        let map = HeatMap(
            columns: [name], rows: [HeatMap.Row(label: name, cells: [.init(score: 1, isNew: false)])])
        let svg = map.svg(id: "h", title: name, description: "")
        #expect(!svg.unicodeScalars.contains { TerminalText.isActive($0) && $0 != "\n" })
    }

    @Test func timelineMarksStandAtTheirHour() {
        let days = weekdays.enumerated().map { number, weekday in
            Timeline.Day(
                weekday: weekday, date: "2026-11-\(16 + number)", score: Double(number * 1000), previousScore: 0)
        }
        let lanes = [
            Timeline.Lane(name: "opened", shape: .triangle, counts: [.init(day: 2, hour: 22): 3]),
            Timeline.Lane(name: "closed", shape: .square, counts: [:]),
        ]
        let svg = Timeline(days: days, lanes: lanes).svg(id: "t", title: "Risk by day")
        #expect(svg.contains("<title>opened: 3, Wed 2026-11-18 from 22:00</title>"))
        #expect(svg.matches(of: /<path/).count == 1)
        #expect(svg.contains("Findings opened: 3, 3 on Wed. Findings closed: 0."))
        #expect(svg.contains("<title>Sun 2026-11-22: 6000, the week before 0</title>"))
    }

    @Test(arguments: [
        (0, "0"), (99.99, "99.99"), (165.13, "165.1"), (9999, "9999"), (12_345, "12.3k"), (1_234_567, "1.2M"),
        (-12_345, "-12.3k"), (2.5e9, "2.5G"), (1e13, "10T"), (1e300, ">999T"), (-1e300, "<-999T"),
    ])
    func shortScoresFitACell(score: Double, text: String) {
        #expect(ScoreText.short(score) == text)
        #expect(text.count <= 7)
    }

    @Test(arguments: [
        (0, "0"), (1234, "1234"), (12_345.5, "12,345.5"), (-1_234_567, "-1,234,567"), (0.25, "0.25"),
        (1e20, "100,000,000,000,000,000,000"),
    ])
    func thousandsAreApartFromFiveDigitsOn(score: Double, text: String) {
        #expect(ScoreText.grouped(score) == text)
    }
}
