import Formats
import Testing

@Suite struct JSONCompletionTests {
    private static func completed(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { JSONCompletion.completed($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        (#"{"a":1,"b":{"c":"x","d":"y -> a=1"#, #"{"a":1,"b":{"c":"x"}}"#),
        (#"{"a":"x""#, #"{"a":"x"}"#), (#"{"a":[1, 2, {"b":true"#, #"{"a":[1, 2, {}]}"#),
        (#"{"a":12"#, #"{}"#), (#"{"a":12 "#, #"{"a":12}"#), (#"{"a":"x","b"#, #"{"a":"x"}"#),
        (#"{"a":"x","b":"#, #"{"a":"x"}"#), (#"{"a":"\"x\\","b":"\"#, #"{"a":"\"x\\"}"#), ("{", "{}"),
        (#"{"a":["x","y"#, #"{"a":["x"]}"#), (#"{"a":{"b":1},"#, #"{"a":{"b":1}}"#), (#" {"a":null,"#, #" {"a":null}"#),
    ]) func whatStandsBeforeTheCutIsKept(_ cut: String, _ whole: String) {
        #expect(Self.completed(cut) == whole)
    }

    @Test(arguments: ["", "plain text", "[1,2", #"{"a":1}"#, #"{"a":1} {"b""#, #"{"a":[1}"#, "\"x"])
    func whatIsNoCutObjectIsLeftAlone(_ text: String) {
        #expect(Self.completed(text) == nil)
    }

    /// Every cut of a document gives a prefix of its fields, and no part of a value.
    @Test func everyCutParses() throws {
        let text = #"{"a":"é\u0041","b":[1,-2.5e3,{"c":[]}],"d":{"e":{"f":"g,}]"}},"h":false,"i":"end"}"#
        let bytes = Array(text.utf8)
        for count in 1..<bytes.count {
            let whole = try #require(bytes[..<count].withUnsafeBytes { JSONCompletion.completed($0) })
            _ = try JSONValue.parse(whole, maxDepth: 64)
        }
    }

    @Test func deepTextIsLeftAlone() {
        #expect(Self.completed(String(repeating: #"{"a":"#, count: 100_000)) == nil)
    }
}
