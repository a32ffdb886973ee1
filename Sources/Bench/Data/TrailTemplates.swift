import Columns
import Formats

/// All events that can occur, but for times and identifiers: 20 ordinary calls and three uploads of each user.
struct TrailTemplates {
    let ordinary: [TrailTemplate]
    let uploads: [TrailTemplate]

    init(_ random: inout SplitMix64) {
        var ordinary: [TrailTemplate] = []
        var uploads: [TrailTemplate] = []
        for user in TrailUser.all(&random) {
            for call in random.sample(20, of: TrailVocabulary.calls) {
                ordinary.append(Self.ordinary(user, call, &random))
            }
            for repository in random.sample(3, of: TrailVocabulary.repositories) {
                uploads.append(Self.upload(user, repository, &random))
            }
        }
        self.ordinary = ordinary
        self.uploads = uploads
    }

    private static func ordinary(
        _ user: TrailUser, _ call: TrailVocabulary.Call, _ random: inout SplitMix64
    ) -> TrailTemplate {
        let repository = random.element(of: TrailVocabulary.repositories)
        let request: JSONValue
        if call.source == "ecr" {
            request = .members([
                ("repositoryName", .text(repository)), ("registryId", .text(user.account)),
                ("layerDigests", .array([.text(digest(&random))])),
            ])
        } else {
            let tag: JSONValue = .members([
                ("name", .text("tag:service")),
                ("valueSet", .members([("items", .array([.members([("value", .text(repository))])]))])),
            ])
            request = .members([
                ("maxResults", .integer(random.element(of: [50, 100, 1000]))),
                ("filterSet", .members([("items", .array([tag]))])),
            ])
        }
        let response: JSONValue =
            call.isReadOnly
            ? .null : .members([("requestId", .text(hexadecimal(2, &random))), ("_return", .boolean(true))])
        return TrailTemplate(
            user, call, identity: user.identity, agent: random.element(of: TrailVocabulary.agents), request: request,
            response: response)
    }

    private static func upload(_ user: TrailUser, _ repository: String, _ random: inout SplitMix64) -> TrailTemplate {
        let media = "application/vnd.docker.distribution.manifest.v2+json"
        let image: [(String, JSONValue)] = [
            ("registryId", .text(user.account)), ("repositoryName", .text(repository)),
            ("imageManifest", .text(manifest(media, &random))), ("imageManifestMediaType", .text(media)),
        ]
        let identifier: JSONValue = .members([
            ("imageDigest", .text(digest(&random))), ("imageTag", .text("1.4.2")),
        ])
        let call = TrailVocabulary.Call(
            source: "ecr", name: user.writesOtherCase ? "putImage" : "PutImage", isReadOnly: false)
        let agent = random.element(of: TrailVocabulary.uploadAgents)
        let group = SeedRow.Group(
            signature: call.name, user: user.name, userAgent: agent, source: user.address, account: user.account,
            region: user.region, product: "AWS CloudTrail", repository: repository)
        return TrailTemplate(
            user, call, identity: user.isNameless ? user.identity.without("userName") : user.identity, agent: agent,
            request: .members(image + [("imageTag", .text("1.4.2"))]),
            response: .members([("image", .members(image + [("imageId", identifier)]))]),
            upload: TrailTemplate.Upload(
                group: user.isNameless ? nil : group, saysPutImage: call.name == "PutImage"))
    }

    /// An image manifest as Docker writes it, over several lines: JSON text inside JSON text.
    private static func manifest(_ media: String, _ random: inout SplitMix64) -> String {
        var text = "{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"\(media)\",\n"
        text += "   \"config\": {\n      \"size\": 5543,\n"
        text += "      \"digest\": \"\(digest(&random))\"\n   },\n   \"layers\": [\n"
        let layers = (0..<3 + random.below(6)).map { _ in
            "      {\n         \"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n"
                + "         \"size\": \(150 + random.below(50_000_000)),\n"
                + "         \"digest\": \"\(digest(&random))\"\n      }"
        }
        return text + layers.joined(separator: ",\n") + "\n   ]\n}"
    }

    private static func digest(_ random: inout SplitMix64) -> String { "sha256:" + hexadecimal(4, &random) }

    /// Sixteen digits a word.
    private static func hexadecimal(_ wordCount: Int, _ random: inout SplitMix64) -> String {
        (0..<wordCount).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
