import Columns
import SPL

/// A search inside a search: the bracket of `append`, `join`, or of a search term.
///
/// It has the time range of the search around it unless it sets its own, and shares its row source, state, memory and
/// deadline. Source: Splunk Search Manual 10.0, "About subsearches".
struct Subsearch: Sendable {
    let search: CompiledSearch

    /// - Throws: what compiling the pipeline throws, with places in the same text.
    init(_ pipeline: Pipeline, _ context: CompileContext) throws(Diagnostic) {
        var context = context
        context.depth += 1
        context.rowsAreGiven = false
        guard context.depth <= SearchLimits().nestedSearches else {
            throw Diagnostic("E309", "searches are nested deeper than \(SearchLimits().nestedSearches)")
        }
        search = try CompiledSearch(pipeline, text: pipeline.description, context)
    }

    /// A search whose text is only known while another one runs: `map`. Its macros are expanded here.
    ///
    /// - Throws: what expanding and compiling throw, without places: they are in no text that the reader has written.
    init(text: String, of command: String, _ context: CompileContext) throws(Diagnostic) {
        do {
            let expanded = try ExpandedSearch.expand(text, macros: context.environment.macros)
            try self.init(Pipeline.parse(expanded.text), context)
        } catch {
            throw Diagnostic(error.code, "\(error.message), in the search of \(command): \(text)", hint: error.hint)
        }
    }

    /// All rows, at most `limit` of them; a truncation is warned about in the name of `command`.
    func rows(
        _ context: inout ExecutionContext, limit: Int, of command: String
    ) throws(SearchError) -> Batch {
        guard context.depth < context.limits.nestedSearches else {
            throw Diagnostic("E309", "searches are nested deeper than \(context.limits.nestedSearches)")
        }
        context.depth += 1
        defer { context.depth -= 1 }
        let rows = try search.run(&context)
        guard rows.rowCount > limit else { return rows }
        context.warn(
            "W303", "the subsearch of \(command) gives \(rows.rowCount) rows, \(limit) are kept",
            hint: "aggregate in the subsearch, or use --no-limits")
        return rows.prefix(limit)
    }
}

extension Token {
    var isSubsearch: Bool {
        if case .subsearch = kind { true } else { false }
    }

    var pipeline: Pipeline? {
        if case .subsearch(let pipeline) = kind { pipeline } else { nil }
    }
}
