extension MacroDefinition {
    /// Reads `name=definition` or `name(a,b)=definition`. The definition is everything behind the first `=`.
    public static func parse(_ text: String) throws(Diagnostic) -> MacroDefinition {
        let bytes = Array(text.utf8)
        func malformed(_ message: String, _ range: Range<Int>) -> Diagnostic {
            Diagnostic(
                .malformedMacroDefinition, message, span: Span(range.lowerBound, range.upperBound),
                hint: "write name=definition or name(argument, argument)=definition")
        }
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
            throw malformed("the macro definition '\(text)' has no '='", 0..<bytes.count)
        }
        let head = bytes.trimmingBlanks(0..<equals)
        let open = bytes[head].firstIndex(of: UInt8(ascii: "("))
        let nameRange = bytes.trimmingBlanks(head.lowerBound..<(open ?? head.upperBound))
        let name = bytes.string(nameRange)
        guard MacroCall.isName(bytes[nameRange]) else {
            throw malformed("'\(name)' is not a macro name", nameRange)
        }
        var arguments: [String] = []
        if let open {
            guard bytes[head.upperBound - 1] == UInt8(ascii: ")") else {
                throw malformed("the argument list of macro '\(name)' is not closed", open..<head.upperBound)
            }
            let list = bytes.trimmingBlanks(open + 1..<head.upperBound - 1)
            if !list.isEmpty {
                for part in bytes[list].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                    let range = bytes.trimmingBlanks(part.startIndex..<part.endIndex)
                    let argument = bytes.string(range)
                    guard MacroCall.isName(bytes[range]), !arguments.contains(argument) else {
                        throw malformed("'\(argument)' is not an argument name of its own", range)
                    }
                    arguments.append(argument)
                }
            }
        }
        return MacroDefinition(name: name, arguments: arguments, definition: bytes.string(equals + 1, bytes.count))
    }

    /// The body with `$argument$` replaced, nil where that makes it longer than the limit. `$$` is a literal dollar; the
    /// values are not looked at again.
    func body(with values: [String], maximumBytes: Int) -> [UInt8]? {
        precondition(values.count == arguments.count, "macro called with another number of arguments")
        let bytes = Array(definition.utf8)
        let dollar = UInt8(ascii: "$")
        guard bytes.count <= maximumBytes else { return nil }
        var body: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == dollar else {
                body.append(bytes[index])
                index += 1
                continue
            }
            if let end = bytes[(index + 1)...].firstIndex(of: dollar) {
                if end == index + 1 {
                    body.append(dollar)
                    index = end + 1
                    continue
                }
                if let position = arguments.firstIndex(of: bytes.string(index + 1, end)) {
                    body.append(contentsOf: values[position].utf8)
                    guard body.count <= maximumBytes else { return nil }
                    index = end + 1
                    continue
                }
            }
            body.append(dollar)
            index += 1
        }
        return body
    }
}
