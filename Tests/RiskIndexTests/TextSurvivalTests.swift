import GRDB
import Testing

@testable import RiskIndex

@Suite struct TextSurvivalTests {
    static let oddTexts = [
        "", "\0", "a\0b", "\0\0tail", "\u{10}", "\u{10}0", "\u{10}\u{10}\0", "quote\"back\\slash/", "tab\tline\n\r",
        "caf\u{E9}", "cafe\u{301}", "🦊", "\u{FEFF}bom", "\u{7F}\u{80}\u{2028}", "'; DROP TABLE risk_event; --",
        "%_?*", "]],[[", "\\u0000",
    ]

    @Test(arguments: oddTexts) func everyTextOfARiskEventSurvives(text: String) throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        var event = sampleEvent(
            "aa", entity: text, type: text, rule: text,
            threatObjects: [ThreatObject(value: text, type: text), ThreatObject(value: "z", type: "z")], message: text,
            fields: [ResultField(name: text, values: [text, text], isNumber: true)])
        event.analyticStories = [text, "s"]
        event.annotations = [Annotation(name: text, values: [text])]
        var stored = sampleStoredEvent("e", raw: Array(text.utf8))
        (stored.sourcetype, stored.source, stored.host, stored.index) = (text, text, text, text)
        _ = try index.insert([sampleFiring(event, contributing: [stored])])
        var finding = sampleFinding("ff", entity: text, type: text, rule: text, riskEventKeys: ["aa"])
        finding.reason = text
        finding.fields = event.fields
        _ = try index.insert(findings: [finding])

        func isExactly(_ other: String?) -> Bool { other.map { Array($0.utf8) } == Array(text.utf8) }
        let read = try index.riskEvents(RiskEventQuery(normalizedRiskObjects: [text]))
        #expect(read == [event])
        #expect(isExactly(read.first?.riskObject) && isExactly(read.first?.riskMessage))
        #expect(isExactly(read.first?.threatObjects.first?.value) && isExactly(read.first?.fields.first?.name))
        #expect(try index.riskEvents(RiskEventQuery(riskObjects: [text], riskObjectType: text)) == [event])
        #expect(try index.riskEvents(RiskEventQuery(threatObject: text, searchNames: [text])) == [event])
        #expect(try index.threat(text)?.values == [text])
        #expect(try index.findings(FindingQuery(normalizedRiskObjects: [text], searchNames: [text])) == [finding])
        #expect(try index.storedEvents(firingKey: "f-aa") == [stored])
        #expect(isExactly(try index.riskScores(start: 0, end: .max).first?.normalizedRiskObject))
    }

    @Test func textBehindANulIsNotLostToComparison() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert([sampleFiring(sampleEvent("aa", entity: "amy\0x")), sampleFiring(sampleEvent("bb"))])
        #expect(try index.riskEvents(RiskEventQuery(normalizedRiskObjects: ["amy"])).map(\.key) == ["bb"])
        #expect(try index.riskEvents(RiskEventQuery(normalizedRiskObjects: ["AMY\0X"])).map(\.key) == ["aa"])
    }

    @Test func composedAndDecomposedNamesAreTwoEntities() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert([
            sampleFiring(sampleEvent("aa", entity: "caf\u{E9}")),
            sampleFiring(sampleEvent("bb", entity: "cafe\u{301}")),
        ])
        #expect(try index.riskScores(start: 0, end: .max).count == 2)
        #expect(try index.riskEvents(RiskEventQuery(normalizedRiskObjects: ["CAF\u{C9}"])).map(\.key) == ["aa"])
    }

    @Test func storedTextIsReversibleAndNeverHoldsNul() {
        for text in TextSurvivalTests.oddTexts {
            let stored = StoredText.encode(text)
            #expect(!stored.utf8.contains(0))
            #expect(Array(StoredText.decode(stored).utf8) == Array(text.utf8))
        }
        let distinct = Set(TextSurvivalTests.oddTexts.map { Array(StoredText.encode($0).utf8) })
        #expect(distinct.count == TextSurvivalTests.oddTexts.count)
    }

    @Test(arguments: [
        "", "[", "[\"a", "[\"a\",]", "[\"a\"]]", "[1]", "{}", "[\"\\n\"]", "[\"\\u01\"]", "[\"\\u00zz\"]",
        "[[\"a\"],1]",
        "[\"a\"] ",
    ])
    func damagedListsAreRefused(json: String) {
        #expect(StringListJSON.decodeList(json) == nil)
        #expect(StringListJSON.decodeLists(json) == nil)
    }

    @Test func aDamagedRecordIsNamed() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert([sampleFiring(sampleEvent("aa"))])
        try index.pool.write { try $0.execute(sql: "UPDATE risk_record SET fields = '{}'") }
        #expect {
            _ = try index.riskEvents(RiskEventQuery())
        } throws: { error in
            (error as? IndexError)?.code == .corrupt && "\(error)".contains("risk event 'aa'")
        }
    }

    @Test func foldingIsSimpleLowerCase() {
        let pairs = [
            "AMY@Example.COM": "amy@example.com", "already lower": "already lower", "ÀÉÎ": "àéî", "ΣΑΣ": "σασ",
            "İ": "i", "ẞ": "ß", "ｆＵＬＬ": "ｆｕｌｌ", "Ж🦊Z": "ж🦊z", "[\\]^_`@": "[\\]^_`@",
        ]
        for (name, folded) in pairs { #expect(FoldedName.fold(name) == folded) }
        #expect(Array(FoldedName.fold("E\u{301}").utf8) == Array("e\u{301}".utf8))
    }
}
