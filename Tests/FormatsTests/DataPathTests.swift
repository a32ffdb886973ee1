import Columns
import Formats
import Testing

struct DataPathTests {
    private let json = #"""
        {"a":{"b":[1,2.50,"x\ny",null,{"c":true}],"b.c":"dots"},"a.b":[[1],[2,3]],"":1,"e":{},"s":"C:\/","a":{"z":9}}
        """#

    @Test(arguments: [
        ("a.b{}", #"1|2.50|x\ny|null|{"c":true}|[1]|[2,3]"#), ("a.b{1}", "2.50|[2,3]"), ("a.b{9}", ""),
        ("a.b{}.c", "true"),
        ("a.b{4}.c", "true"),
        ("a.b.c", "dots"), ("a.b", "[[1],[2,3]]"), ("a.b{}{}", "1|2|3"),
        ("a.b{1}{0}", "2"),
        ("e", "{}"), ("s", "C:/"), ("a.z", "9"), ("a{}.z", ""), ("a{@x}", ""), ("{}", ""), ("nosuch", ""),
        ("a.", #"{"z":9}"#),
    ])
    func pathsLeadToValues(_ sample: (path: String, values: String)) throws {
        let path = try DataPath(sample.path)
        let values = try Array(json.utf8).withUnsafeBytes { try path.values(in: $0, JSONParser()) }
        let text = values.map { $0.string.split(separator: "\n").joined(separator: "\\n") }.joined(separator: "|")
        if sample.path == "a." {
            #expect(text.hasSuffix(sample.values))
        } else {
            #expect(text == sample.values, "\(sample.path)")
        }
    }

    @Test(arguments: ["", "a{", "a}", "a{x}", "a{-1}", "a{1}b", "a{@}", "a{@b}.c", "a{1234567890}"])
    func brokenPathsAreErrors(_ path: String) {
        #expect(throws: DataPathError.self) { try DataPath(path) }
    }

    @Test func brokenJSONIsAnError() throws {
        let path = try DataPath("a")
        for text in ["", "{", "{\"a\":1", "{\"a\":1} x"] {
            #expect(throws: JSONError.self) {
                try Array(text.utf8).withUnsafeBytes { try path.values(in: $0, JSONParser()) }
            }
        }
    }

    @Test func deepJSONIsAnErrorOrFine() throws {
        let depth = 1_024
        let text = Array((String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        let path = try DataPath(String(repeating: "a.", count: depth - 1) + "a")
        let values = try text.withUnsafeBytes { try path.values(in: $0, JSONParser()) }
        #expect(values == ["1"])
    }
}
