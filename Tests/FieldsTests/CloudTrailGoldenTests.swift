import Columns
import Fields
import Foundation
import Testing

/// All fields of invented CloudTrail events, one identity type after the other. Written anew by ACCRUE_UPDATE=1.
@Suite struct CloudTrailGoldenTests {
    private let folder = AddonFixture.repository.appending(path: "fixtures/logs/aws_cloudtrail")

    private func sample() throws -> [String] {
        try String(contentsOf: folder.appending(path: "sample.ndjson"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    @Test func theSampleGivesTheExpectedFields() throws {
        let batch = try AddonFixture.shipped().decode(
            try sample(), sourcetype: "aws:cloudtrail", source: "sample.ndjson")
        var text = ""
        for row in 0..<batch.rowCount {
            text += "# event \(row + 1): \(batch["eventName", row].printed?.string ?? "?")\n"
            for name in batch.names.sorted() where name != "_raw" {
                guard let value = batch[name, row].printed?.string else { continue }
                text += "\(name)=\(value.replacingOccurrences(of: "\n", with: "\\n"))\n"
            }
            text += "\n"
        }
        let file = folder.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let difference = zip(text.split(separator: "\n"), expected.split(separator: "\n")).first { $0 != $1 }
        #expect(difference == nil)
        #expect(text == expected)
    }

    @Test func everyIdentityHasAUser() throws {
        let needed = FieldSet(names: ["user", "user_name", "userIdentity.type", "signature", "src", "vendor_product"])
        let batch = try AddonFixture.shipped().decode(try sample(), needed: needed, sourcetype: "aws:cloudtrail")
        for row in 0..<batch.rowCount {
            #expect(!batch["user", row].isNull, "event \(row + 1)")
            // A name or nothing: never an id, an account or a service, which `user` falls back to.
            #expect(batch["user_name", row].isNull || batch["user", row] == batch["user_name", row])
            #expect(batch["vendor_product", row] == .text("AWS CloudTrail"))
            #expect(!batch["signature", row].isNull)
        }
        #expect(batch.names.sorted() == (needed.names.union(["_time"])).sorted())
    }

    @Test func thePushOfAnImageHasWhatItsRuleReads() throws {
        let needed = FieldSet(
            names: [
                "eventSource", "eventName", "signature", "user_name", "user", "user_agent", "src", "vendor_account",
                "vendor_region", "vendor_product", "date_hour", "date_wday",
            ], patterns: ["requestParameters.*"])
        let batch = try AddonFixture.shipped().decode(try sample(), needed: needed, sourcetype: "aws:cloudtrail")
        let row = try #require((0..<batch.rowCount).first { batch["eventName", $0] == .text("PutImage") })
        let fields = AddonFixture.row(batch, row)
        #expect(fields["signature"] == "PutImage")
        #expect(fields["user_name"] == "deploy-bot")
        #expect(fields["src"] == "198.51.100.23")
        #expect(fields["vendor_account"] == "111111111111")
        #expect(fields["vendor_region"] == "eu-central-1")
        #expect(fields["vendor_product"] == "AWS CloudTrail")
        #expect(fields["requestParameters.repositoryName"] == "shop/checkout")
        #expect(fields["date_hour"] == "22")
        #expect(fields["date_wday"] == "friday")
    }

    @Test func theSampleIsRecognisedByItsContent() throws {
        let fixture = try AddonFixture.shipped()
        let buffers = try sample().map { ByteBuffer(Array($0.utf8)) }
        #expect(fixture.addons.recognise(sample: buffers.map(\.bytes), path: "/any/where.log") == "aws:cloudtrail")
        let others = ["{\"eventName\":\"x\"}", "plain text", "{\"Records\":[]}"].map { ByteBuffer(Array($0.utf8)) }
        #expect(fixture.addons.recognise(sample: others.map(\.bytes), path: "/any/where.log") == nil)
        #expect(fixture.addons.recognise(sample: [], path: "/any/where.log") == nil)
        withExtendedLifetime((buffers, others)) {}
    }

    @Test func theShippedAddonsHaveNoProblems() throws {
        #expect(try AddonFixture.shipped().addons.problems == [])
    }

    @Test func plainFieldsOfCloudTrail() throws {
        let isPlain = EventDecoder.plainFields(try AddonFixture.shipped().addons, AddonFixture.origin("aws:cloudtrail"))
        for name in ["eventName", "eventSource", "requestParameters.repositoryName"] { #expect(isPlain(name)) }
        for name in ["errorCode", "user", "action", "status", "src", "tag", "sourcetype"] { #expect(!isPlain(name)) }
    }
}
