import Testing

@testable import SPL

struct EvalExpressionTests {
    private let anywhere = Span(0, 0)

    private func field(_ name: String) -> EvalExpression { .field(name, anywhere) }
    private func number(_ source: String) -> EvalExpression {
        .number(Double(source) ?? .nan, source: source, anywhere)
    }
    private func text(_ value: String) -> EvalExpression { .string(value, anywhere) }

    private func binary(
        _ left: EvalExpression, _ symbol: EvalExpression.BinaryOperator, _ right: EvalExpression
    ) -> EvalExpression { .binary(symbol, left, right, anywhere) }

    // Splunk Search Manual 9.3, "Boolean expressions": NOT, then AND, then OR, then XOR.
    @Test(arguments: [
        ("a=1 AND b=2 OR c=3", "((a=1) AND (b=2)) OR (c=3)"), ("a OR b AND c", "a OR (b AND c)"),
        ("a XOR b OR c", "a XOR (b OR c)"), ("NOT a=1", "NOT (a=1)"), ("NOT a=1 AND b", "(NOT (a=1)) AND b"),
        ("NOT x IN (1, 2)", "NOT (x IN (1, 2))"), ("x NOT IN (1)", "NOT (x IN (1))"),
        ("NOT a AND NOT b", "(NOT a) AND (NOT b)"),
        ("a+b*c", "a+(b*c)"), ("a-b-c", "(a-b)-c"), ("a/b*c%d", "((a/b)*c)%d"), ("a.b+c.d", "((a.b)+c).d"),
        ("-a*b", "(-a)*b"), ("a- -b", "a-(-b)"), ("a+b>c*d", "(a+b)>(c*d)"), ("a.b==c.d", "(a.b)==(c.d)"),
        ("a LIKE b.\"%\" AND c", "(a LIKE (b.\"%\")) AND c"), ("a < b = c", "(a < b) = c"),
        ("x LIKE y NOT IN (1)", "NOT ((x LIKE y) IN (1))"),
    ])
    func operatorsBindAsDocumented(_ text: String, _ explicit: String) throws {
        #expect(try EvalExpression.parse(text) == EvalExpression.parse(explicit))
    }

    @Test func operatorWordsAndFunctionsHaveAnyCase() throws {
        #expect(
            try EvalExpression.parse("a and not b or c xor d like e")
                == EvalExpression.parse("a AND NOT b OR c XOR d LIKE e"))
        #expect(try EvalExpression.parse("ISNOTNULL(x)") == .call(name: "isnotnull", arguments: [field("x")], anywhere))
        #expect(try EvalExpression.parse("x in (1)") == .inList(field("x"), [number("1")], anywhere))
    }

    @Test func likeAndInAreFunctionsWhereAValueIsDue() throws {
        #expect(
            try EvalExpression.parse(#"LIKE (p, "%x%")"#)
                == .call(name: "like", arguments: [field("p"), text("%x%")], anywhere))
        #expect(
            try EvalExpression.parse(#"a AND(in(p, 1)OR b)"#)
                == binary(
                    field("a"), .and,
                    binary(.call(name: "in", arguments: [field("p"), number("1")], anywhere), .or, field("b"))))
    }

    @Test func aNameIsAFunctionOnlyBeforeAParenthesis() throws {
        #expect(
            try EvalExpression.parse("mvindex ('x', len-1)")
                == .call(
                    name: "mvindex", arguments: [field("x"), binary(field("len"), .subtract, number("1"))], anywhere))
        #expect(try EvalExpression.parse("true()") == .call(name: "true", arguments: [], anywhere))
        #expect(try EvalExpression.parse("null") == field("null"))
    }

    @Test func dotJoinsUnlessItStartsANumber() throws {
        #expect(try EvalExpression.parse("RTLO_1.RTLO_2") == binary(field("RTLO_1"), .concatenate, field("RTLO_2")))
        #expect(try EvalExpression.parse("a<.5") == binary(field("a"), .less, number(".5")))
        #expect(try EvalExpression.parse("1.5") == number("1.5"))
        #expect(try EvalExpression.parse("a.5") == binary(field("a"), .concatenate, number("5")))
        #expect(try EvalExpression.parse(#"1.": ""#) == binary(number("1"), .concatenate, text(": ")))
    }

    @Test(arguments: ["123", "1.5", ".5", "1e3", "1E-3", "8.250", "007"])
    func numbersKeepTheirSource(_ source: String) throws {
        #expect(try EvalExpression.parse(source) == number(source))
        #expect(try EvalExpression.parse(source).description == source)
    }

    // Splunk Search Manual 9.4, "Backslashes"; two levels where the text is a regex.
    @Test(arguments: [
        (#""a\"b""#, #"a"b"#), (#""\\""#, #"\"#), (#""\d+""#, #"\d+"#), (#""(.*\\\)(?=x)""#, #"(.*\\)(?=x)"#),
        (#""\\x{202E}""#, #"\x{202E}"#), (#""\n""#, #"\n"#), (#""a\|b""#, "a|b"), (#""it's""#, "it's"),
    ])
    func stringsReduceTheThreeEscapes(_ source: String, _ value: String) throws {
        #expect(try EvalExpression.parse(source) == text(value))
    }

    @Test(arguments: [
        "_time", "cpu:mem", "items{}", "$tok$", "<<FIELD>>", "avg_<<MATCHSTR>>", "{key}", "naïve", "a@b", "x#1",
    ])
    func bareNamesHoldWhatRulesWrite(_ name: String) throws {
        #expect(try EvalExpression.parse(name) == field(name))
        #expect(try EvalExpression.parse("'\(name)'+1") == binary(field(name), .add, number("1")))
    }

    @Test func singleQuotesHoldFieldNames() throws {
        #expect(try EvalExpression.parse("'a.b{} c'") == field("a.b{} c"))
        #expect(try EvalExpression.parse(#"'it\'s\\'"#) == field(#"it's\"#))
        #expect(try EvalExpression.parse("'and'") == field("and"))
    }

    @Test(arguments: [
        "a = 1 AND b != 2 OR NOT c", "(a OR b) AND c", "a - (b - c)", "(a - b) - c", "-(a + b)", "- -a", "(NOT a) = b",
        "1 + (NOT a = b)", "NOT (a AND b)", "NOT NOT a", #""x\\\"y" . 'a b' . .5"#, "x IN (a, -1, b OR c) = y",
        "'like' LIKE 'in'",
        "a OR b OR c OR d", "a OR (b OR c) OR d", "a OR (b OR (c OR d))", "(a OR b) OR (c OR d)",
        "a AND (b XOR c) AND d",
        "((a AND b) AND c) AND d", "if(match(x, \"(?i)a|b\"), 1, null())", "'' . '1x'", "(a = b) = c", "a = (b = c)",
        "-(-1) * -2",
    ])
    func printsTextThatParsesToAnEqualTree(_ text: String) throws {
        try RoundTrip.checkEval(text)
    }

    @Test func everyShapeOfALogicalChainSurvivesPrinting() throws {
        // All binary trees with up to six leaves.
        func trees(_ leaves: Int) -> [EvalExpression] {
            guard leaves > 1 else { return [field("x")] }
            return (1..<leaves).flatMap { count in
                trees(count).flatMap { left in trees(leaves - count).map { binary(left, .or, $0) } }
            }
        }
        for tree in (1...6).flatMap(trees) { #expect(try EvalExpression.parse(tree.description) == tree) }
    }

    @Test func longChainsOfConditionsDoNotExhaustTheStack() throws {
        let text = (0..<10_000).map { "f == \($0)" }.joined(separator: " OR ")
        let expression = try EvalExpression.parse(text)
        #expect(expression.description == text)
        #expect(try EvalExpression.parse(text) == expression)
    }

    @Test func longArithmeticIsBounded() throws {
        let sum = (0..<900).map { "f\($0)" }.joined(separator: " + ")
        #expect(try EvalExpression.parse(sum).description == sum)
        #expect { try EvalExpression.parse(sum + " + " + sum) } throws: { ($0 as? Diagnostic)?.code == "E226" }
    }

    @Test(arguments: [
        ("(", "a", ")"), ("abs(", "a", ")"), ("NOT ", "a", ""), ("-", "a", ""),
        ("a XOR b OR c AND NOT d = e + f * -(", "a", ")"),
    ])
    func nestingIsBounded(_ open: String, _ inner: String, _ close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        }
        #expect(try EvalExpression.parse(nested(60)).description.isEmpty == false)
        #expect { try EvalExpression.parse(nested(100_000)) } throws: { ($0 as? Diagnostic)?.code == "E203" }
    }
}
