import Columns

/// Reads a path of ``XPath``.
struct XPathParser {
    private static let maxSteps = 64
    private static let maxPredicates = 16

    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func parse() throws(XPathError) -> (isAbsolute: Bool, steps: [XPath.Step]) {
        skipBlanks()
        guard index < bytes.count else { throw error("the path is empty") }
        let isAbsolute = peek() == UInt8(ascii: "/")
        var steps: [XPath.Step] = []
        var isDeep = false
        if isAbsolute { isDeep = takeSlashes() }
        while true {
            steps.append(try step(isDeep: isDeep))
            guard steps.count <= Self.maxSteps else { throw error("the path has more than \(Self.maxSteps) steps") }
            skipBlanks()
            guard index < bytes.count else { break }
            guard peek() == UInt8(ascii: "/") else { throw unsupported() }
            switch steps[steps.count - 1].test {
            case .attribute, .anyAttribute, .text: throw error("an attribute or text() is not the last step")
            default: break
            }
            isDeep = takeSlashes()
        }
        return (isAbsolute, steps)
    }

    /// True for two.
    private mutating func takeSlashes() -> Bool {
        index += 1
        guard peek() == UInt8(ascii: "/") else { return false }
        index += 1
        return true
    }

    private mutating func step(isDeep: Bool) throws(XPathError) -> XPath.Step {
        skipBlanks()
        var step = XPath.Step(isDeep: isDeep, test: .anyElement)
        switch peek() {
        case UInt8(ascii: "."):
            index += 1
            step.test = .itself
            if peek() == UInt8(ascii: ".") {
                index += 1
                step.test = .parent
            }
            return step
        case UInt8(ascii: "@"):
            index += 1
            if peek() == UInt8(ascii: "*") {
                index += 1
                step.test = .anyAttribute
            } else {
                step.test = .attribute(try name())
            }
            return step
        case UInt8(ascii: "*"):
            index += 1
        default:
            let start = index
            let name = try name()
            if peek() == UInt8(ascii: "(") {
                guard name == "text", takes("()") else {
                    throw XPathError(message: "function '\(name.string)()' is not supported here", offset: start)
                }
                step.test = .text
                return step
            }
            step.test = .element(name)
        }
        while true {
            skipBlanks()
            guard peek() == UInt8(ascii: "[") else { return step }
            guard step.predicates.count < Self.maxPredicates else { throw error("a step has too many predicates") }
            index += 1
            step.predicates.append(try predicate())
        }
    }

    private mutating func predicate() throws(XPathError) -> XPath.Predicate {
        skipBlanks()
        let predicate: XPath.Predicate
        if let number = takeNumber() {
            predicate = .position(number)
        } else if takes("position()") {
            skipBlanks()
            guard takes("=") else { throw unsupported() }
            skipBlanks()
            guard let number = takeNumber() else { throw unsupported() }
            predicate = .position(number)
        } else if takes("last()") {
            skipBlanks()
            if takes("-") {
                skipBlanks()
                guard let number = takeNumber() else { throw unsupported() }
                predicate = .fromLast(number)
            } else {
                predicate = .fromLast(0)
            }
        } else {
            let operand = try operand()
            skipBlanks()
            if takes("!=") {
                predicate = .compares(operand, try literal(), isEqual: false)
            } else if takes("=") {
                predicate = .compares(operand, try literal(), isEqual: true)
            } else {
                predicate = .exists(operand)
            }
        }
        skipBlanks()
        guard takes("]") else { throw unsupported() }
        return predicate
    }

    private mutating func operand() throws(XPathError) -> XPath.Operand {
        if takes("@") { return .attribute(try name()) }
        if takes("text()") { return .text }
        if takes(".") { return .ownValue }
        let start = index
        let name = try name()
        guard peek() != UInt8(ascii: "(") else {
            throw XPathError(message: "function '\(name.string)()' is not supported here", offset: start)
        }
        return .child(name)
    }

    private mutating func literal() throws(XPathError) -> Text {
        skipBlanks()
        guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            if let number = takeNumber() { return Text(String(number)) }
            throw unsupported()
        }
        guard let close = bytes[(index + 1)...].firstIndex(of: quote) else { throw error("a literal is not closed") }
        let literal = Text(bytes[(index + 1)..<close])
        index = close + 1
        return literal
    }

    /// The local name.
    private mutating func name() throws(XPathError) -> Text {
        let start = index
        while let byte = peek(), Self.isNameByte(byte) { index += 1 }
        let name = bytes[start..<index]
        let parts = name.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        // `child::a` has an axis, `p:a` a prefix.
        guard parts.count <= 2 else {
            throw XPathError(
                message: "axis '\(String(decoding: name, as: UTF8.self))' is not supported", offset: start)
        }
        guard let local = parts.last, let first = local.first, first &- 48 >= 10 else { throw unsupported() }
        return Text(local)
    }

    private mutating func takeNumber() -> Int? {
        let start = index
        while let byte = peek(), byte &- 48 < 10, index - start < 9 { index += 1 }
        return Int(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func takes(_ text: String) -> Bool {
        guard bytes[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private mutating func skipBlanks() { while let byte = peek(), byte <= 0x20 { index += 1 } }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private func error(_ message: String) -> XPathError { XPathError(message: message, offset: index) }

    private func unsupported() -> XPathError {
        guard index < bytes.count else { return error("the path ends too early") }
        let rest = String(decoding: bytes[index...].prefix(20), as: UTF8.self)
        return error("'\(rest)' is not supported here")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80..., UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
