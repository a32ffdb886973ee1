public import Columns
public import RiskIndex

/// What analysts have made of a finding so far.
public struct FindingStanding: Sendable, Hashable {
    public var status = ReviewStatus.new
    /// `unassigned` for nobody.
    public var owner = Self.nobody
    public var disposition = ReviewDisposition.undetermined
    /// Of the last review; nil without one.
    public var timeMicroseconds: Int64?

    public static let nobody = "unassigned"

    /// A finding that nobody has looked at.
    public init() {}

    /// - Parameter reviews: of one finding, in their order; a later part replaces an earlier one. Words that are not
    ///   Splunk's are passed over.
    public init(_ reviews: [FindingReview]) {
        for review in reviews {
            status = review.status.flatMap { ReviewStatus(rawValue: $0) } ?? status
            owner = review.owner ?? owner
            disposition = review.disposition.flatMap { ReviewDisposition(rawValue: $0) } ?? disposition
            timeMicroseconds = review.timeMicroseconds
        }
    }

    /// As ES names them in `index=notable`, with its codes.
    public var splunkFields: [(name: String, value: Value)] {
        [
            ("status", .text(String(status.code))),
            ("status_label", .text(status.label)),
            ("owner", .text(owner)),
            ("disposition", .text(disposition.code)),
            ("disposition_label", .text(disposition.label)),
        ]
    }
}

extension Finding {
    /// The finding as a record of `index=notable`, with what analysts have made of it.
    public func splunkFields(_ standing: FindingStanding) -> [(name: String, value: Value)] {
        splunkFields + standing.splunkFields
    }
}
