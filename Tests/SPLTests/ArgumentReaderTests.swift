import SPL
import Testing

struct ArgumentReaderTests {
    private func reader(_ text: String) throws -> ArgumentReader {
        ArgumentReader(try #require(try Pipeline.parse("| command " + text).commands.first))
    }

    @Test func keywordsAreUnquotedWordsInAnyCase() throws {
        var arguments = try reader(#"BY "by" x"#)
        #expect(arguments.nextIsKeyword("by"))
        #expect(arguments.consumeKeyword("by") == true)
        #expect(arguments.consumeKeyword("by") == false)
        #expect(arguments.peek(1)?.text == "x")
        #expect(arguments.next()?.kind == .quoted)
    }

    @Test func optionsAreNameEqualsValue() throws {
        var arguments = try reader(#"Limit=10 sep = "a b" field x==5 k=(a) count"#)
        #expect(arguments.peekOption() == "limit")
        let limit = arguments.option()
        #expect(limit?.name == "limit" && limit?.value.text == "10")
        #expect(arguments.option()?.value.text == "a b")
        #expect(arguments.option() == nil)
        #expect(try arguments.fieldName("a field") == "field")
        #expect(arguments.option()?.name == "x")
        #expect(arguments.option() == nil)
        #expect(arguments.peekOption() == "k")
    }

    @Test func fieldListsTakeBlanksAndCommas() throws {
        var arguments = try reader(#", a, b "c d" ,, e{}.f* by g"#)
        #expect(try arguments.fieldList(until: ["BY"]) == ["a", "b", "c d", "e{}.f*"])
        #expect(arguments.consumeKeyword("by") == true)
        #expect(try arguments.fieldList() == ["g"])
        try arguments.expectEnd()
    }

    @Test func fieldListsStopAtOptionsAndParentheses() throws {
        var arguments = try reader("a b keep=t c (d)")
        #expect(try arguments.fieldList() == ["a", "b"])
        #expect(arguments.option()?.name == "keep")
        #expect(try arguments.fieldList() == ["c"])
        #expect(throws: Diagnostic.self) { try arguments.expectEnd() }
    }

    @Test func namesMayHoldParenthesesWhereTheCommandAllowsThem() throws {
        var arguments = try reader("aceFlags(inheritance), b (c)")
        #expect(try arguments.fieldName("the new name", allowingParentheses: true) == "aceFlags(inheritance)")
        #expect(arguments.consumeComma() == true)
        #expect(try arguments.fieldName("the new name", allowingParentheses: true) == "b")
        #expect(throws: Diagnostic.self) { try arguments.fieldName("the new name") }
    }

    @Test func gluedTextContinuesAValue() throws {
        var arguments = try reader(#"datamodel="Endpoint"."Processes" where"#)
        #expect(arguments.option()?.value.text == "Endpoint")
        #expect(arguments.gluedText() == ".Processes")
        #expect(arguments.gluedText() == "")
        #expect(arguments.nextIsKeyword("where"))
    }

    @Test func parenthesizedTextIsRaw() throws {
        let text = #"f(eval(if(a=")", 'b)  (c', "x\")"))  ) rest"#
        var arguments = try reader(text)
        #expect(arguments.next()?.text == "f")
        let inner = try arguments.parenthesizedText()
        #expect(inner.text == #"eval(if(a=")", 'b)  (c', "x\")"))  "#)
        #expect(inner.offset == "| command f(".utf8.count)
        #expect(arguments.next()?.text == "rest")
        #expect(throws: Diagnostic.self) { try arguments.parenthesizedText() }
    }

    @Test func anApostropheInAWordOpensNothing() throws {
        var arguments = try reader("(don't) x (it's (a) dog's)")
        #expect(try arguments.parenthesizedText().text == "don't")
        _ = arguments.next()
        #expect(try arguments.parenthesizedText().text == "it's (a) dog's")
    }

    @Test func unclosedParenthesesAreReported() throws {
        var arguments = try reader("(a (b)")
        #expect { try arguments.parenthesizedText() } throws: { ($0 as? Diagnostic)?.code == "E206" }
    }

    @Test func textUpToAKeywordIsRaw() throws {
        var arguments = try reader(#"count where (a=1  OR by) x=by y="by" [search z | stats count by z] By c, d  e"#)
        #expect(arguments.text(until: ["where"]).text == "count")
        #expect(arguments.consumeKeyword("where") == true)
        let filter = arguments.text(until: ["by", "groupby"])
        #expect(filter.text == #"(a=1  OR by) x=by y="by" [search z | stats count by z]"#)
        #expect(filter.offset == "| command count where ".utf8.count)
        #expect(arguments.consumeKeyword("by") == true)
        #expect(arguments.remainingText().text == "c, d  e")
        #expect(arguments.remainingText().text == "")
        #expect(arguments.isAtEnd)
    }

    @Test func messagesNameTheCommandAndTheToken() throws {
        let arguments = try reader("x")
        #expect(
            arguments.unexpected(arguments.peek(), expected: "a number").message
                == "'x' stands where 'command' expects a number")
        #expect(arguments.unexpected(nil, expected: "a number").message == "'command' ends where a number is expected")
    }
}
