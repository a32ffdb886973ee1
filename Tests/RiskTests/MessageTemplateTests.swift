import Risk
import Testing

@Suite struct MessageTemplateTests {
    private func fill(_ template: String, _ values: [String: String]) -> (String, Set<String>) {
        var missing: Set<String> = []
        let text = MessageTemplate(template).filled(missing: &missing) { values[$0] }
        return (text, missing)
    }

    @Test func tokensAreFilled() {
        #expect(
            fill("upload from $user$ at $src$", ["user": "bob", "src": "192.0.2.1"]).0 == "upload from bob at 192.0.2.1"
        )
    }

    @Test func aMissingFieldIsNamedAndNeverLeftAsAToken() {
        let (text, missing) = fill("from $user$ and $dest$", ["user": "bob"])
        #expect(text == "from bob and unknown")
        #expect(missing == ["dest"])
    }

    @Test func dollarsThatAreNoTokensStay() {
        #expect(fill("costs 5$ and $$ more", [:]).0 == "costs 5$ and $ more")
        #expect(fill("$ user $", ["user": "x"]).0 == "$ user $")
        #expect(fill("$", [:]).0 == "$")
    }

    @Test func aValueIsNotReadAsATemplate() {
        #expect(fill("$a$$b$", ["a": "$b$", "b": "x"]).0 == "$b$x")
    }

    @Test func dottedAndBracedNamesAreTokens() {
        #expect(MessageTemplate("$a.b{}.c$ $x$ $x$").fields == ["a.b{}.c", "x"])
    }
}
