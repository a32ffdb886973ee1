import Columns
import SPL

// Source of this file: Splunk Search Reference 9.4, "Bitwise functions". Arguments are whole numbers from 0 to 2^53-1;
// anything else gives null, a multivalue too.

extension EvalFunction {
    static let bitAnd = bitwise(
        "bit_and", "The bits that all arguments have.",
        ["bit_and(12, 9)": "8", "bit_and(4, 6)": "4", "bit_and(7, 6, 12)": "4", "bit_and(-1, 1)": "null"]
    ) { $0 & $1 }

    static let bitOr = bitwise(
        "bit_or", "The bits that any argument has.",
        ["bit_or(4, 2)": "6", #"tostring(bit_or(2, tonumber("11001", 2)), "binary")"#: "11011"]
    ) { $0 | $1 }

    static let bitXor = bitwise(
        "bit_xor", "The bits that an odd number of arguments have.", ["bit_xor(3, 2)": "1", "bit_xor(4, 6)": "2"]
    ) { $0 ^ $1 }

    static let bitNot = EvalFunction(
        "bit_not", arity: 1...2, group: .bitwise,
        summary: "The bits that the argument lacks, within a mask (default: all 53 bits).",
        examples: [
            "bit_not(9)": "9007199254740982", #"bit_not(9, tonumber("1111", 2))"#: "6", "bit_not(1.5)": "null",
        ]
    ) { arguments throws(SearchError) in
        guard let value = bits(try arguments.value(0)),
            let mask = arguments.count > 1 ? bits(try arguments.value(1)) : allBits
        else { return .null }
        return .number(Double(~value & mask))
    }

    static let bitShiftLeft = EvalFunction(
        "bit_shift_left", arity: 2...2, group: .bitwise,
        summary: "The bits moved up by a number of places; those above the 53rd are lost.",
        examples: [
            "bit_shift_left(2, 1)": "4", "bit_shift_left(1, 53)": "0", "bit_shift_left(3, 52)": "4503599627370496",
            "bit_shift_left(3, -2)": "null",
        ]
    ) { arguments throws(SearchError) in
        guard let value = bits(try arguments.value(0)), let places = bits(try arguments.value(1)) else {
            return .null
        }
        return .number(places > 52 ? 0 : Double((value << places) & allBits))
    }

    static let bitShiftRight = EvalFunction(
        "bit_shift_right", arity: 2...2, group: .bitwise, summary: "The bits moved down by a number of places.",
        examples: [
            "bit_shift_right(4, 1)": "2",
            #"bit_and(bit_shift_right(tonumber("0xa3b7514f19ce7", 16), 8), tonumber("0xFFFFFFFF", 16))"#: "1964306844",
        ]
    ) { arguments throws(SearchError) in
        guard let value = bits(try arguments.value(0)), let places = bits(try arguments.value(1)) else {
            return .null
        }
        return .number(places > 52 ? 0 : Double(value >> places))
    }

    private static let allBits: UInt64 = (1 << 53) - 1

    private static func bits(_ value: Value) -> UInt64? {
        guard let number = value.numeric, number >= 0, number <= Double(allBits), number == number.rounded() else {
            return nil
        }
        return UInt64(number)
    }

    private static func bitwise(
        _ name: String, _ summary: String, _ examples: KeyValuePairs<String, String>,
        _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> EvalFunction {
        EvalFunction(name, arity: 2...Int.max, group: .bitwise, summary: summary, examples: examples) {
            arguments throws(SearchError) in
            guard var result = bits(try arguments.value(0)) else { return .null }
            for index in 1..<arguments.count {
                guard let next = bits(try arguments.value(index)) else { return .null }
                result = combine(result, next)
            }
            return .number(Double(result))
        }
    }
}
