/// One field value of one row.
///
/// - `null`: the field is absent. The empty text is a value, not null.
/// - `boolean`: lives only inside expressions; it never reaches a column that a user sees.
/// - `number`: made by an expression. A number read from an event stays `text`, so that `007` prints as it came.
/// - `multivalue`: an ordered list of at least two scalars. Use ``Value/list(_:)`` to build one: a list of one is the
///   scalar, a list of none is null.
///
/// Source: Splunk Search Manual, "Manipulate and evaluate fields with multiple values"; docs/decisions/0002
public enum Value: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(Text)
    case multivalue([Value])

    public static func text(_ string: String) -> Value { .text(Text(string)) }

    /// A multivalue field of `values`, flattened, nulls dropped.
    public static func list(_ values: [Value]) -> Value {
        var flat: [Value] = []
        flat.reserveCapacity(values.count)
        for value in values {
            switch value {
            case .null: continue
            case .multivalue(let inner): flat.append(contentsOf: inner)
            default: flat.append(value)
            }
        }
        switch flat.count {
        case 0: return .null
        case 1: return flat[0]
        default: return .multivalue(flat)
        }
    }

    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// The scalars of this value in order: none for null, one for a scalar.
    public var elements: [Value] {
        switch self {
        case .null: []
        case .multivalue(let values): values
        default: [self]
        }
    }

    var estimatedBytes: Int {
        switch self {
        case .text(let text): 48 + text.count
        case .multivalue(let values): values.reduce(48) { $0 + $1.estimatedBytes }
        default: 16
        }
    }

    /// The value as a number: a number itself, or text that is wholly a decimal number. Null for everything else.
    public var numeric: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): NumberText.parse(text.bytes)
        default: nil
        }
    }

    /// The printed form: `True`/`False` for booleans, shortest round-trip decimal for numbers, values of a
    /// multivalue joined by newline; nil for null.
    public var printed: Text? {
        switch self {
        case .null: nil
        case .boolean(let flag): flag ? "True" : "False"
        case .number(let number): Text(NumberText.print(number))
        case .text(let text): text
        case .multivalue(let values):
            Text(Array(values.map { ($0.printed ?? "").bytes }.joined(separator: [UInt8(ascii: "\n")])))
        }
    }
}
