import SPL
import Testing

/// No text makes the front end crash, hang or print something that reads differently.
struct HostileInputTests {
    private static let seeds = [
        #"`m(a,"b")` index=main (user="bob\"x" OR user IN (a, "b,c", d*)) NOT [search x=1 | fields y] earliest=-1h ```note``` TERM(a.b)"#,
        #"| tstats count min(_time) as t where (a.b="*\\c*" AND NOT d=e) by f{}.g span=1h | `m(x)` | where g > 5"#,
        #"| eval 'a b'="c\\", {d}=if(match(e, "(?i)f|g"), -1.5e3, null()) . .5, h=x NOT IN (1, 2) AND NOT y LIKE "z%" XOR w"#,
        #"| foreach * [eval <<FIELD>>=if('<<FIELD>>'="null",null(),<<FIELD>>)] | stats count(eval(a==1)) as x(y) by z | map search="a `b`""#,
    ]

    /// The same bytes in every run.
    private struct Generator {
        var state: UInt64
        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let macros = MacroTable([
        MacroDefinition(name: "m", arguments: ["x"], definition: "search $x$"),
        MacroDefinition(name: "m", arguments: ["x", "y"], definition: "$x$=$y$"),
    ])

    /// Runs every parser; what parses must print back to an equal tree, what does not must say where.
    private func exercise(_ text: String) {
        let source: String
        do {
            source = try ExpandedSearch.expand(text, macros: Self.macros).text
        } catch {
            #expect(!error.rendered(source: text).isEmpty)
            source = text
        }
        attempt(source) { try RoundTrip.check($0, "\(text)") }
        attempt(source) { try RoundTrip.checkSearch($0, "\(text)") }
        attempt(source) { try RoundTrip.checkEval($0, "\(text)") }
        attempt(source) { try RoundTrip.checkAssignments($0, "\(text)") }
        attempt(source) { _ = try MacroDefinition.parse($0) }
    }

    private func attempt(_ text: String, _ body: (String) throws -> Void) {
        do {
            try body(text)
        } catch let error as Diagnostic {
            #expect(
                error.span.map { $0.lowerBound >= 0 && $0.upperBound <= text.utf8.count } ?? true, "\(error) in \(text)"
            )
            #expect(error.hint?.isEmpty == false)
            #expect(!error.rendered(source: text).isEmpty)
        } catch {
            Issue.record("not a diagnostic: \(error)")
        }
    }

    @Test(arguments: seeds)
    func everyTruncationIsHandled(_ seed: String) {
        for length in 0...seed.utf8.count { exercise(String(decoding: seed.utf8.prefix(length), as: UTF8.self)) }
    }

    @Test(arguments: Array(seeds.enumerated()).map(\.offset))
    func mutationsAreHandled(_ seedIndex: Int) {
        var generator = Generator(state: UInt64(seedIndex) + 1)
        let alphabet = Array(" \"'`|[](){}\\,=<>!*.$%-+/0aANDORTIé\n".utf8)
        for _ in 0..<1_500 {
            var bytes = Array(Self.seeds[seedIndex].utf8)
            for _ in 0...generator.next(below: 4) {
                let position = generator.next(below: bytes.count)
                switch generator.next(below: 4) {
                case 0: bytes[position] = alphabet[generator.next(below: alphabet.count)]
                case 1: bytes.insert(alphabet[generator.next(below: alphabet.count)], at: position)
                case 2: bytes.removeSubrange(position..<min(bytes.count, position + 1 + generator.next(below: 8)))
                default:
                    bytes.insert(
                        contentsOf: bytes[position..<min(bytes.count, position + 6)],
                        at: generator.next(below: bytes.count))
                }
            }
            exercise(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func shortTextsOfSpecialCharactersAreHandled() {
        var generator = Generator(state: 42)
        let pieces = [
            " ", "\"", "'", "`", "```", "|", "[", "]", "(", ")", "\\", ",", "=", "<", ">", "!=", "*", ".", "AND ",
            "OR ", "NOT ", "IN ", "in", "LIKE ",
            "a", "b1", "5", "-", "TERM(", "CASE(", "{x}", "<<F>>", "host::", "earliest", "search ", "head ", "\u{0}",
            "é", "\n",
        ]
        for _ in 0..<6_000 {
            exercise((0...generator.next(below: 9)).map { _ in pieces[generator.next(below: pieces.count)] }.joined())
        }
    }

    @Test(arguments: [
        "(", "[", "\"", "`", "NOT ", "a(", "-", "a=", "IN(", "x OR ", "'", "\\", "|", "a,", "<", "{", "```", "[search ",
        "\\\"",
    ])
    func repetitionsAreHandledInTime(_ piece: String) {
        exercise(String(repeating: piece, count: 20_000))
    }
}
