import Content
import SPL
import Testing

@Suite struct AttackMatrixTests {
    @Test func holdsTheWholeMatrix() throws {
        let matrix = try Repository.attackMatrix()
        #expect(matrix.version == "17.0")
        #expect(matrix.techniques.count == 665)
        #expect(matrix.tactics.count == 14)
        #expect(matrix.techniques.allSatisfy { !$0.tacticIDs.isEmpty })
    }

    @Test func techniqueOfSeveralTacticsGivesThemAll() throws {
        let annotations = try Repository.attackMatrix().annotations(for: ["T1078"])
        #expect(annotations.tacticIDs == ["TA0001", "TA0003", "TA0004", "TA0005"])
        #expect(
            annotations.tactics == ["defense-evasion", "initial-access", "persistence", "privilege-escalation"])
        #expect(annotations.killChainPhases == ["Delivery", "Exploitation", "Installation"])
    }

    @Test func unknownSubTechniqueCountsAsItsParent() throws {
        let annotations = try Repository.attackMatrix().annotations(for: ["T1204.999", "T9999", "T9999.001"])
        #expect(annotations.tactics == ["execution"])
        #expect(annotations.techniques == ["User Execution"])
        #expect(annotations.techniqueIDs == ["T1204.999"])
        #expect(annotations.unknownIDs == ["T9999", "T9999.001"])
    }

    @Test func namesMayHoldCommasInQuotes() throws {
        let matrix = try AttackMatrix(
            tactics: ("t", "tactic_id,tactic,kill_chain_phase,attack_version\nTA1,one,Delivery,1\r\n"),
            techniques: ("q", "technique_id,technique,tactic_ids\nT1,\"a, \"\"b\"\"\",TA1\n"))
        #expect(matrix.technique("T1")?.name == "a, \"b\"")
    }

    @Test(arguments: [
        ("TA1,one,Delivery,1\nTA2,two,Delivery,2", "T1,a,TA1", "tactics.csv:3:1", "mixes versions"),
        ("TA1,one,Delivery,1", "T1,a,TA2", "techniques.csv:2:1", "unknown tactic 'TA2'"),
        ("TA1,one,Delivery,1", "T1,\"a,TA1", "techniques.csv:2:1", "has not the columns"),
        ("TA1,one,,1", "T1,a,TA1", "tactics.csv:2:1", "empty column"),
    ])
    func brokenTableNamesItsLine(tactics: String, techniques: String, place: String, message: String) {
        do {
            _ = try AttackMatrix(
                tactics: ("tactics.csv", "tactic_id,tactic,kill_chain_phase,attack_version\n" + tactics),
                techniques: ("techniques.csv", "technique_id,technique,tactic_ids\n" + techniques))
            Issue.record("table was taken")
        } catch {
            #expect(error.description.hasPrefix(place))
            #expect(error.diagnostic.message.contains(message))
        }
    }
}
