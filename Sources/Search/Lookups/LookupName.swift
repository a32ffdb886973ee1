import Columns
import SPL

/// The name of a table as commands take it, and what they say about the table.
enum LookupName {
    /// - Throws: E242 where no name comes next.
    static func read(_ reader: inout ArgumentReader) throws(Diagnostic) -> (token: Token, span: Span) {
        guard let token = reader.peek(), token.kind == .word || token.kind == .quoted else {
            throw reader.unexpected(reader.peek(), expected: "the name of a lookup")
        }
        _ = reader.next()
        return (token, token.span)
    }

    /// `.csv` and `.csv.gz` name a file, anything else a definition.
    static func isFile(_ name: String) -> Bool { name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") }

    static func warn(
        _ name: String, _ problem: (line: Int, message: String, hint: String?), _ context: inout ExecutionContext
    ) {
        context.warn("W334", "lookup table '\(name)' is not read whole: \(problem.message)", hint: problem.hint)
    }

    static func warnMissing(_ transform: LookupTransform, _ context: inout ExecutionContext) {
        context.warn(
            "W330", "lookup table '\(transform.tableName)' is not there yet, or was emptied: it gives no rows",
            hint: "run the search that writes it first, or give its rows with --lookup")
    }
}

extension LookupTransform {
    /// Where the rows are and how they match, for `--explain`.
    var summary: String {
        var parts: [String]
        switch store {
        case .file(let name): parts = ["file \(name)"]
        case .collection(let name, let fields): parts = ["collection \(name)"] + fields
        case .script(let name): parts = ["computed by \(name)"]
        }
        if !isCaseSensitive { parts.append("any case") }
        parts += matchTypes.sorted { $0.key < $1.key }.map { "\($0.value.rawValue)(\($0.key))" }
        if minimumMatches > 0 { parts.append("at least \(minimumMatches), default '\(defaultMatch)'") }
        if let maximumMatches { parts.append("at most \(maximumMatches)") }
        if let time {
            parts.append("time \(time.column) \(time.format) \(time.minimumOffset)...\(time.maximumOffset)s")
        }
        return parts.joined(separator: ", ")
    }
}

extension CompileContext {
    /// This context for a search, with the files that the search writes: reading one that is not there yet is how
    /// such a search begins its own table.
    func writing(_ pipeline: Pipeline) -> CompileContext {
        var context = self
        for command in pipeline.commands where command.name == OutputLookupCommand.name {
            var reader = ArgumentReader(command)
            while let token = reader.next() {
                if reader.peek()?.kind == .comparison(.equal) {
                    _ = (reader.next(), reader.next())
                } else if LookupName.isFile(token.text) {
                    context.writtenLookups.insert(token.text)
                }
            }
        }
        return context
    }
}
