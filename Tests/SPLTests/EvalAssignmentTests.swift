import SPL
import Testing

struct EvalAssignmentTests {
    @Test func targetsAreBareQuotedOrTemplates() throws {
        let assignments = try EvalAssignment.parseList(
            #"a=1, "b c"=2, 'd'=3, {f}=x, pre_{f}_x=y, e.f{}.g = 4,<<FIELD>>=5"#)
        #expect(assignments.map(\.target) == ["a", "b c", "d", "{f}", "pre_{f}_x", "e.f{}.g", "<<FIELD>>"])
        #expect(assignments.map(\.isTemplate) == [false, false, false, true, true, false, false])
    }

    @Test func commasInsideCallsSeparateArguments() throws {
        let assignments = try EvalAssignment.parseList(#"a=if(x="1,2", "y", z) , b = coalesce(c, d)"#)
        #expect(assignments.map(\.target) == ["a", "b"])
    }

    @Test func firstEqualsAssignsAndTheOthersCompare() throws {
        let assignments = try EvalAssignment.parseList("a=b=c")
        #expect(try assignments.first?.expression == EvalExpression.parse("b==c"))
    }

    @Test func spansCoverTheAssignment() throws {
        let assignments = try EvalAssignment.parseList("a=1, bc = 2", at: 50)
        #expect(assignments.map(\.span.lowerBound) == [50, 55])
        #expect(assignments.map(\.span.upperBound) == [53, 61])
    }

    @Test(arguments: [#"a=1, "b c"='d e' . "f", {g}=h"#, "inbound:outbound=a/b", #"'x=y'=1"#])
    func printsTextThatParsesToAnEqualList(_ text: String) throws {
        try RoundTrip.checkAssignments(text)
    }
}
