import Columns
import Formats

/// One of the 200 users of the invented CloudTrail: always the same account, region, address and keys.
struct TrailUser {
    static let count = 200

    let number: Int
    let name: String
    let account: String
    let region: String
    let address: String
    let identity: JSONValue

    /// Users whose upload calls are written `putImage`.
    var writesOtherCase: Bool { number % 16 == 5 }
    /// The user whose upload calls say no name.
    var isNameless: Bool { number == 7 }

    /// All of them, by number.
    static func all(_ random: inout SplitMix64) -> [TrailUser] { (0..<count).map { TrailUser($0, &random) } }

    private init(_ number: Int, _ random: inout SplitMix64) {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let digits = String(number)
        self.number = number
        name = "user-" + String(repeating: "0", count: 3 - digits.count) + digits
        account = random.element(of: TrailVocabulary.accounts)
        region = random.element(of: TrailVocabulary.regions)
        address = number % 8 == 0 ? "2001:db8:7::" + String(number, radix: 16) : "203.0.113.\(number + 1)"
        var members: [(String, JSONValue)] = [
            ("type", .text("IAMUser")),
            ("principalId", .text("AIDA" + random.text(10, of: letters) + "EXAMPLE")),
            ("arn", .text("arn:aws:iam::\(account):user/\(name)")),
            ("accountId", .text(account)),
            ("accessKeyId", .text("AKIA" + random.text(9, of: letters) + "EXAMPLE")),
            ("userName", .text(name)),
        ]
        if number % 3 == 0 {
            let session: [(String, JSONValue)] = [
                ("creationDate", .text("2026-11-15T22:00:00Z")), ("mfaAuthenticated", .text("true")),
            ]
            members.append(("sessionContext", .members([("attributes", .members(session))])))
        }
        identity = .members(members)
    }
}

extension JSONValue {
    static func text(_ text: String) -> JSONValue { .string(Text(text)) }
    static func integer(_ number: Int) -> JSONValue { .number(Text(String(number))) }
    static func members(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { Member(key: Text($0.0), value: $0.1) })
    }

    func without(_ key: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key != Text(key) })
    }
}
