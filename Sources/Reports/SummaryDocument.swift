/// What the weekly summary says, section by section, in no form yet: text, Markdown and HTML only print it, so that no
/// figure can differ between them.
struct SummaryDocument: Sendable {
    var title: String
    /// What the figures cover, a sentence each.
    var period: [String]
    var sections: [Section]
    /// How to read the figures, a sentence each.
    var notes: [String]

    struct Section: Sendable {
        /// Unique in the document, fit for an anchor.
        var id: String
        var title: String
        var blocks: [Block]
    }

    enum Block: Sendable {
        case paragraph([Span])
        case list([[Span]])
        /// Names of figures, with this week, the week before and the change; nil where the week before is not known.
        case figures([Figure])
        case heading(String)
        case table(Table)
        /// Drawn where the form can; the table has the same figures.
        case picture(Picture, Table)
        case entities([EntityEntry])
    }

    struct Figure: Sendable, Hashable {
        var name: String
        var current: Double
        var previous: Double?

        var currentText: String { ScoreText.grouped(current) }
        var previousText: String { previous.map(ScoreText.grouped) ?? "" }
        var changeText: String { previous.map { ScoreText.groupedChange(current - $0) } ?? "" }
    }

    enum Picture: Sendable {
        case timeline(Timeline)
        case heatMap(HeatMap, title: String, description: String)
    }

    struct Table: Sendable {
        /// Said only where no heading just said it, but always to those who do not see the page.
        var caption: String
        var columns: [Column]
        /// As many cells a row as there are columns; the first names the row.
        var rows: [[Cell]]
        /// How many rows are left out.
        var moreCount = 0
        /// The caption says more than the heading above.
        var hasOwnCaption = false
    }

    struct Column: Sendable {
        var title: String
        var isNumber = false
        /// Times and ids: never broken over lines.
        var isWhole = false
        /// Sparklines are for pages, bars of `#` for terminals.
        var place = Place.everywhere

        enum Place: Sendable { case everywhere, page, terminal }
    }

    enum Cell: Sendable {
        case spans([Span])
        case number(String)
        case sparkline(Sparkline)
        /// 0 to 1.
        case bar(Double)
    }

    enum Span: Sendable, Hashable {
        /// The program's own words.
        case words(String)
        /// From logs: entities, threat objects, ids, titles.
        case name(String)
        /// From content: rules, types, tactics, severities.
        case prose(String)
        case strong(String)
        /// A short mark such as `new`.
        case tag(String)
    }

    struct EntityEntry: Sendable {
        var name: String
        var type: String
        var isNew: Bool
        var score: String
        /// `+45 against the week before`.
        var change: String
        /// `3 risk events, raw 140`.
        var detail: String
        var sparkline: Sparkline
        var lines: [[Span]]
    }
}

extension SummaryDocument.Block {
    /// What stands right above the next block, if this one is a heading.
    var heading: String? {
        if case .heading(let title) = self { title } else { nil }
    }
}

extension SummaryDocument.Table {
    /// - Parameter heading: what stands right above; empty when it is no heading.
    func needsCaption(after heading: String) -> Bool { heading.isEmpty || hasOwnCaption }
}

extension SummaryDocument.Span {
    /// Names in a row: the first few, then how many more.
    static func list(_ items: [[Self]], limit: Int) -> [Self] {
        var spans = Array(items.prefix(limit).joined(separator: [.words(", ")]))
        if items.count > limit { spans.append(.words(" and \(ScoreText.grouped(Double(items.count - limit))) more")) }
        return spans
    }

    /// `name (type)`.
    static func typed(_ name: String, _ type: String) -> [Self] {
        [.name(name), .words(" ("), .prose(type), .words(")")]
    }
}
