import Matching
import Testing

private func matches(_ keyword: String, _ raw: String, _ kind: KeywordMatcher.Kind = .keyword) -> Bool {
    KeywordMatcher(Array(keyword.utf8), kind: kind).matches(Array(raw.utf8))
}

struct KeywordMatcherTests {
    @Test(arguments: [
        ("error", "ERROR: disk", true), ("error", "errors", false), ("error", "terror", false),
        ("error", "x=error,y", true), ("error", "x_error.log", true),
        ("error*", "errors", true), ("*error", "terror", true), ("*rro*", "terrors", true), ("error*", "terror", false),
        ("fail*ure", "a failXXure b", true),
        ("fail*ure", "a fail ure b", false), ("fail*ure", "fail.x/ure", true), ("fail*ure", "failures failure", true),
        ("fail*ure", "xfailure", false),
        ("failed password", "sshd: Failed password for", true), ("failed password", "failed passwords", false),
        ("failed*from 1.2.3.4", "failed for x from 1.2.3.4", true),
        ("failed*from 1.2.3.4", "failed for x from 1.2.3.45", false), ("10.0.0.1", "src=10.0.0.1 dst", true),
        ("10.0.0.1", "110.0.0.1", false),
        ("=admin", "user=admin", true), ("(x", "f(x)", true), ("admin", "a%20admin%3D1", true),
        ("20admin", "a%20admin", true), ("*", "", true), ("", "x", true),
        ("ÉTÉ", "un été chaud", true), ("été", "unété", false), ("x", "", false),
    ])
    func keywordsStandBetweenBreakers(_ sample: (keyword: String, raw: String, expected: Bool)) {
        #expect(matches(sample.keyword, sample.raw) == sample.expected)
    }

    @Test(arguments: [
        ("sudoedit", "x sudoedit[1]: y", true), ("10.0.0.1", "from 10.0.0.1 port", true),
        ("10.0.0.1", "ip=10.0.0.1 port", false), ("ip=10.0.0.1", "ip=10.0.0.1 port", true),
        ("sudoedit", "/usr/bin/sudoedit", false), ("a", "b--a--c", true), ("a", "b-a", false), ("a", "%20a%3D", true),
        ("a*z", "(abc/z)", true), ("SEGFAULT", "segfault", true),
        ("*sudoedit", "/usr/bin/sudoedit", true),
    ])
    func termsStandBetweenMajorBreakers(_ sample: (term: String, raw: String, expected: Bool)) {
        #expect(matches(sample.term, sample.raw, .term) == sample.expected)
    }

    @Test func caseKeepsCase() {
        #expect(matches("Error", "x=Error", .caseSensitive))
        #expect(!matches("Error", "x=error", .caseSensitive))
        #expect(matches("Err*", "x=Errors", .caseSensitive))
    }

    @Test func requiredLiteralsOccurInEveryMatch() {
        #expect(
            KeywordMatcher(Array("*Fail*ÜRe".utf8), kind: .keyword).requiredLiterals
                == ["fail", "re"].map { Array($0.utf8) })
    }

    @Test func longEventsStayFast() {
        let raw = Array(String(repeating: "ab", count: 500_000).utf8)
        let time = ContinuousClock().measure {
            #expect(!matches("ab*x", String(decoding: raw, as: UTF8.self)))
            #expect(!matches("*ab*ba*abx", String(decoding: raw, as: UTF8.self)))
        }
        #expect(time < .seconds(2))
        // Hits in one case only, none of them delimited.
        for text in ["xab", "XAB"] {
            let raw = String(repeating: text, count: 100_000)
            let time = ContinuousClock().measure { #expect(!matches("ab", raw)) }
            #expect(time < .seconds(2))
        }
    }

    @Test func noBytesCrash() {
        let alphabet = Array("ab*%2-= (\u{0}É".utf8) + [0xFF, 0xC3]
        for _ in 0..<20_000 {
            let keyword = (0..<Int.random(in: 0...6)).compactMap { _ in alphabet.randomElement() }
            let raw = (0..<Int.random(in: 0...20)).compactMap { _ in alphabet.randomElement() }
            for kind in [KeywordMatcher.Kind.keyword, .term, .caseSensitive] {
                _ = KeywordMatcher(keyword, kind: kind).matches(raw)
            }
            // A text always contains itself.
            if !raw.contains(UInt8(ascii: "*")) { #expect(KeywordMatcher(raw, kind: .keyword).matches(raw)) }
        }
    }
}
