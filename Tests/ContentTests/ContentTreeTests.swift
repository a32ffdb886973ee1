import Foundation
import Testing

@testable import Content

/// What a file is parsed to comes back from its encoding as it was, and no bytes at all are fatal to the decoder.
@Suite struct ContentTreeTests {
    /// Numbers of a fixed sequence, so that a failure comes again.
    private struct Sequence {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let texts = [
        "", "~", "a", "name", "über", "e\u{301}", "\u{0}\r\n", "😀", String(repeating: "x", count: 300),
    ]

    private func randomNode(depth: Int, _ sequence: inout Sequence) -> YAMLNode {
        func position() -> TextPosition {
            TextPosition(line: 1 + sequence.next(below: 40_000), column: 1 + sequence.next(below: 300))
        }
        func text() -> String { Self.texts[sequence.next(below: Self.texts.count)] }
        let place = position()
        switch depth == 0 ? 0 : sequence.next(below: 3) {
        case 0:
            let styles: [YAMLNode.Style] = [.plain, .singleQuoted, .doubleQuoted, .literal, .folded]
            return YAMLNode(content: .scalar(text(), styles[sequence.next(below: styles.count)]), position: place)
        case 1:
            let items = (0..<sequence.next(below: 6)).map { _ in randomNode(depth: depth - 1, &sequence) }
            return YAMLNode(content: .list(items), position: place)
        default:
            let entries = (0..<sequence.next(below: 6)).map { _ in
                YAMLNode.Entry(
                    key: text(), keyPosition: position(), value: randomNode(depth: depth - 1, &sequence))
            }
            return YAMLNode(content: .mapping(entries), position: place)
        }
    }

    private func decoded(_ bytes: [UInt8]) -> ContentTree? { bytes.withUnsafeBytes { ContentTree(encoded: $0) } }

    /// All that a tree holds, texts with their scalars: `String ==` takes some different ones for equal.
    private func dump(_ tree: ContentTree?) -> String {
        func line(_ node: YAMLNode) -> String {
            let place = "\(node.position.line):\(node.position.column)"
            switch node.content {
            case .scalar(let text, let style): return "\(style)@\(place)\(Array(text.utf8))"
            case .list(let items): return "list@\(place)[\(items.map(line).joined(separator: ","))]"
            case .mapping(let entries):
                let parts = entries.map {
                    "\(Array($0.key.utf8))@\($0.keyPosition.line):\($0.keyPosition.column)=\(line($0.value))"
                }
                return "mapping@\(place){\(parts.joined(separator: ","))}"
            }
        }
        guard let tree else { return "no tree" }
        return tree.root.map(line) ?? "comments"
    }

    @Test func randomTreesComeBack() throws {
        var sequence = Sequence(state: 21)
        for _ in 0..<400 {
            let tree = ContentTree(root: randomNode(depth: 4, &sequence))
            let encoded = try #require(tree.encoded())
            #expect(dump(decoded(encoded)) == dump(tree))
        }
        #expect(ContentTree(root: nil).encoded() == [0])
        #expect(dump(decoded([0])) == "comments")
    }

    @Test func contentFilesComeBack() throws {
        var files = try ["rules", "risk"].flatMap { try Repository.files(below: Repository.root.appending(path: $0)) }
        if let shared = Repository.shared {
            files += try Repository.files(below: shared.appending(path: "corpus/schema_samples"))
        }
        for file in files {
            guard let tree = try? ContentTree(file.text, file: file.name) else { continue }
            let encoded = try #require(tree.encoded())
            let again = try #require(decoded(encoded))
            #expect(dump(again) == dump(tree), "\(file.name)")
            var loaders = [ContentLoader(), ContentLoader()]
            loaders[0].add(ContentFile(name: file.name, text: file.text))
            loaders[1].add(ContentFile(name: file.name, text: file.text, tree: again))
            #expect(loaders[0].catalog().problems == loaders[1].catalog().problems)
        }
    }

    /// Every cut and every changed byte: nil, or a tree that is as good as any other.
    @Test func damagedBytesAreSurvived() throws {
        var sequence = Sequence(state: 2_021)
        var trees = [ContentTree(root: nil)]
        trees.append(try ContentTree("# c\nname: é\nlist: [a, 'b', \"c\", {d: e}]\nd: |\n  e\nf: >\n  g\n", file: ""))
        while trees.count < 8 {
            let tree = ContentTree(root: randomNode(depth: 3, &sequence))
            if let size = tree.encoded()?.count, (60...400).contains(size) { trees.append(tree) }
        }
        func check(_ bytes: [UInt8]) {
            guard let tree = decoded(bytes) else { return }
            let again = tree.encoded().flatMap(decoded)
            if dump(again) != dump(tree) { Issue.record("of \(bytes)") }
        }
        for tree in trees {
            let bytes = try #require(tree.encoded())
            for count in 0..<bytes.count { check(Array(bytes.prefix(count))) }
            for index in bytes.indices {
                var damaged = bytes
                for change: UInt8 in [0x01, 0x02, 0x04, 0x07, 0x40, 0x7F, 0x80, 0xFF] {
                    damaged[index] = bytes[index] ^ change
                    check(damaged)
                }
            }
            check(bytes + [0])
        }
    }

    /// Counts and depths beyond what a file can have cost nothing.
    @Test(.timeLimit(.minutes(1))) func bytesThatPromiseMuchAreRefused() {
        let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
        for tag: UInt8 in 0...7 {
            #expect(decoded([1, tag, 1, 1] + most) == nil)
            #expect(decoded([1, tag, 1, 1] + most + most + most) == nil)
            #expect(decoded([1, tag, 1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == nil)
        }
        let nested = [UInt8]([5, 1, 1, 1])
        let leaf: [UInt8] = [0, 1, 1, 0]
        for (depth, fits) in [(64, true), (65, false), (100_000, false)] {
            var bytes: [UInt8] = [1]
            for _ in 0..<depth { bytes += nested }
            #expect((decoded(bytes + leaf) != nil) == fits)
        }
        // A list of 200,000 values is one more than a file may hold.
        for (count, fits) in [(199_999, true), (200_000, false)] {
            let size = [UInt8(count & 0x7F) | 0x80, UInt8(count >> 7 & 0x7F) | 0x80, UInt8(count >> 14)]
            var bytes = [1, 5, 1, 1] + size
            for _ in 0..<count { bytes += leaf }
            #expect((decoded(bytes) != nil) == fits)
        }
        #expect(decoded([1, 0, 1, 1, 2, 0xC3, 0x28]) == nil, "no UTF-8")
    }

    /// A file of 100 kB whose aliases stand for gigabytes is read as ever, but not written out.
    @Test(.timeLimit(.minutes(1))) func whatAliasesRepeatIsNotWrittenOut() throws {
        let text = "a: &a \(String(repeating: "x", count: 100_000))\nb: [\(String(repeating: "*a, ", count: 50_000))]\n"
        let tree = try ContentTree(text, file: "x.yml")
        #expect(tree.encoded() == nil)
    }

    /// Both the encoding and what a text is parsed to. When either changes, `ContentTree.encodingVersion` must be raised:
    /// what is kept from before would be taken for what is parsed now.
    @Test func theVersionStandsForWhatIsKept() throws {
        let text = """
            # comment
            name: &n Ünnamed
            'quoted key': "tab\\t"
            search: |-
              index=main
                | stats count
            folded: >
              one
              two
            list: [~, 'it''s', *n, {}]
            empty:
            """
        let bytes = try #require(try ContentTree(text, file: "").encoded())
        let shown = bytes.map { (0x21...0x7E).contains($0) ? String(UnicodeScalar($0)) : "<\($0)>" }.joined()
        let golden =
            "<1><6><2><1><6><4>name<2><1><0><2><7><8><195><156>nnamed<10>quoted<32>key<3><1><2><3><15><4>tab<9>"
            + "<6>search<4><1><3><4><9><26>index=main<10><32><32>|<32>stats<32>count"
            + "<6>folded<7><1><4><7><9><8>one<32>two<10>"
            + "<4>list<10><1><5><10><7><4><0><10><8><1>~<1><10><11><4>it's<0><2><7><8><195><156>nnamed<6><10><24><0>"
            + "<5>empty<11><1><0><11><7><0>"
        #expect(shown == golden)
        #expect(ContentTree.encodingVersion == 1)
        let resolved = try Repository.text(Repository.root.appending(path: "Package.resolved"))
        let yams = resolved.firstMatch(of: /"identity" : "yams"[^}]*"version" : "([^"]*)"/)
        #expect(yams?.output.1 == "6.2.2", "look whether Yams parses as before, and raise the version if not")
    }
}
