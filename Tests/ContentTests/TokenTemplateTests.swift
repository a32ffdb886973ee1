import Content
import Testing

@Suite struct TokenTemplateTests {
    @Test(
        arguments: [
            ("plain", [], true),
            ("$user$ on $dest.host$", ["user", "dest.host"], true),
            ("costs $5 for $user$", ["user"], false),
            ("$5 and $6", [], false),
            ("$$", [], false),
            ("$user", [], false),
            ("$a$$b$", ["a", "b"], true),
        ] as [(String, [String], Bool)])
    func tokensAreNamesWithoutBlanks(text: String, fields: [String], isBalanced: Bool) {
        let template = TokenTemplate(text)
        #expect(template.fields == fields)
        #expect(template.isBalanced == isBalanced)
        let written = template.parts.map { part in
            switch part {
            case .text(let text): text
            case .field(let name): "$\(name)$"
            }
        }
        #expect(written.joined() == text)
    }
}
