// Text from logs on a terminal. It may hold escape sequences that recolour, clear or retype the screen, and direction
// marks that make a name read backwards; both are shown, not obeyed. Widths follow Unicode's East Asian Width (UAX 11):
// wide and emoji characters take two columns, marks none.

public enum TerminalText {
    /// `text` on one line, with every character that a terminal would act on as an escape: `\n`, `\u{1b}`.
    public static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isActive) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case _ where isActive(scalar): escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Columns that `text` takes.
    static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    /// The beginning of `text` in at most `width` columns, with `…` for what is cut off.
    static func cut(_ text: String, toWidth width: Int) -> String {
        guard self.width(text) > width else { return text }
        var kept = ""
        var keptWidth = 0
        for character in text {
            let next = self.width(character)
            guard keptWidth + next <= width - 1 else { break }
            kept.append(character)
            keptWidth += next
        }
        return width > 0 ? kept + "…" : ""
    }

    /// Control characters, line separators, direction marks, and what shows nothing at all (soft hyphen, zero width
    /// space, tags): with those, two names look like one. The joiners U+200C and U+200D stay, scripts need them.
    static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func width(_ character: Character) -> Int {
        var widest = 0
        for scalar in character.unicodeScalars {
            // U+FE0F asks for the emoji form of the character before it.
            if scalar.value == 0xFE0F || isWide(scalar) { return 2 }
            if !isMark(scalar) { widest = 1 }
        }
        return widest
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: false
        }
    }

    /// Source: Unicode 16, EastAsianWidth.txt, W and F, in whole blocks; unassigned code points in them count as wide.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
            true
        default:
            scalar.properties.isEmojiPresentation
        }
    }
}
