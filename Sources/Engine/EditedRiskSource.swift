import Columns
import Risk
import RiskIndex
import SPL
import Search

/// Rows for the subsearches of a replayed incident rule: stored risk events as the edits have them, and nothing else.
struct EditedRiskSource: RowSource {
    let index: RiskIndex
    let edits: RiskEdits

    func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch {
        guard case .stored(let request) = search.source, request.indexes == ["risk"] else {
            throw Diagnostic(
                "E360", "a backtest has stored risk events only, and a subsearch of the rule reads something else",
                hint: "findings and log events are not replayed; leave the rule out with --disable")
        }
        do {
            return try StoredSource(index: index, edits: edits).rows(request, needed: search.needed, range: range)
        } catch let error as IndexError {
            throw Diagnostic(error.code.rawValue, error.message, hint: error.hint)
        } catch {
            throw Diagnostic("E359", "rows cannot be read: \(error)")
        }
    }
}
