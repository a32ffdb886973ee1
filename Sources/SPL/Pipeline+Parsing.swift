extension Pipeline {
    /// Parses a search whose comments are removed and whose macros are expanded.
    ///
    /// A first stage without a pipe before it is a `search`, written or implied.
    /// - Parameter commandNames: decides what the first word of a subsearch without a pipe is.
    /// - Throws: the first error, its span in bytes of `text`.
    public static func parse(
        _ text: String, commandNames: Set<String> = SplunkCommandNames.all
    ) throws(Diagnostic) -> Pipeline {
        var parser = PipelineParser(Array(text.utf8), base: 0, commandNames: commandNames)
        return try parser.parseSearch()
    }
}
