/// Names from logs and content, short enough for a line. A name may be megabytes long.
enum NameText {
    /// Unicode scalars, not characters: one character may hold thousands of marks.
    static let limit = 120

    /// The beginning of a long name, with how long it is in all.
    static func short(_ name: String) -> String {
        let scalars = name.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return name }
        return String(scalars[..<end]) + "… (\(ScoreText.grouped(Double(scalars.count))) characters in all)"
    }
}
