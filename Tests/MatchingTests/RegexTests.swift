import Matching
import Testing

private func groups(_ pattern: String, _ text: String, from start: Int = 0) throws -> [String?]? {
    let bytes = Array(text.utf8)
    return try Regex(pattern).firstMatch(in: bytes, from: start)?.groups.map { range in
        range.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}

private func replace(_ text: String, _ pattern: String, _ template: String) throws -> String {
    String(decoding: try Regex(pattern).replaceAll(in: Array(text.utf8), with: Array(template.utf8)), as: UTF8.self)
}

struct RegexTests {
    @Test func groupsAreByteRanges() throws {
        #expect(try groups("(a+)(x)?(b)", "éaab") == ["aab", "aa", nil, "b"])
        #expect(try Regex("a").firstMatch(in: Array("éa".utf8))?.range == 2..<3)
        #expect(try groups("a", "bbb") == nil)
        #expect(try groups("", "") == [""])
        #expect(try groups("a", "aba", from: 1) == ["a"])
        #expect(try Regex("a").firstMatch(in: Array("aba".utf8), from: 1)?.range == 2..<3)
        #expect(try Regex("(a)|(b)").firstMatch(in: Array("b".utf8))?[5] == nil)
    }

    @Test func bothSpellingsOfNamesWork() throws {
        let regex = try Regex("(?<user>\\w+)@(?P<host>\\w+)(x)?")
        #expect(regex.groupNames.map(\.name) == ["user", "host"] && regex.groupNames.map(\.index) == [1, 2])
        #expect(regex.groupCount == 3)
        #expect(try Regex("(?<z>a)(?<a>b)").groupNames.map(\.name) == ["z", "a"])
    }

    @Test func caseCountsUnlessThePatternSaysOtherwise() throws {
        #expect(try !Regex("abc").matches(Array("ABC".utf8)))
        #expect(try Regex("(?i)abc").matches(Array("xABCx".utf8)))
        #expect(try Regex("(?i)é").matches(Array("É".utf8)))
        #expect(try Regex("^.$").matches(Array("日".utf8)))
    }

    @Test(arguments: [
        ("a(b", 3), ("[a", 2), ("a**+{", nil), ("(?<1a>x)", nil), ("*a", nil), ("(?<a>x)(?<a>y)", nil), ("\\C", nil),
        ("a\\", nil),
    ])
    func errorsCarryThePlace(_ sample: (pattern: String, offset: Int?)) throws {
        let error = try #require(throws: RegexError.self) { try Regex(sample.pattern) }
        #expect(error.code == .syntax && error.offset != nil)
        if let offset = sample.offset { #expect(error.offset == offset) }
    }

    @Test func limitsOfSizeHold() throws {
        #expect(throws: RegexError.self) { try Regex(String(repeating: "a", count: 70_000)) }
        #expect(throws: RegexError.self) {
            try Regex(String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000))
        }
        #expect(throws: RegexError.self) { try Regex("((((a{1000}){1000}){1000}){1000})") }
        let small = try Regex("a", limits: RegexLimits(subjectBytes: 10))
        #expect(throws: RegexError.self) { try small.matches([UInt8](repeating: 0x62, count: 11)) }
        let growing = try Regex("a", limits: RegexLimits(outputBytes: 100))
        let error = #expect(throws: RegexError.self) {
            try growing.replaceAll(in: [UInt8](repeating: 0x61, count: 50), with: Array("xxxxx".utf8))
        }
        #expect(error?.code == .outputTooLong)
    }

    @Test(arguments: [
        ("^(a+)+$", "a", "!"), ("^(a|aa)+$", "a", "!"), ("(x+x+)+y", "x", "!y"),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "a", "!A"),
        ("^(.*?,){25}P", ",", "!P"),
    ])
    func catastrophesHitTheLimitQuickly(_ sample: (pattern: String, repeated: String, end: String)) throws {
        let regex = try Regex(sample.pattern)
        let hostile = Array((String(repeating: sample.repeated, count: 60) + sample.end).utf8)
        var error: RegexError?
        let time = ContinuousClock().measure { error = #expect(throws: RegexError.self) { try regex.matches(hostile) } }
        #expect(error?.code == .matchLimit && error?.hint != nil)
        #expect(time < .seconds(1))
        // The next match with the same memory is unharmed.
        #expect(try !regex.matches(Array("-".utf8)))
    }

    @Test func deepRecursionIsAnErrorValue() throws {
        let regex = try Regex("^(\\((?1)*\\))+$")
        let text = [UInt8](repeating: UInt8(ascii: "("), count: 200_000) + [UInt8(ascii: ")")]
        let error = #expect(throws: RegexError.self) { try regex.matches(text) }
        #expect(error.map { [.memoryLimit, .matchLimit, .depthLimit].contains($0.code) } == true)
    }

    @Test func hostileBytesAreSafe() throws {
        let regex = try Regex("(?i)(.)(\\w+)é?$")
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...30)).map { _ in UInt8.random(in: 0...255) }
            let start = Int.random(in: 0...bytes.count)
            if let match = try? regex.firstMatch(in: bytes, from: start) {
                #expect(match.range.upperBound <= bytes.count)
            }
            #expect(try Regex("(?=a)|").replaceAll(in: bytes, with: []) == bytes)
        }
        #expect(try Regex("^a.b$").matches([0x61, 0xFF, 0x62]) == false)
        #expect(try Regex("a").matches([0xFF, 0xC3, 0x61]))
    }

    @Test(arguments: [
        ("2023-11-14", "(\\d+)-(\\d+)", "\\2/\\1", "11/2023-14"), ("abc", "", "-", "-a-b-c-"),
        ("éé", "x*", "-", "-é-é-"), ("aaa", "a", "\\0\\0", "aaaaaa"),
        ("C:\\x", "\\\\", "\\\\\\\\", "C:\\\\x"), ("ab", "(a)(x)?", "[\\2\\1]", "[a]b"),
        ("a1b2", "\\d", "\\n", "a\\nb\\n"), ("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "\\10\\1", "jak"),
        ("ab", "(a)", "\\12", "a2b"), ("x", "y", "z", "x"), ("", "a", "b", ""), ("aXbX", "(?<=a)X|X$", "", "ab"),
        ("foobar", "foo\\Kbar", "X", "fooX"),
    ])
    func replacementsFillInGroups(_ sample: (text: String, pattern: String, template: String, expected: String)) throws
    {
        #expect(try replace(sample.text, sample.pattern, sample.template) == sample.expected)
    }

    @Test func replacementsCanTakeOneOccurrence() throws {
        let regex = try Regex("a")
        let replacement = try RegexReplacement(Array("X".utf8), for: regex)
        let text = Array("aaa".utf8)
        let second = try text.withUnsafeBytes { try regex.replacing(in: $0, with: replacement, .only(2)) }
        #expect(second == Array("aXa".utf8))
        let tenth = try text.withUnsafeBytes { try regex.replacing(in: $0, with: replacement, .only(10)) }
        #expect(tenth == text)
    }

    @Test func unknownGroupsInReplacementsAreErrors() throws {
        let error = #expect(throws: RegexError.self) { try RegexReplacement(Array("a\\2".utf8), for: Regex("(a)")) }
        #expect(error?.code == .unknownGroup && error?.offset == 1)
    }

    @Test func everyMatchIsVisitedOnce() throws {
        let text = Array("a1b22c333".utf8)
        var found: [Range<Int>] = []
        try text.withUnsafeBytes {
            try Regex("\\d+").forEachMatch(in: $0) { match in
                found.append(match.range)
                return found.count < 2
            }
        }
        #expect(found == [1..<2, 3..<5])
    }

    @Test func manyMatchesTakeLinearTime() throws {
        let text = [UInt8](repeating: UInt8(ascii: "b"), count: 100_000) + [0xFF]
        var output: [UInt8] = []
        let time = try ContinuousClock().measure {
            output = try Regex("x*").replaceAll(in: text, with: Array("-".utf8))
        }
        #expect(output.count > 200_000 && time < .seconds(3))
    }

    @Test func oneRegexServesManyThreads() async throws {
        let regex = try Regex("(\\w+)=(\\d+)")
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var matched = 0
                    for number in 0..<5000 {
                        let text = Array("x y key\(task)=\(number) z".utf8)
                        if let match = try regex.firstMatch(in: text), let range = match[2],
                            String(decoding: text[range], as: UTF8.self) == "\(number)"
                        {
                            matched += 1
                        }
                    }
                    return matched
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 40_000)
    }
}
