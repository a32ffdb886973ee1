public import Formats
public import Matching
public import SPL

/// All that a search needs from outside, as one value; the engine fills it.
public struct SearchEnvironment: Sendable {
    public var macros: MacroTable
    public var dataModels: [DataModelDefinition]
    /// The tables of the content; what a run writes lies over them in its ``SearchState``.
    public var lookups: LookupCatalog
    /// When the search starts, UTC microseconds: relative times in the text count from here.
    public var nowMicroseconds: Int64
    /// Searches do all their work and share none of it: what a job gives must not change.
    public var isPlain = false
    public var zone: TimeZoneRules
    /// Where addresses are, for `iplocation`; nil when no database is given.
    public var locations: LocationDatabase?
    /// Nothing will run: a search that needs a file which is not given compiles all the same (`content check`).
    public var checksOnly = false
    /// Names of the models that the content's searches train (``FitCommand/modelNames(in:)``) or the caller has stored;
    /// `apply` of any other is a compile error.
    public var trainedModels: Set<String> = []
    /// Where searches share what data models compile to; nil leaves each its own.
    public var views: SharedViews?

    public init(
        macros: MacroTable = MacroTable([]), dataModels: [DataModelDefinition] = [],
        lookups: LookupCatalog = LookupCatalog(), nowMicroseconds: Int64, zone: TimeZoneRules = .utc,
        locations: LocationDatabase? = nil
    ) {
        self.macros = macros
        self.dataModels = dataModels
        self.lookups = lookups
        self.nowMicroseconds = nowMicroseconds
        self.zone = zone
        self.locations = locations
    }
}

/// A data model as a view: each dataset is a constraint and calculated fields, its ancestors' first.
///
/// Source: Splunk Knowledge Manager Manual 10.0, "About data models".
public struct DataModelDefinition: Hashable, Sendable {
    public struct Dataset: Hashable, Sendable {
        public var name: String
        /// The dataset this one inherits from; nil for a root dataset.
        public var parent: String?
        /// Search expressions, all of which must hold.
        public var constraints: [String]
        /// Names of the dataset's own fields, without prefix.
        public var fields: [String]
        /// In order.
        public var calculations: [Calculation]

        public init(
            name: String, parent: String?, constraints: [String], fields: [String], calculations: [Calculation]
        ) {
            self.name = name
            self.parent = parent
            self.constraints = constraints
            self.fields = fields
            self.calculations = calculations
        }
    }

    /// A field that the model computes; each calculation sees the ones before it.
    public enum Calculation: Hashable, Sendable {
        case eval(field: String, expression: String)
        /// Columns of a lookup and the fields that go with them.
        case lookup(name: String, inputs: [Mapping], outputs: [Mapping])
        /// The named groups of a pattern over one field.
        case rex(field: String, pattern: String, outputs: [String])

        public struct Mapping: Hashable, Sendable {
            public var column: String
            public var field: String

            public init(column: String, field: String) {
                self.column = column
                self.field = field
            }
        }

        /// The fields that it writes.
        public var outputs: [String] {
            switch self {
            case .eval(let field, _): [field]
            case .lookup(_, _, let outputs): outputs.map(\.field)
            case .rex(_, _, let outputs): outputs
            }
        }
    }

    public var name: String
    public var datasets: [Dataset]

    public init(name: String, datasets: [Dataset]) {
        self.name = name
        self.datasets = datasets
    }

    /// The names of a dataset's fields, its ancestors' too, without those that every event has, sorted; none where there
    /// is no such dataset.
    public func fieldNames(of dataset: String) -> [String] {
        Set(lineage(of: dataset)?.flatMap(\.fields) ?? []).subtracting(DataModelView.unprefixed).sorted()
    }

    /// The dataset and its ancestors, root first; nil when there is no such dataset or the ancestry is circular.
    public func lineage(of dataset: String) -> [Dataset]? {
        var lineage: [Dataset] = []
        var name: String? = dataset
        while let wanted = name {
            guard lineage.count < 16, let found = datasets.first(where: { $0.name == wanted }) else { return nil }
            lineage.insert(found, at: 0)
            name = found.parent
        }
        return lineage
    }
}
