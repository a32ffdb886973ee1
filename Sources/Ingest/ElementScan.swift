/// The end of one element of a JSON document, found by brackets and quotes; can be stopped and taken up at any byte.
struct ElementScan: Sendable {
    enum Kind: Hashable, Sendable {
        /// An object whose line has `indent` blanks before it; `.max` where something else stands there.
        case object(indent: Int)
        /// The rest of an object that was entered: ends with its closing brace.
        case tail
        /// What is no object where one should stand.
        case stray(isInArray: Bool)
    }

    enum Outcome: Sendable {
        case open
        /// Ends before the byte returned.
        case complete
        /// The element is broken, and this byte begins a new one, on a line with `indent` blanks.
        case brokenBefore(indent: Int)
    }

    private let kind: Kind
    private var depth: Int
    private var containers = ContainerStack()
    private var isInString = false
    private var isAfterBackslash = false
    private var isBroken = false
    private var lastToken: UInt8 = 0
    private var indent: Int?

    init(_ kind: Kind) {
        self.kind = kind
        depth = kind == .tail ? 1 : 0
        if kind == .tail { containers.push(isArray: false) }
    }

    var isObject: Bool {
        if case .object = kind { return true }
        return false
    }

    /// Looks at `window` from `start` on; returns where it stopped.
    mutating func advance(_ window: UnsafeRawBufferPointer, from start: Int) -> (at: Int, outcome: Outcome) {
        if case .stray(let isInArray) = kind { return advanceStray(window, start, isInArray) }
        var at = start
        while at < window.count {
            if isBroken {
                if let found = nextBeginning(window, &at) { return found }
            } else if isInString {
                at = advanceString(window, at)
            } else {
                let byte = window[at]
                switch byte {
                case UInt8(ascii: "\""):
                    isInString = true
                    indent = nil
                    lastToken = byte
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    if byte == UInt8(ascii: "{"), let indent, beginsAnew(indent) {
                        return (at, .brokenBefore(indent: indent))
                    }
                    containers.push(isArray: byte == UInt8(ascii: "["))
                    depth += 1
                    indent = nil
                    lastToken = byte
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    containers.pop()
                    depth -= 1
                    lastToken = byte
                    indent = nil
                    if depth == 0 { return (at + 1, .complete) }
                case UInt8(ascii: "\n"): indent = 0
                case UInt8(ascii: " "), UInt8(ascii: "\t"): if let blanks = indent { indent = blanks + 1 }
                case UInt8(ascii: "\r"): break
                default:
                    lastToken = byte
                    indent = nil
                }
                at += 1
            }
        }
        return (at, .open)
    }

    /// A `{` at the start of a line, not deeper than the element, where JSON allows no `{`: something was cut off.
    private func beginsAnew(_ indent: Int) -> Bool {
        guard case .object(let elementIndent) = kind, depth > 0, indent <= elementIndent else { return false }
        if containers.isArray { return lastToken != UInt8(ascii: "[") && lastToken != UInt8(ascii: ",") }
        return lastToken != UInt8(ascii: ":")
    }

    private mutating func advanceString(_ window: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        if isAfterBackslash {
            isAfterBackslash = false
            if window[at] != UInt8(ascii: "\n") { at += 1 }
        }
        while at + 8 <= window.count {
            let word = window.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            guard !word.hasQuoteBackslashOrControl else { break }
            at += 8
        }
        while at < window.count {
            let byte = window[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                isInString = false
                return at
            case UInt8(ascii: "\\"):
                guard at < window.count else {
                    isAfterBackslash = true
                    return at
                }
                if window[at] != UInt8(ascii: "\n") { at += 1 }
                return at
            case UInt8(ascii: "\n"):
                // No JSON string holds a line feed: a quote is missing.
                guard isObject else { continue }
                isBroken = true
                indent = 0
                return at
            default: continue
            }
        }
        return at
    }

    private mutating func nextBeginning(
        _ window: UnsafeRawBufferPointer, _ at: inout Int
    ) -> (at: Int, outcome: Outcome)? {
        guard case .object(let elementIndent) = kind else { return nil }
        while at < window.count {
            switch window[at] {
            case UInt8(ascii: "{"):
                if let indent, indent <= elementIndent {
                    return (at, .brokenBefore(indent: indent))
                }
                indent = nil
            case UInt8(ascii: "\n"): indent = 0
            case UInt8(ascii: " "), UInt8(ascii: "\t"): if let blanks = indent { indent = blanks + 1 }
            default: indent = nil
            }
            at += 1
        }
        return nil
    }

    /// Ends at the line feed, before the next object, or at the array's next element.
    private mutating func advanceStray(
        _ window: UnsafeRawBufferPointer, _ start: Int, _ isInArray: Bool
    ) -> (at: Int, outcome: Outcome) {
        for at in start..<window.count {
            let isFirst = lastToken == 0
            lastToken = 1
            switch window[at] {
            case UInt8(ascii: "\n"): return (at, .complete)
            case UInt8(ascii: "{") where !isFirst: return (at, .complete)
            case UInt8(ascii: ","), UInt8(ascii: "]"):
                if isInArray, !isFirst { return (at, .complete) }
            default: continue
            }
        }
        return (window.count, .open)
    }
}

/// Which of the open containers are arrays.
private struct ContainerStack: Sendable {
    private var bits: [UInt64] = []
    private var count = 0

    var isArray: Bool { count > 0 && bits[(count - 1) >> 6] >> UInt64((count - 1) & 63) & 1 == 1 }

    mutating func push(isArray: Bool) {
        if count >> 6 == bits.count { bits.append(0) }
        let bit: UInt64 = 1 << UInt64(count & 63)
        if isArray { bits[count >> 6] |= bit } else { bits[count >> 6] &= ~bit }
        count += 1
    }

    mutating func pop() { if count > 0 { count -= 1 } }
}

extension UInt64 {
    /// Whether one of its 8 bytes is `"`, `\` or below 0x20; may say yes for a byte behind such a one.
    fileprivate var hasQuoteBackslashOrControl: Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101, highs: UInt64 = 0x8080_8080_8080_8080
        let quote = self ^ (ones &* 0x22), backslash = self ^ (ones &* 0x5C)
        let control = (self &- ones &* 0x20) & ~self
        return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control) & highs != 0
    }
}
