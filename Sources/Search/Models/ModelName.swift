import SPL

/// The name of a trained model.
enum ModelName {
    /// Reads a name. `app:` before it, which says who may see a model in Splunk, is dropped: here all of a run see it.
    /// - Throws: E764 for anything but letters, digits and `_`, no digit first.
    static func read(_ reader: inout ArgumentReader) throws(Diagnostic) -> (name: String, span: Span) {
        guard let token = reader.next() else { throw reader.unexpected(nil, expected: "the name of a model") }
        let text = token.kind == .word || token.kind == .quoted ? token.text : token.raw
        let name = name(text)
        let isLetter: (UInt8) -> Bool = { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == UInt8(ascii: "_") }
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 255,
            name.utf8.allSatisfy({ isLetter($0) || $0 >= 0x30 && $0 <= 0x39 })
        else {
            throw Diagnostic(
                "E764", "'\(text)' is no name of a model", span: token.span,
                hint: "write letters, digits and _, and no digit first")
        }
        return (name, token.span)
    }

    static func name(_ text: String) -> String { text.hasPrefix("app:") ? String(text.dropFirst(4)) : text }
}

extension CompileContext {
    /// This context for a search, with the models that the search trains itself.
    func training(_ pipeline: Pipeline) -> CompileContext {
        var context = self
        context.trainedModels.formUnion(FitCommand.modelNames(in: pipeline))
        return context
    }

    /// - Throws: E760 where neither the content nor this run trains the model.
    func requireModel(_ name: String, _ span: Span) throws(Diagnostic) {
        let known = trainedModels.union(environment.trainedModels)
        guard !known.contains(name) else { return }
        throw Diagnostic(
            "E760", "no loaded search trains the model '\(name)', and none is stored", span: span,
            hint: NearestName.hint(name, in: known.sorted())
                ?? "train it first with fit DensityFunction <field> into \(name), or give a model file; models that come "
                + "trained with other apps are not here")
    }
}

extension SearchState {
    /// - Throws: E761 where the run has not trained the model yet.
    func requireModel(_ name: String) throws(SearchError) -> DensityModel {
        if let model = model(name) { return model }
        throw Diagnostic(
            "E761", "the model '\(name)' is not trained yet",
            hint: "run the baseline search that ends in fit ... into \(name) first, over data of normal days")
    }
}
