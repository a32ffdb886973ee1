/// A call between two backticks, read but not yet resolved.
struct MacroCall {
    var name: String
    var arguments: [String]
    /// `name()` is not `name`: it may pass one empty argument.
    var hasParentheses: Bool
    /// Offsets of the whole call, backticks included.
    var span: Span

    static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0.isWordByte || "-.:".utf8.contains($0) || $0 >= 0x80 }
    }

    /// Reads the call whose first backtick is at `start`.
    init(_ bytes: [UInt8], at start: Int) throws(Diagnostic) {
        guard let close = Self.closingBacktick(bytes, from: start + 1) else {
            throw Diagnostic(
                .unterminatedMacroCall, "the macro call that starts here has no closing backtick",
                span: Span(start, bytes.count), hint: "write `name` or `name(arguments)`")
        }
        span = Span(start, close + 1)
        let content = bytes.trimmingBlanks(start + 1..<close)
        let open = bytes[content].firstIndex(of: UInt8(ascii: "("))
        let nameRange = bytes.trimmingBlanks(content.lowerBound..<(open ?? content.upperBound))
        name = bytes.string(nameRange)
        arguments = []
        hasParentheses = open != nil
        let isClosed = open == nil || bytes[content.upperBound - 1] == UInt8(ascii: ")")
        guard Self.isName(bytes[nameRange]), isClosed else {
            throw Diagnostic(
                .malformedMacroCall, "'\(bytes.string(content))' is not a macro call", span: span,
                hint: "between backticks stands a macro's name, and its arguments in parentheses")
        }
        if let open { arguments = Self.split(bytes, open + 1..<content.upperBound - 1) }
    }

    /// A backtick inside a double-quoted argument does not close the call.
    private static func closingBacktick(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "`") {
            if Quoting.isEscape(bytes, index) {
                index += 2
            } else if bytes[index] == Quoting.quote, let end = Quoting.endOfString(bytes, from: index) {
                index = end
            } else {
                index += 1
            }
        }
        return index < bytes.count ? index : nil
    }

    /// Cuts at commas outside double quotes; quotes around a whole argument are dropped. `()` has no argument.
    private static func split(_ bytes: [UInt8], _ range: Range<Int>) -> [String] {
        guard !bytes.trimmingBlanks(range).isEmpty else { return [] }
        var arguments: [String] = []
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            if Quoting.isEscape(bytes, index) {
                index += 2
                continue
            }
            if bytes[index] == Quoting.quote, let end = Quoting.endOfString(bytes, from: index), end <= range.upperBound
            {
                index = end
                continue
            }
            if bytes[index] == UInt8(ascii: ",") {
                arguments.append(argument(bytes, start..<index))
                start = index + 1
            }
            index += 1
        }
        arguments.append(argument(bytes, start..<range.upperBound))
        return arguments
    }

    private static func argument(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        let range = bytes.trimmingBlanks(range)
        if range.count >= 2, bytes[range.lowerBound] == Quoting.quote,
            Quoting.endOfString(bytes, from: range.lowerBound) == range.upperBound
        {
            return bytes.string(range.lowerBound + 1, range.upperBound - 1)
        }
        return bytes.string(range)
    }

    /// The arguments in the macro's own order. They count as `name=value` only when all of them name an argument of
    /// the macro, each another one: a search term such as `user=admin` is a value like any other.
    func values(for macro: MacroDefinition) -> [String] {
        var named: [String: String] = [:]
        for argument in arguments {
            guard let equals = argument.firstIndex(of: "=") else { return arguments }
            let name = argument[..<equals].trimmed
            guard macro.arguments.contains(name), named[name] == nil else { return arguments }
            let value = Array(argument[argument.index(after: equals)...].utf8)
            named[name] = Self.argument(value, 0..<value.count)
        }
        return macro.arguments.map { named[$0] ?? "" }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let bytes = Array(utf8)
        return bytes.string(bytes.trimmingBlanks(0..<bytes.count))
    }
}
