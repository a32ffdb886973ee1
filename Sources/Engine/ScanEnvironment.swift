import Columns
import Fields
import Formats
import SPL
import Search

/// What all workers of a scan share.
struct ScanEnvironment: Sendable {
    var addons: AddonSet
    var zone: TimeZoneRules
    /// Macros for the searches inside eventtypes.
    var search: SearchEnvironment

    /// An origin as a row of the fields that searches see of it, for `mayMatch`.
    func originRow(_ indexed: EventOrigin) -> Batch {
        let origin = addons.searchOrigin(of: indexed)
        return Batch(
            rowCount: 1,
            columns: [
                ("sourcetype", Column(constant: .text(origin.sourcetype), rowCount: 1)),
                ("source", Column(constant: .text(origin.source), rowCount: 1)),
                ("host", Column(constant: .text(origin.host), rowCount: 1)),
                ("index", Column(constant: .text(origin.index), rowCount: 1)),
            ])
    }

    /// Whether events of an origin can satisfy a request, going by the terms on sourcetype, source, host and index
    /// alone: a search for CloudTrail need not open a Windows log.
    func mayMatch(_ request: ScanRequest, _ originRow: Batch) -> Bool {
        request.event.originTerms.allSatisfy { $0.evaluate(originRow)[0] }
    }
}
