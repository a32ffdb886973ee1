import Testing

@testable import SPL

struct PipelineTests {
    private func names(_ text: String) throws -> [String] { try Pipeline.parse(text).commands.map(\.name) }

    @Test(arguments: [
        ("index=main | stats count", ["search", "stats"]), ("search index=main", ["search"]),
        ("SEARCH x | Where y", ["search", "where"]),
        ("| tstats count", ["tstats"]), ("tstats count", ["search"]), ("search=5", ["search"]),
        ("| | head 5 | | | tail |", ["head", "tail"]),
        ("|where(x=1)|eval a=1", ["where", "eval"]), ("\n\t| head\n", ["head"]),
        ("| nosuchcommand x", ["nosuchcommand"]),
        ("|fields- a", ["fields"]),
    ])
    func stagesHaveCommands(_ text: String, _ expected: [String]) throws {
        #expect(try names(text) == expected)
    }

    @Test func aFirstStageWithoutAPipeKeepsAllItsWords() throws {
        #expect(try Pipeline.parse("tstats count").commands[0].arguments.map(\.text) == ["tstats", "count"])
        #expect(try Pipeline.parse("search=5 x").commands[0].argumentText == "search=5 x")
        #expect(try Pipeline.parse("search a").commands[0].argumentText == "a")
        #expect(try Pipeline.parse("search.a=1").commands[0].argumentText == "search.a=1")
    }

    private func subsearch(_ inner: String) throws -> [String] {
        let tokens = try Pipeline.parse("| append [\(inner)]").commands[0].arguments
        guard case .subsearch(let pipeline) = tokens.first?.kind else { return [] }
        return pipeline.commands.map(\.name)
    }

    // A known name is a command in a subsearch, also without a pipe, unless it is compared.
    @Test(arguments: [
        ("search a | head 1", ["search", "head"]), ("| inputlookup x", ["inputlookup"]),
        (" inputlookup x", ["inputlookup"]),
        ("tstats count", ["tstats"]), (" summary model", ["summary"]), ("error 500", ["search"]),
        ("head=5", ["search"]),
        ("head != 5", ["search"]), ("source=x | fields y", ["search", "fields"]), ("eval <<FIELD>>=1", ["eval"]),
        ("a OR b", ["search"]),
        ("search", ["search"]), ("return 5 $x", ["return"]), ("head", ["head"]), ("head.a=1", ["search"]),
    ])
    func subsearchesFindTheirCommand(_ inner: String, _ expected: [String]) throws {
        #expect(try subsearch(inner) == expected)
    }

    @Test func theCallerDecidesWhichNamesAreCommands() throws {
        let pipeline = try Pipeline.parse("x [mycommand y]", commandNames: ["mycommand"])
        guard case .subsearch(let inner) = pipeline.commands[0].arguments[1].kind else {
            Issue.record("no subsearch")
            return
        }
        #expect(inner.commands[0].name == "mycommand")
    }

    @Test func pipesInStringsAndBracketsDoNotSplit() throws {
        #expect(
            try names(
                #"a="x|y" [search b | head 1] | rex "(?<z>a|\"|b)" | join x [| inputlookup y | head [search z | head 2]]"#
            )
                == ["search", "rex", "join"])
        #expect(try names("(a | head 1) ") == ["search", "head"])
        #expect(try names(#"a=x\|y"#) == ["search"])
        #expect(try names(#"a=*\\| head 1"#) == ["search", "head"])
    }

    @Test func wordsEndWhereTheirContractSays() throws {
        let tokens = try Pipeline.parse(
            #"| stats count(eval(a!="b,c")) as x(y) , items{}.a-b:c/d@e#f*$g'h+i%j <<FIELD>>k k==1 "q\"r""#
        )
        .commands[0].arguments
        #expect(
            tokens.map(\.raw) == [
                "count", "(", "eval", "(", "a", "!=", "\"b,c\"", ")", ")", "as", "x", "(", "y", ")", ",",
                "items{}.a-b:c/d@e#f*$g'h+i%j",
                "<<FIELD>>k", "k", "==", "1", #""q\"r""#,
            ])
        #expect(
            tokens.map(\.isGlued) == [
                false, true, true, true, true, true, true, true, true, false, false, true, true, true, false, false,
                false, false, true, true,
                false,
            ])
        #expect(tokens.last?.text == #"q"r"#)
        #expect(tokens[18].kind == .comparison(.equal))
    }

    @Test func argumentTextIsTheSourceAtItsOffset() throws {
        let text = #"  index=main   a  b | where   x = "é"  | stats count [ search  z ]"#
        for command in try Pipeline.parse(text).commands {
            let bytes = Array(text.utf8)
            #expect(
                bytes.string(command.argumentOffset, command.argumentOffset + command.argumentText.utf8.count)
                    == command.argumentText)
            for token in command.arguments {
                #expect(bytes.string(token.span.lowerBound, token.span.upperBound) == token.raw)
            }
        }
        #expect(
            try Pipeline.parse(text).commands.map(\.argumentText) == [
                "index=main   a  b", #"x = "é""#, "count [ search  z ]",
            ])
    }

    @Test func aCommandMadeFromTokensHasItsText() throws {
        var command = try Pipeline.parse("| stats  count( x )  by  y").commands[0]
        let copy = CommandSyntax(name: "stats", nameSpan: Span(0, 0), arguments: command.arguments, span: Span(0, 0))
        #expect(copy.argumentText == "count( x ) by y")
        #expect(copy == command)
        command.arguments.removeLast(2)
        #expect(command.argumentText == "count( x )")
        var reader = ArgumentReader(command)
        _ = reader.next()
        #expect(try reader.parenthesizedText().text == " x ")
        #expect(reader.isAtEnd)
    }

    @Test(arguments: [
        "index=main  user=bob | stats count by user", "| tstats count where (a=1  OR b=2) by _time span=1h",
        "|where(x)|eval a=1,b=2",
        "x [search a | join b [| inputlookup c]] | append [  tstats count ] | head 5",
        #"| eval 'a   b'="c   d" | rex "x  (y)""#,
        "search search | search | search search=1", "| | a=b | x", "*",
        "| foreach * [ eval <<FIELD>> = '<<FIELD>>  x' ]", "a|head",
    ])
    func printsTextThatParsesToAnEqualPipeline(_ text: String) throws {
        let pipeline = try Pipeline.parse(text)
        #expect(try Pipeline.parse(pipeline.description) == pipeline)
    }

    @Test func printingKeepsBlanksInsideSingleQuotedNames() throws {
        let printed = try Pipeline.parse("| eval  x = 'a   b'  +  1").description
        #expect(printed == "| eval x = 'a   b' + 1")
    }

    @Test func equalityIgnoresPlacesAndLayout() throws {
        let one = try Pipeline.parse("a=1|append[search   b]")
        let other = try Pipeline.parse("search a=1   |  append[ search b  ]")
        #expect(one == other)
        #expect(Set([one, other]).count == 1)
    }

    @Test func commandNamesAreSortedAndLowerCase() {
        #expect(SplunkCommandNames.sorted == Set(SplunkCommandNames.sorted).sorted())
        #expect(SplunkCommandNames.all.allSatisfy { $0 == $0.lowercased() })
    }
}
