import Content
import SPL
import Testing

/// Messages about a search name the file's own line and column, however the search is written there.
@Suite struct TextOriginTests {
    /// The place of the first `@` of the search.
    private func place(_ yaml: String) throws -> String {
        var loader = ContentLoader()
        loader.add(file: "d.yml", text: "name: d\nid: 1\ntype: Hunting\n" + yaml)
        let detection = try #require(loader.catalog().detections.first)
        let offset = try #require(Array(detection.search.utf8).firstIndex(of: UInt8(ascii: "@")))
        let position = detection.searchOrigin.position(ofUTF8Offset: offset, in: detection.search)
        return "\(position.line):\(position.column)"
    }

    @Test(arguments: [
        ("search: index=x @", "4:17"),
        ("search: index=x\n  | where a\n  | @", "6:5"),
        ("search: index=x\n\n\n  @", "7:3"),
        ("search: 'index=x @'", "4:18"),
        ("search: 'it''s @'", "4:16"),
        ("search: 'a\n  b   \n\n   @'", "7:4"),
        ("search: \"a \\\"b\\\" @\"", "4:18"),
        ("search: \"\\u00e9\\x41 @\"", "4:21"),
        ("search: \"a\\\n   b @\"", "5:6"),
        ("search: |-\n    index=x\n      | @", "6:9"),
        ("search: |\n\n\n    é @\n", "7:7"),
        ("search: |2-\n    a\n  @", "6:3"),
        ("search: >-\n    a\n    b @", "6:7"),
        ("search: >\n    a\n      more\n      @\n\n    b", "7:7"),
        ("search: |- # comment\r\n    a\r\n    @", "6:5"),
    ])
    func placeOfTheSign(yaml: String, expected: String) throws {
        #expect(try place(yaml) == expected)
    }

    @Test func offsetsOutsideTheSearchGiveTheNearestPlace() throws {
        var loader = ContentLoader()
        loader.add(file: "d.yml", text: "name: d\nid: 1\ntype: Hunting\nsearch: |-\n  ab\n  cd")
        let detection = try #require(loader.catalog().detections.first)
        let origin = detection.searchOrigin
        #expect(origin.start == TextPosition(line: 5, column: 3))
        #expect(origin.position(ofUTF8Offset: -1, in: detection.search) == TextPosition(line: 5, column: 3))
        #expect(origin.position(ofUTF8Offset: 99, in: detection.search) == TextPosition(line: 6, column: 5))
    }
}
