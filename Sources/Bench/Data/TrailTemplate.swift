import Columns
import Formats

/// An event but for its time and its two identifiers, as bytes of JSON.
struct TrailTemplate {
    /// What stands before the time, before the request's identifier, before the event's, and behind that.
    let pieces: [[UInt8]]
    /// For calls that the seed rule looks for; nil for all others.
    let upload: Upload?

    struct Upload {
        /// Nil where the call has no user: such an event matches, and belongs to no group.
        var group: SeedRow.Group?
        /// The call's name is written `PutImage`.
        var saysPutImage: Bool
    }

    init(
        _ user: TrailUser, _ call: TrailVocabulary.Call, identity: JSONValue, agent: String, request: JSONValue,
        response: JSONValue, upload: Upload? = nil
    ) {
        let host = call.source + ".amazonaws.com"
        var members: [(String, JSONValue)] = [
            ("eventVersion", .text("1.11")),
            ("userIdentity", identity),
            ("eventTime", .text("\0")),
            ("eventSource", .text(host)),
            ("eventName", .text(call.name)),
            ("awsRegion", .text(user.region)),
            ("sourceIPAddress", .text(user.address)),
            ("userAgent", .text(agent)),
            ("requestParameters", request),
            ("responseElements", response),
            ("requestID", .text("\0")),
            ("eventID", .text("\0")),
            ("readOnly", .boolean(call.isReadOnly)),
            ("eventType", .text("AwsApiCall")),
            ("managementEvent", .boolean(true)),
            ("recipientAccountId", .text(user.account)),
            ("eventCategory", .text("Management")),
            (
                "tlsDetails",
                .members([
                    ("tlsVersion", .text("TLSv1.3")), ("cipherSuite", .text("TLS_AES_128_GCM_SHA256")),
                    ("clientProvidedHostHeader", .text("\(call.source).\(user.region).amazonaws.com")),
                ])
            ),
        ]
        if ["ecr", "kms", "s3"].contains(call.source) {
            let name = "arn:aws:\(call.source):\(user.region):\(user.account):\(call.name.lowercased())"
            members.append(
                ("resources", .array([.members([("accountId", .text(user.account)), ("ARN", .text(name))])])))
        }
        var writer = JSONWriter()
        writer.value(.members(members))
        pieces = Self.split(writer.bytes + [UInt8(ascii: "\n")])
        self.upload = upload
    }

    /// Cuts at the escaped NUL, which no other text here has.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        let hole = Array("\\u0000".utf8)
        var pieces: [[UInt8]] = []
        var start = 0
        var place = 0
        while place + hole.count <= bytes.count {
            if bytes[place] == hole[0], bytes[place..<place + hole.count].elementsEqual(hole) {
                pieces.append(Array(bytes[start..<place]))
                place += hole.count
                start = place
            } else {
                place += 1
            }
        }
        return pieces + [Array(bytes[start...])]
    }
}
