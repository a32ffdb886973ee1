/// The table of cases: one file each, one line here, sorted by name.
public enum BenchCases {
    static let all: [any BenchCase.Type] = [
        ContentCase.self,
        EventsCase.self,
        RulesCase.self,
        SeedCase.self,
        WordsCase.self,
    ]

    /// Sorted.
    public static var names: [String] { all.map { $0.name } }

    /// A line a case, for people.
    public static var summaries: [(name: String, summary: String)] { all.map { ($0.name, $0.summary) } }

    /// Those of the names, in the table's order; all for no name.
    static func named(_ names: [String]) -> [any BenchCase.Type] {
        names.isEmpty ? all : all.filter { names.contains($0.name) }
    }
}
