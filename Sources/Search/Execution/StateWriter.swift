import Columns

/// Writes what a running command has seen as bytes that ``StateReader`` reads back, perhaps on another machine.
///
/// Little-endian. Counts are variable-length (seven bits a byte, the lowest first), so that a group which has seen little
/// costs little. There is one way to write a thing: equal states give equal bytes.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    /// No count that is written reaches this: a reader may add up thousands of states without overflow.
    static let countLimit = 1 << 40

    mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func flag(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// - Parameter count: not negative.
    mutating func count(_ count: Int) {
        var rest = UInt64(count)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func integer(_ integer: Int64) { fixed(UInt64(bitPattern: integer)) }

    mutating func number(_ number: Double) { fixed(number.bitPattern) }

    mutating func text(_ text: Text) {
        count(text.count)
        bytes.append(contentsOf: text.bytes)
    }

    mutating func string(_ string: String) { text(Text(string)) }

    mutating func value(_ value: Value) {
        switch value {
        case .null: byte(StateTag.null)
        case .boolean(let flag): byte(flag ? StateTag.isTrue : StateTag.isFalse)
        case .number(let number):
            byte(StateTag.number)
            self.number(number)
        case .text(let text):
            byte(StateTag.text)
            self.text(text)
        case .multivalue(let values):
            byte(StateTag.multivalue)
            list(values) { writer, value in writer.value(value) }
        }
    }

    /// The number of elements, then each of them.
    mutating func list<Elements: Collection>(
        _ elements: Elements, _ write: (inout StateWriter, Elements.Element) -> Void
    ) {
        count(elements.count)
        for element in elements { write(&self, element) }
    }

    private mutating func fixed(_ bits: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    }
}

/// What kind of value follows.
enum StateTag {
    static let null: UInt8 = 0
    static let isFalse: UInt8 = 1
    static let isTrue: UInt8 = 2
    static let number: UInt8 = 3
    static let text: UInt8 = 4
    static let multivalue: UInt8 = 5
}
