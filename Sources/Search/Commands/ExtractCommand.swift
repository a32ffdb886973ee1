import Columns
import Formats
import SPL

/// `extract` (or `kv`) finds name-value pairs in `_raw`.
///
/// `pairdelim` and `kvdelim` list the bytes that end a pair and a name; a value that holds a `kvdelim` outside quotes is
/// left out. `name=value` pairs are found besides, at most `limit` of them, unless `auto=f` or `=` is a `kvdelim`; `maxchars` is how far
/// `_raw` is read. A field that the row has already stays, and so does the first of several values, unless `mv_add=t`.
/// `clean_keys=f` takes names as written. `reload` and `segment` change nothing here; names of transforms are refused.
/// Source: Splunk Search Reference 9.4, "extract"; transforms.conf, MV_ADD and CLEAN_KEYS.
struct ExtractCommand: Command {
    static let name = "extract"
    static let otherNames = ["kv"]
    static let help = CommandHelp(
        "extract <options>", "Finds name-value pairs in _raw.",
        options: [
            ("pairdelim=\"<characters>\"", "the characters that end a pair"),
            ("kvdelim=\"<characters>\"", "the characters that end a name"),
            ("auto=<bool>", "finds `name=value` besides, `t` unless written"),
            ("limit=<count>", "how many pairs `auto` finds, 50 unless written; 0 is all"),
            ("maxchars=<count>", "how many bytes of an event are read, 10240 unless written"),
            ("mv_add=<bool>", "keeps all values of a name, not the first; `f` unless written"),
            ("clean_keys=<bool>", "`f` takes names as they are written; `t` unless written"),
            ("reload=<bool>", "no effect"),
            ("segment=<bool>", "no effect"),
        ])

    private var rules = PairRules()

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
                continue
            }
            guard let (name, value) = reader.option() else {
                guard token.kind == .word || token.kind == .quoted else {
                    throw reader.unexpected(token, expected: "an option")
                }
                throw Diagnostic(
                    "E715", "extract by '\(token.text)' needs a transforms.conf, which a search does not read",
                    span: token.span, hint: "put REPORT-... into the add-on's props.conf, or use rex")
            }
            switch name {
            case "auto": rules.isAutomatic = try BooleanOption.value(value)
            case "clean_keys": rules.cleansNames = try BooleanOption.value(value)
            case "mv_add": rules.addsValues = try BooleanOption.value(value)
            case "reload", "segment": _ = try BooleanOption.value(value)
            case "limit": rules.limit = try NumberOption.count(value, for: name)
            case "maxchars": rules.maxBytes = try NumberOption.count(value, for: name)
            case "pairdelim": rules.pairDelimiters = Self.delimiters(value.text)
            case "kvdelim": rules.nameDelimiters = Self.delimiters(value.text)
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert("_raw")
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }

    var policies: [Policy] { [.extractFirstValueWins] }
    var explanation: String { "extract: \(rules)" }

    func makeOperator() -> any Operator {
        GatheringOperator(
            ExtractionOperator(
                PairExtractor(rules: rules), field: "_raw", merge: rules.addsValues ? .appends : .keepsExisting,
                command: Self.name))
    }

    /// `\t`, `\n` and `\r` are the control characters.
    private static func delimiters(_ text: String) -> [UInt8] {
        let controls: [UInt8: UInt8] = [UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D]
        var delimiters: [UInt8] = []
        for byte in text.utf8 {
            if delimiters.last == UInt8(ascii: "\\"), let control = controls[byte] {
                delimiters[delimiters.count - 1] = control
            } else {
                delimiters.append(byte)
            }
        }
        return delimiters
    }
}

private struct PairRules: Sendable, CustomStringConvertible {
    var pairDelimiters: [UInt8]?
    var nameDelimiters: [UInt8]?
    var isAutomatic = true
    var cleansNames = true
    var addsValues = false
    /// Nil is Splunk's default; 0 is no limit.
    var limit: Int?
    var maxBytes: Int?

    var description: String {
        func text(_ bytes: [UInt8]?) -> String { bytes.map { "'\(String(decoding: $0, as: UTF8.self))'" } ?? "default" }
        return "pairdelim \(text(pairDelimiters)), kvdelim \(text(nameDelimiters)), auto \(isAutomatic), "
            + "clean_keys \(cleansNames), mv_add \(addsValues), limit \(limit.map(String.init) ?? "default"), "
            + "maxchars \(maxBytes.map(String.init) ?? "default")"
    }
}

private struct PairExtractor: FieldExtractor {
    let rules: PairRules

    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError) {
        let maxBytes = rules.maxBytes ?? context.limits.extractBytes
        if rules.maxBytes == nil, text.count > maxBytes {
            context.warn(
                "W322", "extract reads the first \(maxBytes) bytes of each event", hint: "raise maxchars")
        }
        let bytes = text.count > maxBytes ? Array(text.bytes.prefix(maxBytes)) : text.bytes
        if rules.pairDelimiters != nil || rules.nameDelimiters != nil { delimited(bytes, &found) }
        // Where `=` is a delimiter of the user's, the user's rules for it hold.
        if rules.isAutomatic, !hasOwnEquals { automatic(bytes, &found, &context) }
    }

    private var hasOwnEquals: Bool {
        guard let delimiters = rules.nameDelimiters else { return rules.pairDelimiters != nil }
        return delimiters.contains(UInt8(ascii: "="))
    }

    private func automatic(_ bytes: [UInt8], _ found: inout FoundFields, _ context: inout ExecutionContext) {
        let limit = rules.limit == 0 ? Int.max : rules.limit ?? context.limits.extractedPairs
        // What the delimiters found is not found again.
        let before = found
        var count = 0
        var isCut = false
        bytes.withUnsafeBytes { text in
            KeyValueText.forEachPair(in: text) { name, value in
                guard count < limit else {
                    isCut = true
                    return false
                }
                count += 1
                if let name = fieldName(bytes[name]), !before.contains(name) {
                    add(name, Text(bytes[value]), &found)
                }
                return true
            }
        }
        if isCut, rules.limit == nil {
            context.warn("W321", "extract takes the first \(limit) pairs of each event", hint: "raise limit")
        }
    }

    private func delimited(_ bytes: [UInt8], _ found: inout FoundFields) {
        let pairDelimiters = rules.pairDelimiters ?? Array(" \t\r\n,;|".utf8)
        let nameDelimiters = rules.nameDelimiters ?? [UInt8(ascii: "=")]
        for pair in Self.split(bytes[...], pairDelimiters) {
            let parts = Self.split(pair, nameDelimiters)
            // Three parts: the delimiter stands in the value.
            guard parts.count == 2, let name = fieldName(Self.unquoted(parts[0])) else { continue }
            let value = Self.unquoted(parts[1])
            if !value.isEmpty { add(name, Text(value), &found) }
        }
    }

    private func add(_ name: Text, _ value: Text, _ found: inout FoundFields) {
        if rules.addsValues || !found.contains(name) { found.add(name, value) }
    }

    private func fieldName(_ bytes: ArraySlice<UInt8>) -> Text? {
        guard rules.cleansNames else { return bytes.isEmpty ? nil : Text(bytes) }
        return KeyValueText.cleanedName(bytes).map { Text($0) }
    }

    /// A delimiter inside double quotes does not count; a quote that never closes is an ordinary byte.
    private static func split(_ bytes: ArraySlice<UInt8>, _ delimiters: [UInt8]) -> [ArraySlice<UInt8>] {
        let lastQuote = bytes.lastIndex(of: UInt8(ascii: "\"")) ?? bytes.startIndex
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var isInQuotes = false
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\"") {
                isInQuotes = !isInQuotes && index < lastQuote
            } else if !isInQuotes, delimiters.contains(bytes[index]) {
                parts.append(bytes[start..<index])
                start = index + 1
            }
        }
        parts.append(bytes[start...])
        return parts
    }

    /// Without blanks, then without the quotes around it.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let inner = XMLText.trimmed(bytes)
        guard inner.count >= 2, inner.first == UInt8(ascii: "\""), inner.last == UInt8(ascii: "\"") else {
            return inner
        }
        return inner.dropFirst().dropLast()
    }
}
