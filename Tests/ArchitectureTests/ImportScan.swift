/// The modules that a Swift file's `import` lines name, in order.
///
/// Reads `import A`, `public import A`, `@testable import A`, `import struct A.B` and `import A.B`, also after `#if`; one
/// import a line. What stands inside a text of several lines is not Swift.
func importedModules(in text: String) -> [String] {
    var isInText = false
    return text.split(whereSeparator: \.isNewline).compactMap { line in
        defer { if line.ranges(of: "\"\"\"").count % 2 == 1 { isInText.toggle() } }
        guard !isInText else { return nil }
        var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }[...]
        while let word = words.first, word.hasPrefix("@") || accessLevels.contains(word) { words.removeFirst() }
        guard words.popFirst() == "import", let next = words.popFirst() else { return nil }
        let module = importKinds.contains(next) ? words.popFirst() : next
        return module.map { String($0.prefix { $0 != "." }) }
    }
}

private let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
private let importKinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
