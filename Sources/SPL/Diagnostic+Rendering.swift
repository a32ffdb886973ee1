extension Diagnostic {
    /// The message as people read it: place, code, message, the source line with a caret line under the span, the hint.
    ///
    /// Line and column count from 1, the column in characters. A long line is cut around the span.
    /// - Parameter firstLine: the line of the file on which `source` starts.
    public func rendered(source: String, file: String? = nil, firstLine: Int = 1) -> String {
        let heading = "\(severity.rawValue)[\(code)]: \(message)"
        let hintLine = hint.map { "\nhint: \($0)" } ?? ""
        guard let span else { return (file.map { "\($0): " } ?? "") + heading + hintLine }

        let place = SourcePlace(span, in: Array(source.utf8))
        let line = firstLine + place.lineIndex
        let position = "\(file.map { "\($0):" } ?? "")\(line):\(place.columnStart + 1): "
        return position + heading + "\n" + place.excerpt(maximumWidth: 100) + hintLine
    }
}

/// The line of a span, and the span's columns on that line.
private struct SourcePlace {
    var lineIndex = 0
    var line: [Character]
    var columnStart: Int
    /// Behind the last character; at least one more than `columnStart`.
    var columnEnd: Int

    init(_ span: Span, in bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        // A message about the end of the text points behind the last character that is there to be seen.
        var start = min(max(span.lowerBound, 0), bytes.count)
        if start == bytes.count {
            while start > 0, bytes[start - 1].isBlank { start -= 1 }
        }
        var lineStart = start
        while lineStart > 0, bytes[lineStart - 1] != newline { lineStart -= 1 }
        for byte in bytes[..<lineStart] where byte == newline { lineIndex += 1 }
        var lineEnd = start
        while lineEnd < bytes.count, bytes[lineEnd] != newline { lineEnd += 1 }
        let end = min(max(span.upperBound, start), lineEnd)
        let before = String(decoding: bytes[lineStart..<start], as: UTF8.self)
        let within = String(decoding: bytes[start..<end], as: UTF8.self)
        columnStart = before.count
        columnEnd = columnStart + max(within.count, 1)
        // Control characters would move or hide the carets.
        line = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self).map { character in
            let isControl = character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            return isControl ? " " : character
        }
    }

    func excerpt(maximumWidth: Int) -> String {
        let indent = "    "
        let length = line.count
        let caretEnd = min(columnEnd, max(length, columnStart + 1))
        guard length > maximumWidth else {
            let text = trimmed(line[...])
            return (text.isEmpty ? "" : indent + text) + "\n" + indent + carets(columnStart, caretEnd)
        }
        // A third of the window stays before the span, so that its own start is always seen.
        let lower = max(0, min(columnStart - maximumWidth / 3, length - maximumWidth))
        let upper = min(length, lower + maximumWidth)
        let head = lower > 0 ? "..." : ""
        let tail = upper < length ? "..." : ""
        let text = head + trimmed(line[lower..<upper], keepsEnd: upper < length) + tail
        let shift = head.count - lower
        return indent + text + "\n" + indent
            + carets(columnStart + shift, min(caretEnd, max(upper, columnStart + 1)) + shift)
    }

    private func trimmed(_ characters: ArraySlice<Character>, keepsEnd: Bool = false) -> String {
        var characters = characters
        while !keepsEnd, characters.last == " " { characters.removeLast() }
        return String(characters)
    }

    private func carets(_ start: Int, _ end: Int) -> String {
        String(repeating: " ", count: start) + String(repeating: "^", count: max(1, end - start))
    }
}
