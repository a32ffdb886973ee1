// Elements of inline SVG as text. Coordinates are whole numbers: the same input draws the same bytes on every machine.
// Colours come from the page's style sheet by class, so a picture follows the scheme and the printer.

enum SVGText {
    /// The picture, named for readers who do not see it: `title` is its name, `description` what it shows.
    ///
    /// - Parameters:
    ///   - id: unique in the page.
    ///   - title: plain text.
    ///   - description: plain text.
    static func picture(
        id: String, className: String, width: Int, height: Int, title: String, description: String, content: String
    ) -> String {
        let ids = "\(id)-title\(description.isEmpty ? "" : " \(id)-desc")"
        var svg = "<svg class=\"\(className)\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
        svg += "height=\"\(height)\" role=\"img\" aria-labelledby=\"\(ids)\">"
        svg += "<title id=\"\(id)-title\">\(HTMLText.escape(title))</title>"
        if !description.isEmpty { svg += "<desc id=\"\(id)-desc\">\(HTMLText.escape(description))</desc>" }
        return svg + content + "</svg>"
    }

    static func rectangle(_ className: String, x: Int, y: Int, width: Int, height: Int) -> String {
        guard width > 0, height > 0 else { return "" }
        return "<rect class=\"\(className)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"/>"
    }

    static func line(_ className: String, from: (x: Int, y: Int), to: (x: Int, y: Int)) -> String {
        "<line class=\"\(className)\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\"/>"
    }

    enum Anchor: String { case start, middle, end }

    /// - Parameters:
    ///   - text: plain text.
    ///   - y: of the baseline.
    static func text(_ text: String, _ className: String, x: Int, y: Int, anchor: Anchor = .middle) -> String {
        let anchorText = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        return "<text class=\"\(className)\" x=\"\(x)\" y=\"\(y)\"\(anchorText)>\(HTMLText.escape(text))</text>"
    }

    /// Parts that belong together, with a tip.
    static func group(_ className: String = "", tip: String, _ content: String) -> String {
        let attribute = className.isEmpty ? "" : " class=\"\(className)\""
        return "<g\(attribute)><title>\(HTMLText.escape(tip))</title>\(content)</g>"
    }

    /// The length of a bar. Any score above zero gets at least one unit; sums below zero get none.
    static func length(_ score: Double, peak: Double, of full: Int) -> Int {
        guard score > 0, peak > 0, full > 0 else { return 0 }
        return max(1, min(full, Int((score / peak * Double(full)).rounded())))
    }
}
