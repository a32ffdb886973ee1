import Columns
import SPL

/// The arguments of `transaction`.
struct TransactionArguments: Sendable {
    /// What marks a first or last event: a search or an eval condition.
    enum Marker: Sendable {
        case search(CompiledPredicate, text: String)
        case condition(CompiledExpression, text: String)

        var fields: FieldSet {
            switch self {
            case .search(let predicate, _): predicate.fields
            case .condition(let expression, _): expression.fields
            }
        }

        var text: String {
            switch self {
            case .search(_, let text), .condition(_, let text): text
            }
        }

        func rows(_ batch: Batch, _ context: ExecutionContext) throws(SearchError) -> [Bool] {
            switch self {
            case .search(let predicate, _): return predicate.evaluate(batch)
            case .condition(let expression, _):
                let results = try expression.evaluate(batch, context)
                return (0..<batch.rowCount).map { results[$0] == .boolean(true) }
            }
        }
    }

    /// Which fields are lists of every event's value, not sets.
    enum Lists: Hashable, Sendable {
        case none, all
        case fields([String])

        func contains(_ name: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .fields(let names): names.contains(name)
            }
        }
    }

    private(set) var fields: [String] = []
    /// Seconds; nil is no limit.
    private(set) var maximumSpan: Double?
    private(set) var maximumPause: Double?
    /// Nil: as the search's limits say; below 0: none.
    private(set) var maximumEvents: Int?
    private(set) var maximumOpen: Int?
    private(set) var maximumOpenEvents: Int?
    private(set) var start: Marker?
    private(set) var end: Marker?
    private(set) var isConnected = true
    private(set) var keepsEvicted = false
    private(set) var keepsOrphans = false
    private(set) var lists = Lists.none
    private(set) var isRawList = false
    private(set) var nullText = "NULL"
    private var unifies: Bool?

    /// Events that match `startswith` or `endswith` must share a field too; as `connected` where it is not written.
    var unifiesEnds: Bool { unifies ?? isConnected }

    /// - Throws: E311 for an unknown option, E735 for a value that makes no sense, E736 for `name=`.
    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let name = reader.peekOption(), name == "startswith" || name == "endswith" {
                _ = reader.next()
                _ = reader.next()
                let marker = try Self.marker(&reader, context)
                if name == "startswith" { start = marker } else { end = marker }
            } else if let (name, value) = reader.option() {
                try set(name, value, token.span, &reader)
            } else if !reader.consumeComma() {
                fields += Self.list(try reader.fieldName("a field"))
            }
        }
    }

    var explanation: String {
        var words = fields
        if let maximumSpan { words.append("maxspan \(NumberText.print(maximumSpan))s") }
        if let maximumPause { words.append("maxpause \(NumberText.print(maximumPause))s") }
        if let maximumEvents { words.append("maxevents \(maximumEvents)") }
        if let maximumOpen { words.append("maxopentxn \(maximumOpen)") }
        if let maximumOpenEvents { words.append("maxopenevents \(maximumOpenEvents)") }
        if let start { words.append("from \(start.text)") }
        if let end { words.append("to \(end.text)") }
        if !isConnected { words.append("not connected") }
        if unifiesEnds != isConnected { words.append("unifyends \(unifiesEnds)") }
        if keepsEvicted { words.append("with evicted") }
        if keepsOrphans { words.append("with orphans") }
        switch lists {
        case .none: break
        case .all: words.append("lists")
        case .fields(let names): words.append("lists of " + names.joined(separator: " "))
        }
        if isRawList { words.append("_raw as list") }
        if nullText != "NULL" { words.append("null is '\(nullText)'") }
        return words.joined(separator: ", ")
    }

    private mutating func set(
        _ name: String, _ value: Token, _ span: Span, _ reader: inout ArgumentReader
    ) throws(Diagnostic) {
        switch name {
        case "maxspan": maximumSpan = try Self.seconds(value, of: name)
        case "maxpause": maximumPause = try Self.seconds(value, of: name)
        case "maxevents":
            guard let count = Int(value.text), count != 0 else {
                throw Diagnostic(
                    "E735", "'\(value.text)' is no count of events", span: value.span, hint: "write maxevents=1000")
            }
            maximumEvents = count
        case "maxopentxn": maximumOpen = try NumberOption.count(value, for: name)
        case "maxopenevents": maximumOpenEvents = try NumberOption.count(value, for: name)
        case "connected": isConnected = try BooleanOption.value(value)
        case "unifyends": unifies = try BooleanOption.value(value)
        case "keepevicted": keepsEvicted = try BooleanOption.value(value)
        case "keeporphans": keepsOrphans = try BooleanOption.value(value)
        case "mvraw": isRawList = try BooleanOption.value(value)
        case "nullstr": nullText = value.text
        // Values stay apart here; only where Splunk prints them as one text does it use the delimiter.
        case "delim": break
        case "mvlist":
            if let flag = try? BooleanOption.value(value) {
                lists = flag ? .all : .none
            } else {
                lists = .fields(Self.list(value.text + Self.gluedList(&reader)))
            }
        case "fields": fields += Self.list(value.text + Self.gluedList(&reader))
        case "name":
            throw Diagnostic(
                "E736", "there are no transaction types here: '\(value.text)'", span: value.span,
                hint: "write the options of transactiontypes.conf into the search")
        default:
            throw .unknownOption(name, of: TransactionCommand.name, options: TransactionCommand.help.optionNames, span)
        }
    }

    /// A string or a word is a search, and so is what stands in parentheses; `eval(...)` is a condition.
    private static func marker(
        _ reader: inout ArgumentReader, _ context: CompileContext
    ) throws(Diagnostic) -> Marker {
        guard let token = reader.peek() else { throw reader.unexpected(nil, expected: "a search") }
        if token.kind == .openParenthesis {
            let (text, offset) = try reader.parenthesizedText()
            return try search(text, offset, context)
        }
        guard token.kind == .word || token.kind == .quoted else { throw reader.unexpected(token, expected: "a search") }
        _ = reader.next()
        if token.kind == .word, token.text.lowercased() == "eval", reader.peek()?.kind == .openParenthesis {
            let (text, offset) = try reader.parenthesizedText()
            let expression = try EvalExpression.parse(text, at: offset)
            return .condition(try CompiledExpression(expression, context: context), text: "eval(\(expression))")
        }
        return try search(token.text, token.span.lowerBound + (token.kind == .quoted ? 1 : 0), context)
    }

    private static func search(
        _ text: String, _ offset: Int, _ context: CompileContext
    ) throws(Diagnostic) -> Marker {
        let expression = try SearchExpression.parse(text, at: offset)
        return .search(try CompiledPredicate(expression, context: context), text: "(\(expression))")
    }

    /// What is glued to a list's first name: `,b` of `mvlist=a,b`.
    private static func gluedList(_ reader: inout ArgumentReader) -> String {
        var text = ""
        while let comma = reader.peek(), comma.kind == .comma, comma.isGlued, let name = reader.peek(1),
            name.kind == .word, name.isGlued
        {
            text += "," + name.text
            _ = reader.next()
            _ = reader.next()
        }
        return text
    }

    private static func list(_ text: String) -> [String] {
        guard text.contains(",") else { return [text] }
        return text.split { $0 == "," || $0 == " " }.map(String.init)
    }

    /// `30s`, `5m`, `2h`, `1d`, seconds without a unit; nil for a negative one, which is no limit.
    private static func seconds(_ token: Token, of option: String) throws(Diagnostic) -> Double? {
        let text = token.text.lowercased()
        let number = text.prefix { $0.isNumber || $0 == "-" || $0 == "+" || $0 == "." }
        let unit = text.dropFirst(number.count)
        let units: [String: Double] = [
            "": 1, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "mins": 60,
            "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
            "d": 86_400, "day": 86_400, "days": 86_400,
        ]
        guard let count = NumberText.parse(Array(number.utf8)), let factor = units[String(unit)] else {
            throw Diagnostic(
                "E735", "'\(token.text)' is no length of time for '\(option)'", span: token.span,
                hint: "write \(option)=30s, 5m, 2h or 1d")
        }
        return count < 0 ? nil : count * factor
    }
}
