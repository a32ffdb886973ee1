import Content
import SPL
import Search

// What earlier searches wrote and a content folder holds: records of collections, and models. Lookup files need nothing
// of their own: they lie in lookups/ as any app's.

/// Records and models that a job begins with, by name.
struct StoredSearchState: Sendable {
    private var collections: [String: LookupCSV] = [:]
    private var models: [String: DensityModel] = [:]

    /// Of two files of one name the later stays.
    mutating func addCollection(_ name: String, csv: [UInt8], file: String, _ problems: inout [ContentProblem]) {
        let table = LookupCSV(csv)
        problems += table.problems.map { line, message, hint in
            ContentProblem(
                file: file, position: TextPosition(line: line, column: 1),
                diagnostic: Diagnostic("E457", message, hint: hint))
        }
        collections[name] = table
    }

    mutating func addModel(_ name: String, json: [UInt8], file: String, _ problems: inout [ContentProblem]) {
        do throws(Diagnostic) {
            models[name] = try DensityModel(decoding: json)
        } catch {
            problems.append(ContentProblem(file: file, position: .start, diagnostic: error))
        }
    }

    var modelNames: Set<String> { Set(models.keys) }

    /// The state of a run that has written nothing yet.
    func fresh() -> SearchState {
        let state = SearchState()
        for (name, table) in collections { state.setCollection(name, table.rows) }
        for (name, model) in models { state.setModel(name, model) }
        return state
    }
}
