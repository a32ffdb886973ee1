import Columns
import SPL

/// Reads what ``StateWriter`` wrote. The bytes come from outside: whatever they hold gives a state or E361, and nothing is
/// made larger than what is left of them can fill.
struct StateReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The error of all that a writer does not write.
    static func malformed(_ what: String) -> SearchError {
        Diagnostic(
            "E361", "the state of a search cannot be read: \(what)",
            hint: "all parts of a search must be run by the same version")
    }

    /// - Throws: E361 where bytes are left.
    func expectEnd() throws(SearchError) {
        guard position == bytes.count else { throw Self.malformed("\(bytes.count - position) bytes too many") }
    }

    mutating func byte() throws(SearchError) -> UInt8 {
        guard position < bytes.count else { throw Self.malformed("it ends early") }
        position += 1
        return bytes[position - 1]
    }

    mutating func take(_ count: Int) throws(SearchError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.malformed("it ends early") }
        position += count
        return bytes[position - count..<position]
    }

    mutating func flag() throws(SearchError) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw Self.malformed("\(other) is no flag")
        }
    }

    /// - Returns: 0 up to `most`, which is below ``StateWriter/countLimit``.
    mutating func count(atMost most: Int = StateWriter.countLimit - 1) throws(SearchError) -> Int {
        var count = 0
        // Six bytes hold what is below the limit.
        for shift in stride(from: 0, to: 42, by: 7) {
            let byte = try byte()
            count |= Int(byte & 0x7F) << shift
            guard byte < 0x80 else { continue }
            // A last byte of 0 could have been left out.
            guard byte > 0 || shift == 0, count <= most else { break }
            return count
        }
        throw Self.malformed("a count is out of range")
    }

    mutating func integer() throws(SearchError) -> Int64 { Int64(bitPattern: try fixed()) }

    mutating func number() throws(SearchError) -> Double { Double(bitPattern: try fixed()) }

    /// A number that has a place in an order.
    mutating func orderedNumber() throws(SearchError) -> Double {
        let number = try number()
        guard !number.isNaN else { throw Self.malformed("a number is none") }
        return number
    }

    mutating func text() throws(SearchError) -> Text { Text(try take(try count())) }

    mutating func string() throws(SearchError) -> String {
        let text = try text()
        let string = text.string
        guard string.utf8.elementsEqual(text.bytes) else { throw Self.malformed("a name is not UTF-8") }
        return string
    }

    mutating func value() throws(SearchError) -> Value {
        let tag = try byte()
        guard tag == StateTag.multivalue else { return try scalar(tag) }
        let values = try list { reader throws(SearchError) in try reader.scalar(try reader.byte()) }
        guard values.count > 1 else { throw Self.malformed("a list of values has \(values.count)") }
        return .multivalue(values)
    }

    private mutating func scalar(_ tag: UInt8) throws(SearchError) -> Value {
        switch tag {
        case StateTag.null: return .null
        case StateTag.isFalse: return .boolean(false)
        case StateTag.isTrue: return .boolean(true)
        case StateTag.number: return .number(try number())
        case StateTag.text: return .text(try text())
        default: throw Self.malformed("there is no value of kind \(tag)")
        }
    }

    /// As ``StateWriter/list(_:_:)`` wrote it; every element takes a byte or more.
    mutating func list<Element>(
        _ read: (inout StateReader) throws(SearchError) -> Element
    ) throws(SearchError) -> [Element] {
        try elements(try count(atMost: bytes.count - position), read)
    }

    /// So many elements, one behind the other.
    mutating func elements<Element>(
        _ count: Int, _ read: (inout StateReader) throws(SearchError) -> Element
    ) throws(SearchError) -> [Element] {
        // Grows as it reads: the count may be a lie.
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    private mutating func fixed() throws(SearchError) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
