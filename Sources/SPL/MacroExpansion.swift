/// One run of the expander. The bounds keep hostile definitions from running forever or filling the memory.
struct MacroExpansion {
    static let maximumDepth = 32
    static let maximumTextBytes = 1 << 20
    static let maximumExpansions = 20_000

    let macros: MacroTable
    private var callStack: [MacroDefinition] = []
    private var expansionCount = 0
    private var expandedNames: [String] = []
    private var seenNames: Set<String> = []

    init(macros: MacroTable) { self.macros = macros }

    mutating func expand(_ source: String) throws(Diagnostic) -> ExpandedSearch {
        var segments: [ExpandedSearch.Segment] = []
        let text = try expanded(Array(source.utf8), sourceSpan: nil, segments: &segments)
        return ExpandedSearch(
            source: source, text: String(decoding: text, as: UTF8.self), expandedMacros: expandedNames,
            segments: segments)
    }

    /// - Parameter sourceSpan: the outermost call's place inside a body; nil for the search itself.
    private mutating func expanded(
        _ bytes: [UInt8], sourceSpan: Span?, segments: inout [ExpandedSearch.Segment]
    ) throws(Diagnostic) -> [UInt8] {
        var text: [UInt8] = []
        var copiedFrom = 0
        var index = 0

        func copy(upTo end: Int) {
            guard end > copiedFrom else { return }
            let start = text.count
            text.append(contentsOf: bytes[copiedFrom..<end])
            segments.append(.init(text: start..<text.count, source: copiedFrom..<end))
        }

        while index < bytes.count {
            if Quoting.isEscape(bytes, index) {
                index += 2
            } else if bytes[index] == Quoting.quote {
                // An unclosed string is the parser's to report: it knows what stands around it.
                index = Quoting.endOfString(bytes, from: index) ?? bytes.count
            } else if bytes.starts(with: "```", at: index) {
                guard let end = Self.endOfComment(bytes, from: index) else {
                    throw Diagnostic(
                        .unterminatedComment, "the comment that starts here is not closed",
                        span: sourceSpan ?? Span(index, bytes.count), hint: "close it with three backticks")
                }
                copy(upTo: index)
                text.append(UInt8(ascii: " "))
                segments.append(.init(text: text.count - 1..<text.count, source: index..<end))
                index = end
                copiedFrom = end
            } else if bytes[index] == UInt8(ascii: "`") {
                let call = try readCall(bytes, at: index, sourceSpan: sourceSpan)
                copy(upTo: index)
                let start = text.count
                text += try body(of: call, sourceSpan: sourceSpan ?? call.span)
                segments.append(
                    .init(text: start..<text.count, source: index..<call.span.upperBound, macro: call.name))
                index = call.span.upperBound
                copiedFrom = index
            } else {
                index += 1
            }
            guard text.count <= Self.maximumTextBytes else {
                throw Self.tooLarge(sourceSpan ?? Span(0, min(index, bytes.count)))
            }
        }
        copy(upTo: bytes.count)
        guard text.count <= Self.maximumTextBytes else { throw Self.tooLarge(sourceSpan ?? Span(0, bytes.count)) }
        return text
    }

    private static func tooLarge(_ span: Span) -> Diagnostic {
        Diagnostic(
            .expansionTooLarge, "the search is longer than \(maximumTextBytes) bytes after macro expansion", span: span,
            hint: "look for macros that multiply their arguments")
    }

    private func chain(to macro: MacroDefinition) -> String {
        var names = (callStack + [macro]).map { "'\($0.name)'" }
        if names.count > 8 { names.replaceSubrange(3..<names.count - 3, with: ["..."]) }
        return names.joined(separator: " -> ")
    }

    private func readCall(_ bytes: [UInt8], at index: Int, sourceSpan: Span?) throws(Diagnostic) -> MacroCall {
        do throws(Diagnostic) {
            return try MacroCall(bytes, at: index)
        } catch {
            // Inside a body the offsets are the body's: show the call in the search instead.
            guard let sourceSpan else { throw error }
            var moved = error
            moved.span = sourceSpan
            moved.message += ", in the body of macro '\(callStack.last?.name ?? "")'"
            throw moved
        }
    }

    private mutating func body(of call: MacroCall, sourceSpan: Span) throws(Diagnostic) -> [UInt8] {
        let (macro, values) = try resolve(call, sourceSpan)
        if callStack.contains(where: { $0.name == macro.name && $0.arguments.count == macro.arguments.count }) {
            throw Diagnostic(
                .macroRecursion, "macro '\(macro.name)' calls itself: \(chain(to: macro))", span: sourceSpan,
                hint: "one of these definitions must do without the next")
        }
        guard callStack.count < Self.maximumDepth else {
            throw Diagnostic(
                .macrosTooDeep, "macro calls are nested deeper than \(Self.maximumDepth): \(chain(to: macro))",
                span: sourceSpan,
                hint: "shorten the chain of definitions")
        }
        if macro.isEval {
            throw Diagnostic(
                .evalMacro, "macro '\(macro.name)' is eval-based (iseval = 1), which is not supported",
                span: sourceSpan,
                hint: "define '\(macro.name)' with the text that the expression makes")
        }
        expansionCount += 1
        guard expansionCount <= Self.maximumExpansions else {
            throw Diagnostic(
                .tooManyExpansions, "the search expands more than \(Self.maximumExpansions) macro calls",
                span: sourceSpan,
                hint: "look for macros that call others many times")
        }
        if seenNames.insert(macro.name).inserted { expandedNames.append(macro.name) }
        callStack.append(macro)
        defer { callStack.removeLast() }
        var ignored: [ExpandedSearch.Segment] = []
        guard let body = macro.body(with: values, maximumBytes: Self.maximumTextBytes) else {
            throw Self.tooLarge(sourceSpan)
        }
        return try expanded(body, sourceSpan: sourceSpan, segments: &ignored)
    }

    private func resolve(_ call: MacroCall, _ sourceSpan: Span) throws(Diagnostic) -> (MacroDefinition, [String]) {
        if let macro = macros.lookup(name: call.name, argumentCount: call.arguments.count) {
            return (macro, call.values(for: macro))
        }
        let counts = macros.argumentCounts(of: call.name)
        // `name()` may mean one empty argument.
        if call.arguments.isEmpty, call.hasParentheses, let macro = macros.lookup(name: call.name, argumentCount: 1) {
            return (macro, [""])
        }
        let caller = callStack.last.map { ", called by macro '\($0.name)'," } ?? ""
        guard counts.isEmpty else {
            let known = counts.map { $0 == 0 ? "none" : String($0) }.joined(separator: " or ")
            let given = call.arguments.count == 1 ? "1 argument" : "\(call.arguments.count) arguments"
            throw Diagnostic(
                .wrongArgumentCount, "macro '\(call.name)'\(caller) is called with \(given)", span: sourceSpan,
                hint: "'\(call.name)' is defined with this number of arguments: \(known)")
        }
        throw Diagnostic(
            .unknownMacro, "macro '\(call.name)'\(caller) is not defined", span: sourceSpan,
            hint: NearestName.hint(call.name, in: macros.names) ?? "define it, or load the content that defines it")
    }

    private static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start + 3
        while index < bytes.count {
            if bytes.starts(with: "```", at: index) { return index + 3 }
            index += 1
        }
        return nil
    }
}
