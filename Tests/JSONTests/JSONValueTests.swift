import Columns
import Formats
import Testing

@Suite struct JSONValueTests {
    @Test func keepsOrderDuplicatesAndNumbersAsWritten() throws {
        let value = try JSONValue.parse(Array(#"{"b":1.0,"a":[true,null,"\u0041"],"b":{}}"#.utf8))
        #expect(
            value
                == .object([
                    .init(key: "b", value: .number("1.0")),
                    .init(key: "a", value: .array([.boolean(true), .null, .string("A")])),
                    .init(key: "b", value: .object([])),
                ]))
        #expect(value["b"] == .number("1.0"))
        #expect(value["a"]?[2] == .string("A"))
        #expect(value["c"] == nil)
        #expect(value["a"]?[3] == nil)
    }

    @Test func refusesWhatIsNotOneValue() {
        for text in ["", "{", "1 2", "[1,]"] {
            #expect(throws: JSONError.self) { try JSONValue.parse(Array(text.utf8)) }
        }
        #expect(throws: JSONError(.tooDeep, byteOffset: 2)) { try JSONValue.parse(Array("[[[]]]".utf8), maxDepth: 2) }
    }

    @Test func readsTheDeepestNestingThatIsAllowed() throws {
        let text = String(repeating: "[", count: 1_024) + String(repeating: "]", count: 1_024)
        var value = try JSONValue.parse(Array(text.utf8))
        var depth = 1
        while let inner = value[0] {
            value = inner
            depth += 1
        }
        #expect(depth == 1_024)
    }

    @Test func tokensOfTheFirstLevelCarrySourceText() throws {
        let text = Array(#" {"event": {"a": [1, 2]} , "time":1.5,"s\n":"x"}"#.utf8)
        try text.withUnsafeBytes { bytes in
            let tokens = try JSONParser().tokens(of: bytes, maxLevel: 1)
            #expect(tokens.map(\.kind) == [.object, .key, .object, .end, .key, .number, .key, .string, .end])
            #expect(Text(UnsafeRawBufferPointer(rebasing: bytes[tokens[2].range])) == #"{"a": [1, 2]}"#)
            #expect(tokens[0].range == 1..<text.count)
            #expect(tokens[6].hasEscapes && !tokens[7].hasEscapes)
        }
    }
}

@Suite struct JSONWriterTests {
    @Test func putsCommasWhereTheyBelong() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.number(1)
        writer.key("b")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.null()
        writer.beginArray()
        writer.endArray()
        writer.boolean(true)
        writer.endArray()
        writer.key("c")
        writer.string("x")
        writer.endObject()
        writer.newline()
        writer.number(2)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\"a\":1,\"b\":[{},null,[],true],\"c\":\"x\"}\n2")
    }

    @Test func escapesAndRepairsText() {
        #expect(written { $0.string("a\"b\\c\nd\te\r\u{8}\u{1}é") } == #""a\"b\\c\nd\te\r\u0008\u0001é""#)
        #expect(written { $0.string(Text([0x61, 0xFF, 0x62])) } == "\"a\u{FFFD}b\"")
    }

    @Test func writesFieldValues() {
        #expect(written { $0.value(.number(1.5)) } == "1.5")
        #expect(written { $0.value(.number(3)) } == "3")
        #expect(written { $0.value(.number(.nan)) } == "\"nan\"")
        #expect(written { $0.value(.multivalue([.text("a"), .number(2)])) } == #"["a",2]"#)
        #expect(written { $0.value(Value.null) } == "null")
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        let text = #"{"b":1.0,"a":[true,null,"\\\"\u0007é",[]],"b":{"":[{}]}}"#
        let value = try JSONValue.parse(Array(text.utf8))
        var writer = JSONWriter()
        writer.value(value)
        #expect(try JSONValue.parse(writer.bytes) == value)
    }

    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
