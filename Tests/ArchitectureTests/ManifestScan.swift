/// A target as Package.swift's text declares it. The manifest is read as text, since only SwiftPM can run it.
struct ManifestTarget: Equatable {
    var name: String
    var dependencies: [String]
    var products: [String]

    /// The library, executable and system library targets of a manifest, in order; test targets are left out.
    static func all(in manifest: String) -> [ManifestTarget] {
        let openings = [".target(", ".executableTarget(", ".systemLibrary("]
        var found: [(place: String.Index, target: ManifestTarget)] = []
        for opening in openings {
            var rest = manifest[...]
            while let start = rest.firstRange(of: opening) {
                rest = rest[start.upperBound...]
                let body = bracketed(rest, open: "(", close: ")")
                found.append((start.lowerBound, ManifestTarget(body: body)))
            }
        }
        return found.sorted { $0.place < $1.place }.map(\.target)
    }

    init(name: String, dependencies: [String], products: [String]) {
        self.name = name
        self.dependencies = dependencies
        self.products = products
    }

    private init(body: Substring) {
        name = quoted(in: body).first ?? ""
        dependencies = []
        products = []
        guard let start = body.firstRange(of: "dependencies: [") else { return }
        var list = bracketed(body[start.upperBound...], open: "[", close: "]")
        while let product = list.firstRange(of: ".product(") {
            let inside = bracketed(list[product.upperBound...], open: "(", close: ")")
            products += quoted(in: inside).prefix(1)
            dependencies += quoted(in: list[..<product.lowerBound])
            list = list[inside.endIndex...]
        }
        dependencies += quoted(in: list)
    }
}

/// The text from the start of `text`, just inside an opening bracket, to the bracket that closes it.
func bracketed(_ text: Substring, open: Character, close: Character) -> Substring {
    var depth = 1
    for index in text.indices {
        if text[index] == open { depth += 1 }
        if text[index] == close { depth -= 1 }
        if depth == 0 { return text[..<index] }
    }
    return text
}

private func quoted(in text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.offset.isMultiple(of: 2) }
        .map { String($0.element) }
}
