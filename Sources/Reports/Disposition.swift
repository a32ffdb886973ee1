/// What a review's disposition says about a finding.
enum Disposition {
    case incident, benign

    /// Splunk's dispositions, by label, with `_` for blanks, or by id: 1 is a true positive, 2 a benign positive, 3 and 4
    /// are false positives. Undetermined (0), other (5) and what an analyst made up say neither.
    ///
    /// Source: ES 7.3, "Managing analyst workflows", dispositions of notable events.
    init?(_ text: String) {
        let folded = text.lowercased().replacing("_", with: " ")
        if folded.hasPrefix("true positive") || folded == "disposition:1" {
            self = .incident
        } else if folded.hasPrefix("benign") || folded.hasPrefix("false positive")
            || ["disposition:2", "disposition:3", "disposition:4"].contains(folded)
        {
            self = .benign
        } else {
            return nil
        }
    }
}
