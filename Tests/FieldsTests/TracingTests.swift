import Columns
import Fields
import Foundation
import Testing

/// Who made a field.
@Suite struct TracingTests {
    private func trace(_ fixture: AddonFixture, _ texts: [String], _ sourcetype: String = "st") throws -> (
        batch: Batch, trace: FieldTrace
    ) {
        let origin = AddonFixture.origin(sourcetype)
        return try fixture.decoder(origin: origin).decodeTracing(
            AddonFixture.events(texts, origin: origin), rows: Array(texts.indices))
    }

    private func makers(_ trace: FieldTrace, _ field: String) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: trace.makers(of: field).map { ("\($0.maker)", $0.rowCount) })
    }

    @Test func tracingChangesNothing() throws {
        let file = AddonFixture.repository.appending(path: "fixtures/logs/aws_cloudtrail/sample.ndjson")
        let texts = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        let fixture = try AddonFixture.shipped()
        let plain = try fixture.decode(texts, sourcetype: "aws:cloudtrail")
        let (batch, trace) = try trace(fixture, texts, "aws:cloudtrail")
        #expect(batch.names == plain.names)
        for name in batch.names {
            let rows = (0..<batch.rowCount)
            #expect(rows.map { batch[name, $0] } == rows.map { plain[name, $0] }, "\(name)")
            guard name != "eventtype", !name.hasPrefix("tag") else { continue }
            // Every value has one maker.
            let filled = rows.count { !batch[name, $0].isNull }
            #expect(trace.makers(of: name).reduce(0) { $0 + $1.rowCount } == filled, "\(name)")
        }
    }

    @Test func theLastThatChangedAValueMadeIt() throws {
        let fixture = AddonFixture(
            props: """
                [st]
                EXTRACT-a = a=(?<x>\\w+)
                REPORT-b = pairs
                FIELDALIAS-c = x AS y
                EVAL-x = if(x=="one", upper(x), x)
                EVAL-z = "fixed"
                LOOKUP-d = table z OUTPUTNEW w
                """,
            transforms: "[pairs]\nREGEX = (\\w+)=(\\w+)\nFORMAT = $1::$2\n[table]\nfilename = table.csv\n",
            lookups: ["table.csv": "z,w\nfixed,found\n"])
        let (_, trace) = try trace(fixture, ["a=one b=2", "a=two", "b=3 w=own"])
        #expect(
            makers(trace, "x") == ["test/default/props.conf:5 EVAL-x": 1, "test/default/props.conf:2 EXTRACT-a": 1])
        #expect(makers(trace, "y") == ["test/default/props.conf:4 FIELDALIAS-c": 2])
        #expect(makers(trace, "b") == ["test/default/props.conf:3 REPORT-b [pairs]": 2])
        #expect(makers(trace, "z") == ["test/default/props.conf:6 EVAL-z": 3])
        #expect(
            makers(trace, "w") == [
                "test/default/props.conf:7 LOOKUP-d": 2, "test/default/props.conf:3 REPORT-b [pairs]": 1,
            ])
        #expect(makers(trace, "host") == ["default field": 3])
        #expect(makers(trace, "nothing") == [:])
    }
}
