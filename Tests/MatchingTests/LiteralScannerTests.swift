import Matching
import Testing

private struct Hit: Hashable {
    var literal: Int
    var end: Int
}

private func hits(_ literals: [String], in text: [UInt8], caseInsensitive: Bool = true) throws -> Set<Hit> {
    let scanner = try LiteralScanner(literals: literals.map { Array($0.utf8) }, caseInsensitive: caseInsensitive)
    var hits: Set<Hit> = []
    try text.withUnsafeBytes { bytes in
        try scanner.scan(bytes) { literal, end in
            hits.insert(Hit(literal: literal, end: end))
            return true
        }
    }
    return hits
}

struct LiteralScannerTests {
    @Test func everyOccurrenceIsReported() throws {
        let found = try hits(["powershell", "SHELL", "shell", ".exe"], in: Array("PowerShell.exe shell".utf8))
        #expect(
            found == [
                Hit(literal: 0, end: 10), Hit(literal: 1, end: 10), Hit(literal: 2, end: 10), Hit(literal: 3, end: 14),
                Hit(literal: 1, end: 20), Hit(literal: 2, end: 20),
            ])
        #expect(try hits(["aa"], in: Array("aaaa".utf8)).map(\.end).sorted() == [2, 3, 4])
        #expect(
            try hits(["Shell"], in: Array("shell Shell".utf8), caseInsensitive: false) == [Hit(literal: 0, end: 11)])
    }

    @Test func caselessnessEndsWithASCII() throws {
        #expect(try hits(["é"], in: Array("É".utf8)).isEmpty)
        #expect(try hits(["é"], in: Array("é".utf8)).count == 1)
    }

    @Test func literalsMayHoldAnyByte() throws {
        let scanner = try LiteralScanner(literals: [[0x2E, 0, 0xFF, 0x2A], [0x28], [0xFF]], caseInsensitive: true)
        var count = 0
        try ([0x61, 0x2E, 0, 0xFF, 0x2A, 0x28] as [UInt8]).withUnsafeBytes {
            try scanner.scan($0) { _, _ in
                count += 1
                return true
            }
        }
        #expect(count == 3)
    }

    @Test func scanStopsWhenTold() throws {
        let scanner = try LiteralScanner(literals: [[0x61]], caseInsensitive: true)
        var count = 0
        try [UInt8](repeating: 0x61, count: 100).withUnsafeBytes {
            try scanner.scan($0) { _, _ in
                count += 1
                return count < 3
            }
        }
        #expect(count == 3)
    }

    @Test func noLiteralsFindNothing() throws {
        #expect(try hits([], in: Array("abc".utf8)).isEmpty)
        #expect(try hits(["a"], in: []).isEmpty)
    }

    @Test(arguments: [[], [0, 0x61]] as [[UInt8]])
    func badLiteralsAreNamed(_ literal: [UInt8]) {
        let error = #expect(throws: LiteralScannerError.self) {
            try LiteralScanner(literals: [[0x61], literal], caseInsensitive: true)
        }
        #expect(error?.literalIndex == 1)
    }

    @Test func nestedScansNeedTheirOwnScratch() throws {
        let scanner = try LiteralScanner(literals: [[0x61]], caseInsensitive: true)
        let scratch = try scanner.makeScratch()
        let text: [UInt8] = [0x61, 0x61]
        var inner = 0
        var refused = false
        try text.withUnsafeBytes { bytes in
            try scanner.scan(bytes, scratch: scratch) { _, _ in
                do { try scanner.scan(bytes, scratch: scratch) { _, _ in true } } catch { refused = true }
                try? scanner.scan(bytes) { _, _ in
                    inner += 1
                    return true
                }
                return true
            }
        }
        #expect(refused && inner == 4)
    }

    @Test func randomTextAgreesWithTheDefinition() throws {
        for _ in 0..<300 {
            let literals = (0..<Int.random(in: 1...6)).map { _ in
                String((0..<Int.random(in: 1...4)).compactMap { _ in "abc".randomElement() })
            }
            let text = (0..<200).compactMap { _ in Array("abcABC ".utf8).randomElement() }
            let folded = CaseFolding.fold(text)
            var expected: Set<Hit> = []
            for (index, literal) in literals.enumerated() {
                for end in literal.utf8.count...folded.count
                where folded[(end - literal.utf8.count)..<end].elementsEqual(literal.utf8) {
                    expected.insert(Hit(literal: index, end: end))
                }
            }
            #expect(try hits(literals, in: text) == expected)
        }
    }

    @Test func manyThreadsShareOneScanner() async throws {
        let scanner = try LiteralScanner(literals: (0..<500).map { Array("needle\($0)x".utf8) }, caseInsensitive: true)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var count = 0
                    for round in 0..<200 {
                        let text = Array("hay NEEDLE\(task * 50 + round % 50)X stack".utf8)
                        try text.withUnsafeBytes {
                            try scanner.scan($0) { _, _ in
                                count += 1
                                return true
                            }
                        }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 1600)
    }

    @Test func whatWasCompiledIsReadBack() throws {
        let literals = (0..<300).map { Array("needle\($0)x".utf8) }
        let scanner = try LiteralScanner(literals: literals, caseInsensitive: true)
        let bytes = try #require(scanner.compiledBytes)
        func found(_ compiled: [UInt8]) throws -> [Int] {
            var found: [Int] = []
            let again = try compiled.withUnsafeBytes {
                try LiteralScanner(literals: literals, caseInsensitive: true, compiled: $0)
            }
            try Array("NEEDLE7X hay needle299x".utf8).withUnsafeBytes {
                try again.scan($0) { literal, _ in
                    found.append(literal)
                    return true
                }
            }
            return found
        }
        #expect(try found(bytes) == [7, 299])
        // Anything else is compiled anew.
        for damaged in [[], Array(bytes.dropLast(9)), [0] + bytes.dropFirst(), bytes.map { $0 ^ 0x55 }] {
            #expect(try found(damaged) == [7, 299])
        }
        #expect(try LiteralScanner(literals: [], caseInsensitive: true).compiledBytes == nil)
    }
}
