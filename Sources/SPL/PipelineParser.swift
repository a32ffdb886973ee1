/// Splits a search into commands and their tokens, subsearches included, in one pass over the bytes.
///
/// Pipes count outside double quotes and brackets only: parentheses, braces and apostrophes protect nothing.
struct PipelineParser {
    static let maximumDepth = 64

    private(set) var index: Int
    private let bytes: [UInt8]
    private let base: Int
    private let commandNames: Set<String>

    init(_ bytes: [UInt8], at index: Int = 0, base: Int, commandNames: Set<String>) {
        self.bytes = bytes
        self.index = index
        self.base = base
        self.commandNames = commandNames
    }

    mutating func parseSearch() throws(Diagnostic) -> Pipeline {
        let pipeline = try parsePipeline(depth: 0)
        if index < bytes.count {
            throw Diagnostic(
                .strayBracket, "']' closes no subsearch", span: span(index, index + 1),
                hint: "remove it, or quote the text that holds it")
        }
        guard !pipeline.commands.isEmpty else {
            throw Diagnostic(
                .emptySearch, "the search is empty", span: span(0, bytes.count), hint: "search * finds every event")
        }
        return pipeline
    }

    /// Reads from `[`, where the index must be, to behind the matching `]`.
    mutating func parseSubsearch(depth: Int) throws(Diagnostic) -> Pipeline {
        let start = index
        guard depth <= Self.maximumDepth else {
            throw Diagnostic(
                .nestedTooDeep, "subsearches are nested deeper than \(Self.maximumDepth)", span: span(start, start + 1),
                hint: "write the inner results to a lookup first")
        }
        index += 1
        let pipeline = try parsePipeline(depth: depth)
        guard index < bytes.count else {
            throw Diagnostic(
                .unterminatedSubsearch, "the subsearch that starts here is not closed", span: span(start, bytes.count),
                hint: "close it with ']', or quote the text that holds the '['")
        }
        index += 1
        guard !pipeline.commands.isEmpty else {
            throw Diagnostic(
                .emptySearch, "the subsearch is empty", span: span(start, index),
                hint: "[search *] finds every event; quote the text if '[' belongs to it")
        }
        return pipeline
    }

    /// Stops at the end or before a `]`.
    private mutating func parsePipeline(depth: Int) throws(Diagnostic) -> Pipeline {
        var commands: [CommandSyntax] = []
        while true {
            var isPiped = false
            skipBlanks()
            while index < bytes.count, bytes[index] == Quoting.pipe {
                isPiped = true
                index += 1
                skipBlanks()
            }
            if isAtStageEnd { return Pipeline(commands) }
            commands.append(try parseCommand(isPiped: isPiped, depth: depth))
        }
    }

    private var isAtStageEnd: Bool {
        index >= bytes.count || bytes[index] == Quoting.pipe || bytes[index] == UInt8(ascii: "]")
    }

    private mutating func parseCommand(isPiped: Bool, depth: Int) throws(Diagnostic) -> CommandSyntax {
        let start = index
        var nameEnd = start
        while nameEnd < bytes.count, bytes[nameEnd].isWordByte { nameEnd += 1 }
        var name = bytes.string(start, nameEnd).lowercased()
        var isImplied = false
        if isPiped {
            if name.isEmpty {
                throw Diagnostic(
                    .commandNameExpected, "'\(firstWord(start))' is not a command name", span: wordSpan(start),
                    hint: "behind a pipe stands a command, such as search or where; quote a pipe that belongs to a text"
                )
            }
        } else if !isCommand(name, endingAt: nameEnd, isSubsearch: depth > 0) {
            isImplied = true
            name = "search"
            nameEnd = start
        }
        index = nameEnd
        var tokenizer = Tokenizer(bytes, at: index, base: base, commandNames: commandNames)
        var tokens: [Token] = []
        while let token = try tokenizer.next(depth: depth) { tokens.append(token) }
        index = tokenizer.index
        if isImplied, !tokens.isEmpty { tokens[0].isGlued = false }
        let arguments = bytes.trimmingBlanks(nameEnd..<index)
        return CommandSyntax(
            name: name, nameSpan: span(start, nameEnd), arguments: tokens,
            span: span(start, max(nameEnd, arguments.upperBound)), argumentText: bytes.string(arguments),
            argumentOffset: base + arguments.lowerBound)
    }

    /// Is the first word of a search, without a pipe before it, a command? In a subsearch any known name is, unless a
    /// comparison follows: `[inputlookup x]`, but `[source=x]`.
    private func isCommand(_ name: String, endingAt end: Int, isSubsearch: Bool) -> Bool {
        guard name == "search" || isSubsearch && commandNames.contains(name) else { return false }
        guard end < bytes.count else { return true }
        // `search.field` and `head*` are words of their own.
        guard bytes[end].isBlank || "|[](\"".utf8.contains(bytes[end]) else { return false }
        let next = bytes.skippingBlanks(from: end)
        return ComparisonOperator.read(bytes, at: next) == nil
    }

    private func firstWord(_ start: Int) -> String { bytes.string(start, wordEnd(start)) }

    private func wordSpan(_ start: Int) -> Span { span(start, wordEnd(start)) }

    private func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, !bytes[end].isBlank, bytes[end] != Quoting.pipe { end += 1 }
        return min(max(end, start + 1), bytes.count)
    }

    private mutating func skipBlanks() { index = bytes.skippingBlanks(from: index) }

    private func span(_ lower: Int, _ upper: Int) -> Span { Span(base + lower, base + upper) }
}
