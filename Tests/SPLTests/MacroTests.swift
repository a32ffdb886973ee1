import Testing

@testable import SPL

struct MacroTests {
    private func table(_ definitions: String...) throws -> MacroTable {
        MacroTable(try definitions.map { try MacroDefinition.parse($0) })
    }

    private func expand(_ source: String, _ definitions: String...) throws -> String {
        try ExpandedSearch.expand(source, macros: MacroTable(try definitions.map { try MacroDefinition.parse($0) }))
            .text
    }

    private func code(_ source: String, _ definitions: String...) -> String? {
        do {
            _ = try ExpandedSearch.expand(
                source, macros: MacroTable(try definitions.map { try MacroDefinition.parse($0) }))
            return nil
        } catch {
            return (error as? Diagnostic)?.code
        }
    }

    @Test func expansionIsTextWithoutParentheses() throws {
        #expect(try expand("`win` x=1", "win=a=1 OR b=2") == "a=1 OR b=2 x=1")
        #expect(try expand("f IN (`list`)", "list=a.exe,b.exe") == "f IN (a.exe,b.exe)")
        #expect(try expand("x | `two`", "two=head 1 | tail 1") == "x | head 1 | tail 1")
    }

    @Test func argumentsArePositionalNamedOrQuoted() throws {
        let rename = #"drop(object)=rename "$object$.*" as "*""#
        #expect(try expand(#"`drop("DNS")`"#, rename) == #"rename "DNS.*" as "*""#)
        #expect(try expand("`drop( DNS )`", rename) == #"rename "DNS.*" as "*""#)
        #expect(try expand("`m(1, \"b,c\")`", "m(x,y)=[$y$|$x$|$y$]") == "[b,c|1|b,c]")
        #expect(try expand("`m(y=1, x=\"2\")`", "m(x,y)=$x$-$y$") == "2-1")
        #expect(try expand("`m(z=1, x=2)`", "m(x,y)=$x$-$y$") == "z=1-x=2")
        #expect(try expand("`m (a)`", "m(x)=<$x$>") == "<a>")
        #expect(try expand("`m()` `m(\"\")`", "m(x)=<$x$>") == "<> <>")
    }

    @Test func aMacroIsItsNameAndItsNumberOfArguments() throws {
        #expect(try expand("`m` `m(1)` `m(1,2)`", "m=none", "m(a)=one", "m(a,b)=two") == "none one two")
        #expect(code("`m(1,2,3)`", "m=none", "m(a)=one") == "E106")
    }

    @Test func dollarsAreReplacedOnce() throws {
        #expect(try expand("`m($y$, 2)`", "m(x,y)=$x$ $y$") == "$y$ 2")
        #expect(try expand("`m(1)`", #"m(x)=re="a$$" $z$ $x$$x$ 5$"#) == #"re="a$" $z$ 11 5$"#)
    }

    @Test func bodiesAreExpandedAgain() throws {
        let macros = try table("outer(f)=`middle` by $f$", "middle=stats `inner`", "inner=count")
        let expanded = try ExpandedSearch.expand("x | `outer(user)` | `inner`", macros: macros)
        #expect(expanded.text == "x | stats count by user | count")
        #expect(expanded.expandedMacros == ["outer", "middle", "inner"])
    }

    @Test func nothingIsExpandedInsideDoubleQuotes() throws {
        #expect(try expand(#"map search="search `m` \"`m`\"" `m`"#, "m=x") == #"map search="search `m` \"`m`\"" x"#)
        #expect(try expand(#"`m`"#, #"m=replace(p, "`", "")"#) == #"replace(p, "`", "")"#)
    }

    @Test func commentsAreOneBlank() throws {
        #expect(try expand("stats```x```count") == "stats count")
        #expect(try expand("a ``` | [ \" ( ` `m` ``` b") == "a   b")
        #expect(try expand(#"a="```x```""#) == #"a="```x```""#)
        #expect(try expand("`m```` x ``` y", "m=z") == "z  y")
        #expect(try expand("`m`", "m=a```b```c") == "a c")
    }

    @Test func unknownFiltersPassEverything() throws {
        #expect(try expand("x | `some_rule_filter`") == "x | search *")
        #expect(try expand("x | `some_rule_filter`", "some_rule_filter=search user!=admin") == "x | search user!=admin")
        var strict = MacroTable([])
        strict.acceptsUnknownFilters = false
        #expect { try ExpandedSearch.expand("`some_rule_filter`", macros: strict) } throws: {
            ($0 as? Diagnostic)?.code == "E105"
        }
    }

    @Test func recursionNamesItsChain() throws {
        #expect { try ExpandedSearch.expand("`a`", macros: self.table("a=`b`", "b=`a`")) } throws: {
            ($0 as? Diagnostic)?.message.contains("'a' -> 'b' -> 'a'") == true
        }
        // The same name with another number of arguments is another macro.
        #expect(try expand("`m`", "m=`m(1)`", "m(x)=<$x$>") == "<1>")
    }

    @Test func hostileDefinitionsAreBounded() throws {
        let doubling = (0..<30).map { "m\($0)=`m\($0 + 1)``m\($0 + 1)`" }
        func code(_ last: String) -> String? {
            do {
                let macros = MacroTable(try (doubling + [last]).map { try MacroDefinition.parse($0) })
                _ = try ExpandedSearch.expand("`m0`", macros: macros)
                return nil
            } catch {
                return (error as? Diagnostic)?.code
            }
        }
        #expect(code("m30=") == "E110")
        #expect(code("m30=" + String(repeating: "x", count: 5_000)) == "E109")
        let long = String(repeating: "x", count: 100_000)
        let body = "m(x)=" + String(repeating: "$x$", count: 100_000)
        #expect(self.code("`m(\(long))`", body) == "E109")
    }

    @Test func evalBasedMacrosAreNamedAsUnsupported() {
        let macros = MacroTable([MacroDefinition(name: "m", definition: "\"x\"", isEval: true)])
        #expect { try ExpandedSearch.expand("`m`", macros: macros) } throws: { ($0 as? Diagnostic)?.code == "E111" }
    }

    @Test func namesAreSortedAndLaterDefinitionsCount() throws {
        var macros = try table("b=1", "a=2", "a(x)=3")
        macros.define(MacroDefinition(name: "b", definition: "4"))
        #expect(macros.names == ["a", "b"])
        #expect(macros.lookup(name: "b", argumentCount: 0)?.definition == "4")
        #expect(macros.lookup(name: "a", argumentCount: 2) == nil)
    }

    @Test func definitionsAreReadFromOneLine() throws {
        #expect(
            try MacroDefinition.parse("m( a , b )=x=$a$ y=$b$")
                == MacroDefinition(name: "m", arguments: ["a", "b"], definition: "x=$a$ y=$b$"))
        #expect(try MacroDefinition.parse("m()=") == MacroDefinition(name: "m", definition: ""))
        for text in ["", "m", "=x", "m(a=x", "m(a,a)=x", "m(a,)=x", "a b=x", "m)=x"] {
            #expect(throws: Diagnostic.self, "\(text)") { try MacroDefinition.parse(text) }
        }
    }

    @Test func placesInTheTextLeadBackToTheSource() throws {
        let source = "ab ```note``` `m(x)` `n` cd"
        let expanded = try ExpandedSearch.expand(source, macros: table("m(f)=long $f$ body", "n="))
        #expect(expanded.text == "ab   long x body  cd")
        func place(_ lower: Int, _ upper: Int) -> String {
            let (span, macro) = expanded.sourceSpan(of: Span(lower, upper))
            return Array(source.utf8).string(span.lowerBound, span.upperBound) + (macro.map { " in \($0)" } ?? "")
        }
        #expect(place(0, 2) == "ab")
        #expect(place(5, 9) == "`m(x)` in m")
        #expect(place(10, 16) == "`m(x)` in m")
        #expect(place(18, 20) == "cd")
        #expect(place(1, 12) == "b ```note``` `m(x)`")
        #expect(place(8, 20) == "`m(x)` `n` cd")
        #expect(place(20, 20) == "")
        #expect(place(3, 4) == "```note```")
    }
}
