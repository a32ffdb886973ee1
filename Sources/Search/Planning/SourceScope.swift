import Columns
public import SPL

// What an input must have for a search to find anything in it at all. A report compares it with what the input has.

/// A dataset, and the fields of it that a search reads.
public struct DatasetUse: Hashable, Sendable {
    /// `Endpoint.Processes`.
    public var name: String
    /// Without prefix, sorted.
    public var fields: [String]

    /// - Parameter needed: what the commands behind the dataset's rows need of them.
    init(_ view: DataModelView, needed: FieldSet) {
        name = view.name
        fields = Set(view.path.map(\.field)).intersection(needed.names).sorted()
    }
}

/// A field that a search reads.
public struct ReadField: Hashable, Sendable {
    public var name: String
    /// The fields of an event that may give it: `rename a.* AS *` makes `x` of `a.x` too.
    public var sources: [String]

    public init(_ name: String, sources: [String] = []) {
        self.name = name
        self.sources = [name] + sources
    }
}

/// Which events a search is about, apart from what it looks for in them.
public enum SourceScope: Sendable {
    /// The events of a dataset.
    case dataset(DatasetUse)
    /// The events that satisfy its terms on `sourcetype`, `source`, `index`, `eventtype` and `tag`.
    ///
    /// - `terms`: their text, the same for equal ones.
    /// - `fields`: the other fields of events that it reads by name, sorted by it.
    case events(terms: String, predicate: CompiledPredicate, fields: [ReadField])
    /// It reads events, but names none of these.
    case anything
    /// It reads no events.
    case nothing
}

extension CompiledSearch {
    /// Fields that say where an event comes from or what kind it is.
    private static let scopeFields: Set<String> = ["sourcetype", "source", "index", "eventtype", "tag"]
    /// Fields that every event has.
    private static let givenFields: Set<String> = [
        "_time", "_raw", "_indextime", "host", "index", "source", "sourcetype", "splunk_server", "linecount", "punct",
    ]

    /// - Throws: nothing today: the terms compiled before.
    public func scope(_ environment: SearchEnvironment) throws(Diagnostic) -> SourceScope {
        guard case .events = source, let first = commands.first as? SearchCommand else { return .nothing }
        if let dataset { return .dataset(dataset) }
        let context = CompileContext(environment: environment)
        var terms: [SearchExpression] = []
        for term in first.expression.conjuncts where term.subsearches.isEmpty {
            let names = try CompiledPredicate(term, context: context).fields.names
            if !names.isDisjoint(with: Self.scopeFields) { terms.append(term) }
        }
        guard !terms.isEmpty else { return .anything }
        let fields = needed.names.subtracting(Self.scopeFields).subtracting(Self.givenFields)
        return .events(
            terms: terms.map(\.description).joined(separator: " "),
            predicate: try CompiledPredicate(terms.count == 1 ? terms[0] : .and(terms), context: context),
            fields: readFields(fields))
    }

    /// What a wildcard only might read (`a.user` for `user`, behind `rename a.* AS *`) is no field of its own.
    private func readFields(_ names: Set<String>) -> [ReadField] {
        let wildcards = commands.compactMap { $0 as? RenameCommand }.flatMap(\.wildcards)
        return names.sorted().compactMap { name in
            let isMadeUp = wildcards.contains { RenameCommand.captures(of: name, in: $0.from) != nil }
            if isMadeUp, !text.contains(name) { return nil }
            return ReadField(
                name,
                sources: wildcards.compactMap { wildcard in
                    RenameCommand.captures(of: name, in: wildcard.to).map { RenameCommand.fill(wildcard.from, $0) }
                })
        }
    }
}
