// Content files come from anywhere, so the text is bounded before and after libYAML sees it. Yams resolves aliases to
// shared values (cheap), but hashes keys (not cheap when a key holds an alias), hence the guard before it.
//
// JSON goes the same way: it is YAML's flow style. That keeps a line and a column for every key, which Foundation's
// parsers do not give. Not read this way: `\ud83d\ude00`-like surrogate pairs, which YAML's escapes do not know.
import SPL
import Yams

enum YAMLReader {
    static let maximumBytes = 4 << 20
    static let maximumDepth = 64
    static let maximumNodeCount = 200_000

    /// The one document of a file, or the error that says where it cannot be read. Nil for a file of comments only.
    static func read(_ text: String, file: String) throws(ContentProblem) -> YAMLNode? {
        func problem(_ code: String, _ message: String, _ position: TextPosition, hint: String?) -> ContentProblem {
            ContentProblem(
                file: file, position: position, diagnostic: .init(code, message, hint: hint))
        }
        guard text.utf8.count <= maximumBytes else {
            throw problem(
                ContentCode.tooLarge, "file has \(text.utf8.count) bytes, more than the \(maximumBytes) that are read",
                .start, hint: "keep one object a file; large tables belong in a lookup's CSV file")
        }
        if let refusal = YAMLAliasGuard.refusal(of: text) {
            throw problem(ContentCode.tooLarge, refusal.message, refusal.position, hint: refusal.hint)
        }
        do {
            // No resolver rules: types are decided by who asks for a value, and the rules are slow regexes.
            guard let root = try Yams.compose(yaml: text, .basic, .default, .utf8) else { return nil }
            var budget = maximumNodeCount
            return try convert(root, depth: 0, budget: &budget, file: file)
        } catch let error as ContentProblem {
            throw error
        } catch let error as YamlError {
            throw syntaxProblem(error, text: text, file: file)
        } catch {
            throw problem(ContentCode.syntax, "file cannot be read as YAML", .start, hint: nil)
        }
    }

    private static func convert(
        _ node: Node, depth: Int, budget: inout Int, file: String
    ) throws(ContentProblem) -> YAMLNode {
        let position = node.mark.map { TextPosition(line: $0.line, column: $0.column) } ?? .start
        budget -= 1
        guard budget >= 0, depth <= maximumDepth else {
            let message =
                budget < 0
                ? "file holds more than \(maximumNodeCount) values once its aliases are written out"
                : "values are nested more than \(maximumDepth) deep"
            let diagnostic = Diagnostic(ContentCode.tooLarge, message, hint: "split the file or write it flatter")
            throw ContentProblem(file: file, position: position, diagnostic: diagnostic)
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(content: .scalar(scalar.string, style(scalar.style)), position: position)
        case .sequence(let sequence):
            var list: [YAMLNode] = []
            for item in sequence {
                list.append(try convert(item, depth: depth + 1, budget: &budget, file: file))
            }
            return YAMLNode(content: .list(list), position: position)
        case .mapping(let mapping):
            var entries: [YAMLNode.Entry] = []
            for (key, value) in mapping {
                let keyNode = try convert(key, depth: depth + 1, budget: &budget, file: file)
                guard case .scalar(let name, _) = keyNode.content else {
                    let diagnostic = Diagnostic(ContentCode.syntax, "key is \(keyNode.kindName), expected text")
                    throw ContentProblem(file: file, position: keyNode.position, diagnostic: diagnostic)
                }
                let value = try convert(value, depth: depth + 1, budget: &budget, file: file)
                entries.append(YAMLNode.Entry(key: name, keyPosition: keyNode.position, value: value))
            }
            return YAMLNode(content: .mapping(entries), position: position)
        case .alias:
            // Yams composes aliases into what they stand for; this case is made by its encoders only.
            let diagnostic = Diagnostic(ContentCode.syntax, "alias stands for nothing")
            throw ContentProblem(file: file, position: position, diagnostic: diagnostic)
        }
    }

    private static func style(_ style: Node.Scalar.Style) -> YAMLNode.Style {
        switch style {
        case .any, .plain: .plain
        case .singleQuoted: .singleQuoted
        case .doubleQuoted: .doubleQuoted
        case .literal: .literal
        case .folded: .folded
        }
    }

    private static func syntaxProblem(_ error: YamlError, text: String, file: String) -> ContentProblem {
        func make(_ message: String, _ position: TextPosition, hint: String? = nil) -> ContentProblem {
            ContentProblem(
                file: file, position: position, diagnostic: Diagnostic(ContentCode.syntax, message, hint: hint))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if problem == "but found another document" {
                let position = TextPosition(line: mark.line, column: mark.column)
                return make("file holds a second document", position, hint: "keep one object a file")
            }
            // What is not closed is found later, at the file's end at the latest, and mended where it starts.
            let isUnclosed = ["found unexpected end of stream", "could not find expected ':'"].contains(problem)
            let shown = isUnclosed ? context?.mark ?? mark : mark
            var message = "YAML: \(problem)"
            if let context { message += " \(context.text)" }
            if let context, context.mark.line != shown.line { message += " (line \(context.mark.line))" }
            let position = SourceText(text).clamped(TextPosition(line: shown.line, column: shown.column))
            return make(message, position, hint: hint(for: problem))
        case .reader(let problem, let offset, _, _):
            return make("YAML: \(problem)", position(ofCharacter: offset ?? 0, in: text))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let position = TextPosition(line: max(1, context.mark.line), column: max(1, context.mark.column))
            let names = duplicates.prefix(3).map { "'\($0.prefix(60))'" }.joined(separator: ", ")
            return make("key \(names) is given more than once", position, hint: "keep one of them")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return make("YAML: \(error)", .start)
        }
    }

    private static func hint(for problem: String) -> String? {
        switch problem {
        case "mapping values are not allowed in this context":
            "quote a value that holds ': ', or start a search with '|-' on a line of its own"
        case "found character that cannot start any token":
            "quote a value that starts with '`', '@', '%' or a tab"
        case "found unexpected end of stream": "close the quote"
        case "found undefined alias", "did not find expected alphabetic or numeric character":
            "quote a value that starts with '*' or '&'"
        case "could not find expected ':'": "write 'key: value', or indent the line as part of the value above"
        case "did not find expected comment or line break": "quote a value that starts with '>' or '|'"
        case "did not find expected key": "check the indentation of this line and the one above"
        default: nil
        }
    }

    private static func position(ofCharacter offset: Int, in text: String) -> TextPosition {
        var position = TextPosition.start
        for character in text.prefix(offset) {
            if character.isNewline {
                position.line += 1
                position.column = 1
            } else {
                position.column += character.unicodeScalars.count
            }
        }
        return position
    }
}
