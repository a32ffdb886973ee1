import RiskIndex
import Testing

@testable import Engine

@Suite struct DrilldownTokensTests {
    private func tokens(user: String) -> DrilldownTokens {
        DrilldownTokens(
            RiskEvent(
                key: "k", firingKey: "f", timeMicroseconds: 0, windowStartMicroseconds: 0, windowEndMicroseconds: 1,
                searchTimeMicroseconds: 1, searchName: "s", ruleID: "r", ruleVersion: 1, entityField: "user",
                riskObject: user, riskObjectType: "user", normalizedRiskObject: user, riskScore: 1,
                calculatedRiskScore: 1, riskMessage: "", threatObjects: [], analyticStories: [], annotations: [],
                attackVersion: "", contributingEventCount: 0,
                fields: [ResultField(name: "user", values: [user], isNumber: false)]))
    }

    @Test func aQuotedTokenStaysInItsQuotes() {
        #expect(tokens(user: "bob").fillSearch(#"search user = "$user$""#) == #"search user = "bob""#)
    }

    @Test func anUnquotedTokenIsQuoted() {
        #expect(tokens(user: "bob smith").fillSearch("search user = $user$") == #"search user = "bob smith""#)
    }

    @Test func aHostileNameCannotLeaveItsQuotes() {
        let hostile = #"x" | delete all \"#
        #expect(
            tokens(user: hostile).fillSearch(#"user="$user$""#) == #"user="x\" | delete all \\""#)
    }

    @Test func unknownTokensStay() {
        #expect(tokens(user: "b").fillSearch("a=$nosuch$ b=$user$") == #"a=$nosuch$ b="b""#)
    }
}
