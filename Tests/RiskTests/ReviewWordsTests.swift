import Columns
import Risk
import RiskIndex
import Testing

@Suite struct ReviewWordsTests {
    @Test func wordsAreTakenAsPeopleTypeThem() {
        for text in ["in_progress", "In Progress", "IN-PROGRESS", "2"] {
            #expect(ReviewStatus(typed: text) == .inProgress)
        }
        for text in ["", "open", "6", "in", "unassigned"] { #expect(ReviewStatus(typed: text) == nil) }
        let forms: [(String, ReviewDisposition)] = [
            ("false_positive", .falsePositive), ("False Positive", .falsePositive),
            ("False Positive - Incorrect Analytic Logic", .falsePositive),
            ("incorrect_analytic_logic", .falsePositive), ("inaccurate data", .falsePositiveInaccurateData),
            ("disposition:4", .falsePositiveInaccurateData), ("true-positive", .truePositive),
            ("suspicious but expected", .benignPositive), ("OTHER", .other), ("Undetermined", .undetermined),
        ]
        for (text, disposition) in forms { #expect(ReviewDisposition(typed: text) == disposition, "\(text)") }
        for text in ["", "positive", "disposition:7", "b\u{200B}enign_positive"] {
            #expect(ReviewDisposition(typed: text) == nil)
        }
    }

    @Test func everyNameLabelAndCodeReadsBack() {
        for status in ReviewStatus.allCases {
            for text in [status.rawValue, status.label, String(status.code)] {
                #expect(ReviewStatus(typed: text) == status)
            }
        }
        for disposition in ReviewDisposition.allCases {
            for text in [disposition.rawValue, disposition.label, disposition.code] {
                #expect(ReviewDisposition(typed: text) == disposition)
            }
        }
    }

    @Test func laterPartsReplaceEarlierOnes() {
        let standing = FindingStanding([
            FindingReview(timeMicroseconds: 1, author: "a", status: "in_progress", owner: "amy"),
            FindingReview(timeMicroseconds: 2, author: "b", disposition: "other", note: "n"),
            FindingReview(timeMicroseconds: 3, author: "b", status: "closed", disposition: "no such"),
        ])
        #expect(standing.status == .closed && standing.status.isDone)
        #expect(standing.owner == "amy")
        #expect(standing.disposition == .other)
        #expect(standing.timeMicroseconds == 3)
        #expect(FindingStanding([]) == FindingStanding())
        #expect(
            FindingStanding().splunkFields.map(\.value) == [
                .text("1"), .text("New"), .text("unassigned"), .text("disposition:6"), .text("Undetermined"),
            ])
    }
}
