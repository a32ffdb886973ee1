import Content
import SPL
import Search

extension LookupTransform {
    /// A definition in YAML.
    /// - Returns: nil for a model, which is no table.
    init?(_ definition: LookupDefinition) {
        let store: Store
        switch definition.store {
        case .csv: store = .file(definition.filename ?? "\(definition.name).csv")
        case .kvstore: store = .collection(definition.collection ?? definition.name, fields: definition.fields)
        case .mlmodel: return nil
        }
        self.init(name: definition.name, store: store)
        matchTypes = Self.matchTypes(definition.matchTypes)
        if definition.store == .csv { isCaseSensitive = definition.isCaseSensitive }
        minimumMatches = definition.minimumMatches
        maximumMatches = definition.maximumMatches.flatMap { $0 > 0 ? $0 : nil }
        defaultMatch = definition.defaultMatch ?? ""
    }
}

extension ContentProblem {
    /// A lookup that names a machine learning model.
    static func modelIsNoTable(_ definition: LookupDefinition) -> ContentProblem {
        ContentProblem(
            file: definition.file, position: .start,
            diagnostic: Diagnostic(
                "E750", "lookup '\(definition.name)' is a model, not a table, so no search can read it",
                severity: .note))
    }
}
