import Testing

@testable import SPL

struct SearchExpressionTests {
    private func parse(_ text: String) throws -> SearchExpression { try SearchExpression.parse(text) }

    private func equal(_ field: String, _ value: String, quoted: Bool = false) -> SearchExpression {
        .comparison(field: field, operator: .equal, value: SearchLiteral(value, isQuoted: quoted), Span(0, 0))
    }

    private func word(_ text: String) -> SearchExpression { .keyword(SearchLiteral(text, isQuoted: false), Span(0, 0)) }

    private func phrase(_ text: String) -> SearchExpression {
        .keyword(SearchLiteral(text, isQuoted: true), Span(0, 0))
    }

    // Splunk Search Manual 9.3, "Boolean expressions": NOT, then OR, then AND.
    @Test func orBindsTighterThanAnd() throws {
        #expect(
            try parse("a=1 b=2 OR c=3 d=4")
                == .and([equal("a", "1"), .or([equal("b", "2"), equal("c", "3")]), equal("d", "4")]))
        #expect(try parse("a=1 AND b=2 OR c=3") == .and([equal("a", "1"), .or([equal("b", "2"), equal("c", "3")])]))
        #expect(try parse("a=1 OR a=2 b=1 OR b=2") == parse("(a=1 OR a=2) AND (b=1 OR b=2)"))
    }

    @Test func seedRuleCountsOneGroupOfHoursAndDays() throws {
        let expression = try parse(
            "eventName=PutImage date_hour>=20 OR date_hour<8 OR date_wday=saturday OR date_wday=sunday")
        guard case .and(let operands) = expression, case .or(let hours) = operands.last else {
            Issue.record("not an AND of a name and an OR: \(expression)")
            return
        }
        #expect(operands.count == 2)
        #expect(hours.count == 4)
    }

    @Test func notTakesTheNextTermOnly() throws {
        #expect(try parse("NOT a=1 b=2") == .and([.not(equal("a", "1"), Span(0, 0)), equal("b", "2")]))
        #expect(try parse("NOT a=1 OR b=2") == .or([.not(equal("a", "1"), Span(0, 0)), equal("b", "2")]))
        #expect(try parse("NOT(a=1 b=2)") == .not(.and([equal("a", "1"), equal("b", "2")]), Span(0, 0)))
        #expect(try parse("NOT NOT a=1") == .not(.not(equal("a", "1"), Span(0, 0)), Span(0, 0)))
    }

    @Test func operatorWordsAreUpperCase() throws {
        #expect(try parse("a or b") == .and([word("a"), word("or"), word("b")]))
        #expect(try parse("not a") == .and([word("not"), word("a")]))
        #expect(try parse("NOTE ORACLE") == .and([word("NOTE"), word("ORACLE")]))
    }

    @Test(arguments: ["", "  ", "*", "()", "( )", "(*)"])
    func nothingToFindMeansEverything(_ text: String) throws {
        #expect(try parse(text) == .all)
    }

    @Test func listsStayNestedWhereParenthesesWereWritten() throws {
        #expect(try parse("a b c") == .and([word("a"), word("b"), word("c")]))
        #expect(try parse("a (b c)") == .and([word("a"), .and([word("b"), word("c")])]))
        #expect(try parse("a OR (b OR c)") == .or([word("a"), .or([word("b"), word("c")])]))
        #expect(try parse("((a))") == word("a"))
    }

    // Splunk Search Manual 9.4, "Backslashes".
    @Test(arguments: [
        (#"a="x\"y""#, #"x"y"#), (#"a="x\\y""#, #"x\y"#), (#"a="x\|y""#, "x|y"), (#"a="x\y""#, #"x\y"#),
        (#"a="*\\system32\\*""#, #"*\system32\*"#), (#"a="*\system32\*""#, #"*\system32\*"#),
        (#"a="\\\\*""#, #"\\*"#), (#"a="x|y""#, "x|y"), (#"a="""#, ""),
    ])
    func quotedValuesReduceTheirEscapes(_ text: String, _ value: String) throws {
        #expect(try parse(text) == equal("a", value, quoted: true))
    }

    @Test(arguments: [
        (#"a=*\\Explorer\\*"#, #"*\Explorer\*"#), (#"a=C:\Windows\x"#, #"C:\Windows\x"#), (#"a=\"x\""#, #""x""#),
        (#"a=x\|y"#, "x|y"), ("a=b=c", "b=c"), ("a=/x:y,z{}", "/x:y,z{}"), ("a=!b", "!b"), ("a=%%14674", "%%14674"),
        ("a = 4688", "4688"), ("a==4688", "4688"), ("a=10.0.0.0/8", "10.0.0.0/8"), ("a=b<c", "b<c"),
    ])
    func unquotedValuesReduceTheSameEscapesAndHoldOperators(_ text: String, _ value: String) throws {
        #expect(try parse(text) == equal("a", value))
    }

    @Test func comparisonOperatorsAreRead() throws {
        for comparison in ComparisonOperator.allCases {
            let expected = SearchExpression.comparison(
                field: "a.b{}.c-d", operator: comparison, value: SearchLiteral("1", isQuoted: false), Span(0, 0))
            #expect(try parse("a.b{}.c-d\(comparison.rawValue)1") == expected)
            #expect(try parse("a.b{}.c-d \(comparison.rawValue) 1") == expected)
        }
    }

    @Test func fieldNamesMayBeQuoted() throws {
        #expect(try parse(#""Known Ransomware Notes"=True"#) == equal("Known Ransomware Notes", "True"))
        #expect(
            try parse(#""Reference" != False"#)
                == .comparison(
                    field: "Reference", operator: .notEqual, value: SearchLiteral("False", isQuoted: false), Span(0, 0))
        )
    }

    @Test func inListsAcceptBlanksStrayCommasAndAnyCase() throws {
        let expected = SearchExpression.inList(
            field: "f",
            values: [
                SearchLiteral("a", isQuoted: false), SearchLiteral("b c", isQuoted: true),
                SearchLiteral("40*", isQuoted: false),
            ],
            Span(0, 0))
        for text in [#"f IN (a, "b c", 40*)"#, #"f in(a,"b c",40*)"#, #"f In (,a "b c",, 40*,)"#] {
            #expect(try parse(text) == expected, "\(text)")
        }
        #expect(
            try parse("NOT f IN (a)")
                == .not(
                    .inList(field: "f", values: [SearchLiteral("a", isQuoted: false)], Span(0, 0)), Span(0, 0)))
        #expect(try parse("failed in login") == .and([word("failed"), word("in"), word("login")]))
    }

    @Test func wordsAndPhrasesAreKeywords() throws {
        #expect(
            try parse(#"error "access denied" 4*4"#) == .and([word("error"), phrase("access denied"), word("4*4")]))
        #expect(try parse("api-1.example.com") == word("api-1.example.com"))
        #expect(try parse(#""*""#) == phrase("*"))
    }

    @Test func textGluedToAStringStartsANewTerm() throws {
        #expect(try parse(#"a="x"AND b=y"#) == .and([equal("a", "x", quoted: true), equal("b", "y")]))
        #expect(try parse(#"a="x"OR(b=y)"#) == .or([equal("a", "x", quoted: true), equal("b", "y")]))
    }

    @Test func wildcardsGluedToAStringBelongToTheValue() throws {
        #expect(try parse(#"a=*"x y"*"#) == equal("a", "*x y*", quoted: true))
    }

    @Test func termAndCaseAreDirectives() throws {
        #expect(
            try parse("TERM(sudoedit) CASE(Error)")
                == .and([
                    .directive(.term, SearchLiteral("sudoedit", isQuoted: false), Span(0, 0)),
                    .directive(.caseSensitive, SearchLiteral("Error", isQuoted: false), Span(0, 0)),
                ]))
        #expect(
            try parse("TERM(average=0.9*)")
                == .directive(.term, SearchLiteral("average=0.9*", isQuoted: false), Span(0, 0)))
        #expect(
            try parse("host=CASE(LOCALHOST)")
                == .caseSensitiveComparison(
                    field: "host", operator: .equal, value: SearchLiteral("LOCALHOST", isQuoted: false), Span(0, 0)))
    }

    @Test(arguments: [
        ("earliest=-24h@h", "earliest", "-24h@h"), ("latest=now", "latest", "now"),
        (#"earliest="-70m@m""#, "earliest", "-70m@m"),
        ("_index_earliest=1", "_index_earliest", "1"), ("starthoursago=168", "starthoursago", "168"),
        ("daysago = 3", "daysago", "3"),
        (#"timeformat="%Y %m""#, "timeformat", "%Y %m"),
    ])
    func timeModifiersAreNoFilters(_ text: String, _ name: String, _ value: String) throws {
        #expect(try parse(text) == .timeModifier(name: name, value: value, Span(0, 0)))
    }

    @Test func timeModifierNamesAreFieldsElsewhere() throws {
        #expect(try parse(#""earliest"=5"#) == equal("earliest", "5"))
        #expect(
            try parse("earliest>5")
                == .comparison(
                    field: "earliest", operator: .greater, value: SearchLiteral("5", isQuoted: false), Span(0, 0)))
    }

    @Test func oldSpellingOfDefaultFieldsIsAComparison() throws {
        #expect(try parse("sourcetype::syslog") == equal("sourcetype", "syslog"))
        #expect(try parse("std::string") == word("std::string"))
    }

    @Test func parenthesesHoldValuesOfTheField() throws {
        #expect(try parse("a=(x OR y) b=1") == .and([.or([equal("a", "x"), equal("a", "y")]), equal("b", "1")]))
        #expect(try parse("a=(*)") == equal("a", "*"))
        #expect(try parse("a=((x) NOT b=y)") == .and([equal("a", "x"), .not(equal("b", "y"), Span(0, 0))]))
    }

    @Test(arguments: ["a=[search x | return $a]", "NOT a>[search x]", "a IN [search x]", "a IN (x, [search y], \"z\")"])
    func subsearchesStandForValues(_ text: String) throws {
        let expression = try parse(text)
        #expect(expression.subsearches.count == 1)
        #expect(try parse(expression.description) == expression)
        #expect(expression.textAroundSubsearches[0].before.hasPrefix("a"))
    }

    @Test func subsearchesAreTerms() throws {
        let expression = try parse("NOT[inputlookup domains] [ | inputlookup x | fields query ] a=1")
        guard case .and(let operands) = expression, case .not(.subsearch(let first, _), _) = operands[0],
            case .subsearch(let second, _) = operands[1]
        else {
            Issue.record("\(expression)")
            return
        }
        #expect(first.commands.map(\.name) == ["inputlookup"])
        #expect(second.commands.map(\.name) == ["inputlookup", "fields"])
        #expect(operands[2] == equal("a", "1"))
    }

    @Test func spansPointIntoTheWholeSearch() throws {
        guard case .comparison(_, _, _, let span) = try SearchExpression.parse("  a = 1 ", at: 100) else {
            Issue.record("not a comparison")
            return
        }
        #expect(span.lowerBound == 102)
        #expect(span.upperBound == 107)
    }

    @Test(arguments: [
        "a b c", "a (b c) OR d", "NOT (a OR b) c", #"a="x\"\\|" OR b!=y"#, "a OR (b OR c) OR (d e)", "NOT NOT (a b)",
        #""a b"=1 "c" IN (x, "y,z")"#, "TERM(a b) CASE(\"x)\")", #"a=\"x\\y b>=2"#, "earliest=-1h (*) OR ()",
        "x, in, (a b)",
        "[search a OR b | head 5] OR NOT [inputlookup x]", "a=b,c d", #""AND" OR "OR"=1"#,
        "<<FIELD>>=1 a<<X>>b c=<<D>>",
        #"host=CASE("a b")"#, "a=* *=b **", #""earliest"=1"#, "f IN (\"*\", *)", #"a=*"b c"*"#,
    ])
    func printsTextThatParsesToAnEqualTree(_ text: String) throws {
        try RoundTrip.checkSearch(text)
    }

    @Test func longListsDoNotExhaustTheStack() throws {
        let text = (0..<10_000).map { "f=\($0)" }.joined(separator: " OR ")
        let expression = try parse(text)
        #expect(expression.description == text)
    }
}
