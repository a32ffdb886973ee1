import Columns
import Formats
import SPL

/// `spath [input=<field>] [output=<field>] [path=<path> | <path>]` reads JSON or XML in a field, `_raw` by default.
///
/// With a path it writes what the path leads to, objects and arrays as their source text, several hits as a multivalue;
/// where it leads nowhere the row stays as it is. Without one it makes a field of every value, named by its path
/// (`a.b`, `a{}.b`, `a{@b}`). Text that is neither JSON nor XML gives nothing.
/// Source: Splunk Search Reference 9.4, "spath".
struct SpathCommand: Command {
    static let name = "spath"
    static let help = CommandHelp(
        "spath <options> [<path>]", "Reads JSON or XML: what a path leads to, or every value as a field.",
        options: [
            ("input=<field>", "the field that is read, `_raw` unless written"),
            ("output=<field>", "the field that is written; the path unless written"),
            ("path=<path>", "the path, written as an option, such as `a.b{}.c`"),
        ])

    private var input = "_raw"
    private var output: String?
    private var path: DataPath?
    private var pathText = ""

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var pathToken: Token?
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                let text = value.text + reader.gluedText()
                switch name {
                case "input": input = text
                case "output": output = text
                case "path":
                    pathToken = value
                    pathText = text
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if pathToken == nil {
                pathText = try reader.fieldName("a location path", allowingParentheses: true)
                pathToken = token
            } else {
                try reader.expectEnd()
            }
        }
        guard let pathToken else {
            if let output {
                throw Diagnostic(
                    "E714", "spath has an output '\(output)' but no path", span: syntax.nameSpan,
                    hint: "add path=<location path>")
            }
            return
        }
        do {
            path = try DataPath(pathText)
        } catch {
            throw Diagnostic(
                "E713", "'\(pathText)' is no location path: \(error.message)", span: pathToken.span,
                hint: "write a.b{}.c, a{0}.b or, for XML, a.b{@attribute}")
        }
        if output == nil { output = pathText }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(input)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if let output {
            if !schema.names.contains(output) { schema.names.append(output) }
        } else {
            schema.isOpen = true
        }
        return schema
    }

    var policies: [Policy] { [.structuredTextAllOrNothing, .noMatchLeavesField] }

    var explanation: String {
        guard let output else { return "spath: all of \(input)" }
        return "spath: \(output) = \(pathText) of \(input)"
    }

    /// Without a path the number of fields is bounded over all rows.
    var streams: Bool { path != nil }

    func makeOperator() -> any Operator {
        guard let path, let output else {
            return GatheringOperator(
                ExtractionOperator(StructuredExtractor(), field: input, merge: .replaces, command: Self.name))
        }
        return ExtractionOperator(
            PathExtractor(path: path, output: Text(output)), field: input, merge: .replaces, command: Self.name,
            output: output)
    }
}

/// Tells JSON from XML by its first byte that is no blank.
enum StructuredText {
    case json
    case xml

    init?(_ text: Text) {
        switch text.bytes.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
        case UInt8(ascii: "<"): self = .xml
        default: return nil
        }
    }
}

private struct PathExtractor: FieldExtractor {
    let path: DataPath
    let output: Text
    let parser = JSONParser()

    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError) {
        for value in path.values(in: text, parser) { found.add(output, value) }
    }
}

extension DataPath {
    /// What the path leads to in a text that may be JSON or XML; empty for any other text.
    func values(in text: Text, _ parser: JSONParser) -> [Text] {
        switch StructuredText(text) {
        case .json: text.bytes.withUnsafeBytes { (try? values(in: $0, parser)) ?? [] }
        case .xml: (try? XMLTree(text.bytes, mayEndEarly: true)).map { values(in: $0) } ?? []
        case nil: []
        }
    }
}

/// Every value of a JSON or XML text by its path.
private struct StructuredExtractor: FieldExtractor {
    /// Inputs may make up names without end.
    private static let nameBytesKept = 8 << 20

    private let flattener = JSONFlattener(wanted: .all)
    private var leaves = JSONLeaves()

    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError) {
        guard let form = StructuredText(text) else { return }
        if text.count > context.limits.spathBytes {
            context.warn(
                "W320", "spath reads texts of more than \(context.limits.spathBytes) bytes to their end",
                hint: "Splunk stops there (limits.conf, extraction_cutoff), unless a path is given")
        }
        switch form {
        case .json:
            if flattener.nameBytes > Self.nameBytesKept { flattener.forgetNames() }
            let isJSON = text.bytes.withUnsafeBytes { bytes in
                do throws(JSONError) {
                    try flattener.flatten(bytes, into: &leaves)
                    return true
                } catch {
                    return false
                }
            }
            guard isJSON else { return }
            for leaf in 0..<leaves.count { found.add(flattener.name(of: leaves.nameID(leaf)), leaves.value(leaf)) }
        case .xml:
            guard let tree = try? XMLTree(text.bytes, mayEndEarly: true), let leaves = try? tree.leaves() else {
                return
            }
            for (path, value) in leaves { found.add(path, value) }
        }
    }
}
