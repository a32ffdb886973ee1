import Columns
import Glibc
import SPL

extension EvalFunction {
    static let printf = EvalFunction(
        "printf", arity: 1...Int.max, group: .conversion,
        summary: """
            Text by a C-like format: %a %c %d %e %f %g %i %o %p %s %u %x %z %%, with flags ' - 0 + blank #, a width and \
            a precision, either of them * for an argument. An argument that is null or no number where one is due \
            gives null.
            """,
        examples: [
            #"printf("%.2f,%.1e", pi(), 5139)"#: "3.14,5.1e+03", #"printf("%d,%i,%d", -2, +4, 30)"#: "-2,4,30",
            #"printf("%c,%c", 65, "Foo")"#: "A,F", #"printf("%.3A", pi())"#: "0X1.922P+1",
            #"printf("%.2g,%.2g", pi(), 123)"#: "3.1,1.2e+02", #"printf("%o %u", 255, 99)"#: "377 99",
            #"printf("%s%z", "foo", "bar")"#: "foobar", #"printf("%x,%X,%p", 10, 10, 10)"#: "a,A,A",
            #"printf("100%%")"#: "100%", #"printf("%'d", 12345)"#: "12,345", #"printf("[%-4d]", 1)"#: "[1   ]",
            #"printf("%04d", 1)"#: "0001", #"printf("[%+4d]", 1)"#: "[  +1]", #"printf("[% -4d]", 1)"#: "[ 1  ]",
            #"printf("%#x", 1)"#: "0x1", #"printf("[%*d]", 5, 123)"#: "[  123]", #"printf("%.*f", 1, 1.23)"#: "1.2",
            #"printf("%*.*e", 9, 2, pi())"#: " 3.14e+00", #"printf("%04.4f %-6s|", 1.5, "ab")"#: "1.5000 ab    |",
            #"printf("%.3s", "abcdef")"#: "abc", #"printf("%d", "x")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let format = try arguments.text(0) else { return .null }
        guard let bytes = try PrintfFormat(format).printed(&arguments) else { return .null }
        try ValueBounds.check(textBytes: bytes.count, of: "printf")
        return .text(Text(bytes))
    }
}

/// A format of `printf`, read.
///
/// Source: Splunk Search Reference 9.4, "Conversion functions", printf.
private struct PrintfFormat {
    enum Size {
        case none
        case fixed(Int)
        case argument
    }

    struct Conversion {
        var letter = UInt8(ascii: "s")
        var flags: Set<UInt8> = []
        var width = Size.none
        var precision = Size.none
        var text = ""
    }

    enum Part {
        case literal(UInt8)
        case conversion(Conversion)
    }

    private static let maximumSize = 10_000

    private var parts: [Part] = []

    /// - Throws: E372 for a conversion that there is not, and for a width beyond 10,000.
    init(_ format: Text) throws(SearchError) {
        var rest = format.bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                parts.append(.literal(byte))
                continue
            }
            if rest.first == UInt8(ascii: "%") {
                rest.removeFirst()
                parts.append(.literal(byte))
                continue
            }
            var conversion = Conversion()
            let start = rest.startIndex - 1
            while let flag = rest.first, "'-0+ #".utf8.contains(flag) {
                conversion.flags.insert(flag)
                rest.removeFirst()
            }
            conversion.width = try Self.size(&rest) ?? .none
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                conversion.precision = try Self.size(&rest) ?? .fixed(0)
            }
            guard let letter = rest.popFirst(), "aAcdieEfFgGosuxXzp".utf8.contains(letter) else {
                throw Diagnostic(
                    "E372",
                    "printf has no conversion '\(String(decoding: format.bytes[start..<rest.startIndex], as: UTF8.self))'",
                    hint: "conversions: %a %c %d %e %f %g %i %o %p %s %u %x %z; write %% for a percent sign")
            }
            conversion.letter = letter
            conversion.text = String(decoding: format.bytes[start..<rest.startIndex], as: UTF8.self)
            parts.append(.conversion(conversion))
        }
    }

    private static func size(_ rest: inout ArraySlice<UInt8>) throws(SearchError) -> Size? {
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            return .argument
        }
        let digits = rest.prefix { $0 &- 48 < 10 }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        guard digits.count < 10, let size = Int(String(decoding: digits, as: UTF8.self)), size <= maximumSize else {
            throw tooWide()
        }
        return .fixed(size)
    }

    private static func tooWide() -> Diagnostic {
        Diagnostic("E372", "printf takes no width or precision beyond \(maximumSize)", hint: "write a smaller one")
    }

    /// Nil where an argument is null or of the wrong type.
    /// - Throws: E372 for fewer arguments than conversions.
    func printed(_ arguments: inout Arguments) throws(SearchError) -> [UInt8]? {
        var output: [UInt8] = []
        var next = 1
        for part in parts {
            switch part {
            case .literal(let byte): output.append(byte)
            case .conversion(var conversion):
                guard
                    let width = try size(conversion.width, &arguments, &next, conversion),
                    let precision = try size(conversion.precision, &arguments, &next, conversion)
                else { return nil }
                if let width, width < 0 { conversion.flags.insert(UInt8(ascii: "-")) }
                let value = try argument(&arguments, &next, conversion)
                let digits = precision.flatMap { $0 < 0 ? nil : $0 }
                guard let body = conversion.body(value, precision: digits) else { return nil }
                output += conversion.padded(body, width: Swift.abs(width ?? 0), hasPrecision: digits != nil)
                try ValueBounds.check(textBytes: output.count, of: "printf")
            }
        }
        return output
    }

    private func argument(
        _ arguments: inout Arguments, _ next: inout Int, _ conversion: Conversion
    ) throws(SearchError) -> Value {
        guard next < arguments.count else {
            throw Diagnostic(
                "E372", "printf has no argument for '\(conversion.text)'", hint: "write one value for each conversion")
        }
        next += 1
        return try arguments.value(next - 1)
    }

    /// The outer optional is nil for an argument that is no number.
    private func size(
        _ size: Size, _ arguments: inout Arguments, _ next: inout Int, _ conversion: Conversion
    ) throws(SearchError) -> Int?? {
        switch size {
        case .none: return .some(nil)
        case .fixed(let size): return .some(size)
        case .argument:
            guard let number = try argument(&arguments, &next, conversion).numeric, number.isFinite else { return nil }
            guard Swift.abs(number) <= Double(Self.maximumSize) else { throw Self.tooWide() }
            return .some(Int(number))
        }
    }
}

extension PrintfFormat.Conversion {
    /// Sign and prefix, and the digits or text behind them.
    fileprivate typealias Body = (prefix: String, digits: [UInt8])

    private func has(_ flag: Unicode.Scalar) -> Bool { flags.contains(UInt8(ascii: flag)) }

    fileprivate func body(_ value: Value, precision: Int?) -> Body? {
        switch letter {
        case UInt8(ascii: "s"), UInt8(ascii: "z"):
            guard let text = value.printed else { return nil }
            guard let precision else { return ("", text.bytes) }
            return ("", Array(String(String.UnicodeScalarView(text.string.unicodeScalars.prefix(precision))).utf8))
        case UInt8(ascii: "c"):
            if case .number(let number) = value {
                guard number >= 1, number < 0x11_0000, let scalar = Unicode.Scalar(UInt32(number)) else { return nil }
                return ("", Array(String(Character(scalar)).utf8))
            }
            guard let first = value.printed?.string.unicodeScalars.first else { return nil }
            return ("", Array(String(Character(first)).utf8))
        case UInt8(ascii: "d"), UInt8(ascii: "i"):
            guard let number = value.numeric, number.magnitude < 9.2e18 else { return nil }
            let integer = Int64(number)
            return (sign(isNegative: integer < 0), grouped(String(integer.magnitude), precision))
        case UInt8(ascii: "u"), UInt8(ascii: "o"), UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "p"):
            guard let number = value.numeric, number.magnitude < 9.2e18 else { return nil }
            return unsigned(UInt64(bitPattern: Int64(number)), precision)
        default:
            guard let number = value.numeric else { return nil }
            return (sign(isNegative: number.sign == .minus && !number.isNaN), float(number.magnitude, precision))
        }
    }

    private func unsigned(_ number: UInt64, _ precision: Int?) -> Body {
        switch letter {
        case UInt8(ascii: "u"):
            return ("", grouped(String(number), precision))
        case UInt8(ascii: "o"):
            let digits = zeroExtended(String(number, radix: 8), number == 0, precision)
            return ("", has("#") && digits.first != 48 ? [48] + digits : digits)
        default:
            let isLower = letter == UInt8(ascii: "x")
            let digits = String(number, radix: 16, uppercase: !isLower)
            return (
                has("#") && number != 0 ? (isLower ? "0x" : "0X") : "", zeroExtended(digits, number == 0, precision)
            )
        }
    }

    private func sign(isNegative: Bool) -> String { isNegative ? "-" : (has("+") ? "+" : (has(" ") ? " " : "")) }

    /// A precision is the least number of digits; precision 0 prints nothing for zero.
    private func zeroExtended(_ digits: String, _ isZero: Bool, _ precision: Int?) -> [UInt8] {
        if precision == 0, isZero { return [] }
        return [UInt8](repeating: 48, count: Swift.max(0, (precision ?? 0) - digits.utf8.count)) + Array(digits.utf8)
    }

    private func grouped(_ digits: String, _ precision: Int?) -> [UInt8] {
        let extended = zeroExtended(digits, digits == "0", precision)
        return has("'") ? Array(Grouping.thousands(String(decoding: extended, as: UTF8.self)).utf8) : extended
    }

    private func float(_ magnitude: Double, _ precision: Int?) -> [UInt8] {
        let format =
            "%" + (has("#") ? "#" : "") + (precision.map { ".\($0)" } ?? "") + String(Character(UnicodeScalar(letter)))
        let count = withVaList([magnitude]) { vsnprintf(nil, 0, format, $0) }
        var buffer = [CChar](repeating: 0, count: Int(Swift.max(0, count)) + 1)
        _ = withVaList([magnitude]) { vsnprintf(&buffer, buffer.count, format, $0) }
        let bytes = buffer.dropLast().map { UInt8(bitPattern: $0) }
        guard has("'"), "fF".utf8.contains(letter), magnitude.isFinite else { return bytes }
        let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
        return Array(Grouping.thousands(String(decoding: whole, as: UTF8.self)).utf8) + bytes[whole.count...]
    }

    /// Zeros go behind sign and prefix, blanks before them or, with `-`, at the end.
    fileprivate func padded(_ body: Body, width: Int, hasPrecision: Bool) -> [UInt8] {
        let length = body.prefix.utf8.count + body.digits.count { $0 & 0xC0 != 0x80 }
        let padding = Swift.max(0, width - length)
        let prefix = Array(body.prefix.utf8)
        if has("-") { return prefix + body.digits + [UInt8](repeating: 32, count: padding) }
        let isInteger = "diuoxXp".utf8.contains(letter)
        let isNumber = !"scz".utf8.contains(letter)
        let isDigits = body.digits.first.map { $0 &- 48 < 10 || isInteger || "aA".utf8.contains(letter) } ?? true
        if has("0"), isNumber, isDigits, !(isInteger && hasPrecision) {
            return prefix + [UInt8](repeating: 48, count: padding) + body.digits
        }
        return [UInt8](repeating: 32, count: padding) + prefix + body.digits
    }
}
