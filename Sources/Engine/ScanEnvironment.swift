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

    /// Whether events of an origin can satisfy a request, going by the terms on sourcetype, source, host and index
    /// alone: a search for CloudTrail need not open a Windows log.
    func mayMatch(_ request: ScanRequest, _ indexed: EventOrigin) -> Bool {
        let origin = addons.searchOrigin(of: indexed)
        let batch = Batch(
            rowCount: 1,
            columns: [
                ("sourcetype", Column(constant: .text(origin.sourcetype), rowCount: 1)),
                ("source", Column(constant: .text(origin.source), rowCount: 1)),
                ("host", Column(constant: .text(origin.host), rowCount: 1)),
                ("index", Column(constant: .text(origin.index), rowCount: 1)),
            ])
        return request.event.originTerms.allSatisfy { $0.evaluate(batch)[0] }
    }
}
