import Testing

@testable import Matching

private func matches(_ pattern: String, _ text: String, caseSensitive: Bool = false) -> Bool {
    WildcardPattern(Array(pattern.utf8), caseSensitive: caseSensitive).matches(Array(text.utf8))
}

/// The definition, without any cleverness.
private func slowMatch(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, any: UInt8, one: UInt8? = nil) -> Bool {
    guard let head = pattern.first else { return text.isEmpty }
    if head == any {
        return (text.startIndex...text.endIndex).contains {
            slowMatch(pattern.dropFirst(), text[$0...], any: any, one: one)
        }
    }
    guard let byte = text.first, head == one || head == byte else { return false }
    return slowMatch(pattern.dropFirst(), text.dropFirst(), any: any, one: one)
}

private func randomBytes(_ alphabet: String, upTo count: Int) -> [UInt8] {
    let alphabet = Array(alphabet.utf8)
    return (0..<Int.random(in: 0...count)).compactMap { _ in alphabet.randomElement() }
}

struct WildcardPatternTests {
    @Test(arguments: [
        ("cmd.exe", "CMD.EXE", true), ("cmd.exe", "cmd.exe ", false), ("*", "", true), ("**", "x", true),
        ("", "", true), ("", "x", false),
        ("*\\cmd.exe", "C:\\Windows\\System32\\cmd.exe", true), ("*cmd*", "C:\\CMD.exe", true), ("cmd*", "cmd", true),
        ("*cmd", "cmd", true), ("a*a", "a", false), ("a*a", "aa", true), ("ab*ba", "aba", false),
        ("*a*b*c*", "xxaybzzc", true),
        ("*a*b*c*", "xxaycb", false), ("a*b*c", "a12b34c", true), ("a*bc*c", "abc", false), ("É*", "éclair", true),
        ("*я", "МОСКВАЯ", true), ("é", "É", true), ("K", "\u{212A}", false), ("*ab*ab", "ab", false),
        ("*ab*ab", "abab", true),
    ])
    func starsMatchAnyRun(_ sample: (pattern: String, text: String, expected: Bool)) {
        #expect(matches(sample.pattern, sample.text) == sample.expected)
    }

    @Test func caseCanCount() {
        #expect(matches("Ab*", "Abc", caseSensitive: true))
        #expect(!matches("Ab*", "abc", caseSensitive: true))
        #expect(!matches("é", "É", caseSensitive: true))
    }

    @Test func patternsAgreeWithTheDefinition() {
        for _ in 0..<20_000 {
            let pattern = randomBytes("ab*", upTo: 7)
            let text = randomBytes("ab", upTo: 10)
            let expected = slowMatch(pattern[...], text[...], any: UInt8(ascii: "*"))
            #expect(WildcardPattern(pattern, caseSensitive: true).matches(text) == expected)
            #expect(WildcardPattern(pattern, caseSensitive: false).matches(text.map { $0 & 0xDF }) == expected)
        }
    }

    @Test func requiredLiteralsAreASCIIWhereCaseIsIgnored() {
        let pattern = WildcardPattern(Array("*Invoke-É*Mimi*".utf8), caseSensitive: false)
        #expect(pattern.requiredLiterals == ["invoke-", "mimi"].map { Array($0.utf8) })
        #expect(
            WildcardPattern(Array("É*b".utf8), caseSensitive: true).requiredLiterals
                == ["É", "b"].map { Array($0.utf8) })
        #expect(WildcardPattern(Array("*".utf8), caseSensitive: false).requiredLiterals.isEmpty)
    }

    @Test func textMadeToBeSlowIsNot() {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        let needle =
            [UInt8](repeating: UInt8(ascii: "a"), count: 5000) + [UInt8(ascii: "b")]
            + [UInt8](repeating: UInt8(ascii: "a"), count: 5000)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(!WildcardPattern([0x2A] + needle + [0x2A], caseSensitive: false).matches(text))
            #expect(
                !WildcardPattern(
                    Array(String(repeating: "*a", count: 5000).utf8) + Array("*b*".utf8), caseSensitive: false
                ).matches(text))
            let near = LiteralSearcher(
                [UInt8](repeating: UInt8(ascii: "a"), count: 5000) + [UInt8(ascii: "a"), UInt8(ascii: "e")],
                ignoresASCIICase: true)
            text.withUnsafeBytes { #expect(near.firstIndex(in: $0) == nil) }
            let hidden = text + near.needle
            hidden.withUnsafeBytes { #expect(near.firstIndex(in: $0) == text.count) }
        }
        // Quadratic work would take minutes; the bound is no measurement.
        #expect(time < .seconds(60))
    }

    @Test func searcherFindsWhatIsThere() {
        for _ in 0..<20_000 {
            let needle = randomBytes("abc", upTo: 4)
            let text = randomBytes("abcABC", upTo: 24)
            guard !needle.isEmpty else { continue }
            let folded = CaseFolding.fold(text)
            let expected = (0...max(0, text.count - needle.count)).first { folded[$0...].starts(with: needle) }
            let searcher = LiteralSearcher(needle, ignoresASCIICase: true)
            text.withUnsafeBytes { #expect(searcher.firstIndex(in: $0) == expected) }
        }
    }
}

struct LikePatternTests {
    private func matches(_ pattern: String, _ text: String) -> Bool {
        LikePattern(Array(pattern.utf8)).matches(Array(text.utf8))
    }

    @Test(arguments: [
        ("%.exe", "a.exe", true), ("%.exe", "a.EXE", false), ("_b%", "abc", true), ("_", "é", true), ("_", "日", true),
        ("_", "🙂", true),
        ("__", "é", false), ("%_", "", false), ("%_%", "é", true), ("a%", "ba", false), ("a", "a", true),
        ("", "", true), ("%", "", true),
        ("a*c", "abc", false), ("_%_", "é", false), ("_%_", "éa", true), ("%é_", "xéé", true),
        ("192.168.%", "192.168.1.1", true), ("___", "ab", false),
    ])
    func percentAndUnderscore(_ sample: (pattern: String, text: String, expected: Bool)) {
        #expect(matches(sample.pattern, sample.text) == sample.expected)
    }

    @Test func patternsAgreeWithTheDefinition() {
        for _ in 0..<20_000 {
            let pattern = randomBytes("ab%_", upTo: 6)
            let text = randomBytes("ab", upTo: 8)
            let expected = slowMatch(pattern[...], text[...], any: UInt8(ascii: "%"), one: UInt8(ascii: "_"))
            #expect(LikePattern(pattern).matches(text) == expected)
        }
    }

    @Test func invalidBytesCountAsOneCharacterEach() {
        #expect(LikePattern(Array("a__".utf8)).matches([0x61, 0xFF, 0xC3]))
        #expect(LikePattern(Array("_".utf8)).matches([0xE2]))
        #expect(!LikePattern(Array("_".utf8)).matches([0xE2, 0x82]))
    }
}
