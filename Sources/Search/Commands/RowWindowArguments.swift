import Columns
import SPL

/// `<field> [AS <name>] [p=<rows> | p=<from>-<to>]`, the arguments of `delta`, `accum` and `autoregress`.
struct RowWindowArguments {
    /// Ours: how far a command looks back.
    static let maximumDistance = 100_000

    private(set) var field = ""
    private(set) var output: String?
    private(set) var periods: ClosedRange<Int>?

    init(_ syntax: CommandSyntax, hasPeriod: Bool) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var isRead = false
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "p", hasPeriod else {
                    throw .unknownOption(name, of: syntax.name, options: hasPeriod ? ["p"] : [], token.span)
                }
                periods = try Self.periods(value)
            } else if isRead, output == nil, reader.consumeKeyword("as") {
                output = try reader.fieldName("name after AS", allowingParentheses: true)
            } else if !isRead {
                field = try reader.fieldName("the field", allowingParentheses: true)
                isRead = true
            } else {
                try reader.expectEnd()
            }
        }
        guard isRead, !field.contains("*") else {
            throw .fieldsExpected(syntax, "\(syntax.name) <field>\(hasPeriod ? " p=1" : "")")
        }
    }

    private static func periods(_ value: Token) throws(Diagnostic) -> ClosedRange<Int> {
        let numbers = value.text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        let range = 1...maximumDistance
        if numbers.count == 1, let only = numbers[0], range.contains(only) { return only...only }
        if numbers.count == 2, let from = numbers[0], let to = numbers[1], from <= to, range.contains(from),
            to <= 1_000 + from, range.contains(to)
        {
            return from...to
        }
        throw Diagnostic(
            "E380", "'\(value.text)' is no distance in rows", span: value.span,
            hint: "write p=1 or p=1-5; at most \(maximumDistance), and 1,000 of them")
    }
}

/// The last values of a stream.
struct RowWindow<Element: Sendable>: Sendable {
    private(set) var values: [Element] = []
    private var next = 0

    /// Adds a value; gives back the one that falls out when `count` are kept: the one `count` values before.
    mutating func push(_ value: Element, keeping count: Int) -> Element? {
        if values.count < count {
            values.append(value)
            return nil
        }
        let oldest = values[next]
        values[next] = value
        next = (next + 1) % count
        return oldest
    }

    /// The value that was added `distance` values ago, the newest being 1 ago.
    func value(_ distance: Int) -> Element? {
        guard distance <= values.count, distance > 0 else { return nil }
        return values[(next - distance + 2 * values.count) % values.count]
    }
}

extension Schema {
    func adding(_ names: String...) -> Schema {
        var schema = self
        for name in names where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }
}
