import Columns
import Matching

/// A user's name with a domain: `CORP\rob` or `rob@corp.example`. Bytes are folded.
struct DomainUserName {
    enum Form { case downLevel, email }

    var form: Form
    var domain: Text
    var name: Text

    /// Nil for any other text, and for one with both separators.
    init?(_ folded: Text) {
        let bytes = folded.bytes
        let slash = UInt8(ascii: "\\")
        let at = UInt8(ascii: "@")
        if let separator = bytes.firstIndex(of: slash) {
            guard bytes.lastIndex(of: slash) == separator, !bytes.contains(at) else { return nil }
            form = .downLevel
            domain = Text(bytes[..<separator])
            name = Text(bytes[(separator + 1)...])
        } else if let separator = bytes.lastIndex(of: at) {
            form = .email
            domain = Text(bytes[(separator + 1)...])
            name = Text(bytes[..<separator])
        } else {
            return nil
        }
        guard !domain.isEmpty, !name.isEmpty else { return nil }
    }
}

/// The domains that a record says it is of, by the form in which it says so. Bytes are folded.
struct RecordDomains {
    enum Answer { case agrees, contradicts, isSilent }

    private var downLevel: Set<Text> = []
    private var email: Set<Text> = []

    mutating func add(_ name: DomainUserName) {
        switch name.form {
        case .downLevel: downLevel.insert(name.domain)
        case .email: email.insert(name.domain)
        }
    }

    mutating func addDownLevel(_ domain: Text) { downLevel.insert(domain) }

    /// A Windows domain says nothing against one of e-mail, nor the other way.
    func answer(_ name: DomainUserName) -> Answer {
        if (downLevel.union(email)).contains(where: { Self.areSame($0, name.domain) }) { return .agrees }
        let comparable = name.form == .downLevel ? downLevel : email
        return comparable.isEmpty ? .isSilent : .contradicts
    }

    /// A domain without a dot is the same as one that begins with it: `splunk` and `splunk.com`.
    private static func areSame(_ left: Text, _ right: Text) -> Bool {
        if left == right { return true }
        let dot = UInt8(ascii: ".")
        switch (left.bytes.contains(dot), right.bytes.contains(dot)) {
        case (true, false): return left.bytes.prefix { $0 != dot } == right.bytes[...]
        case (false, true): return right.bytes.prefix { $0 != dot } == left.bytes[...]
        default: return false
        }
    }
}

/// The name of a host, with or without its domain. Bytes are folded.
struct HostName {
    var short: Text
    var isFull: Bool

    /// Nil for what cannot be one: other characters, an address, more than 255 bytes.
    init?(_ folded: Text) {
        let bytes = folded.bytes
        let dot = UInt8(ascii: ".")
        guard bytes.count <= 255, bytes.allSatisfy(Self.isHostByte), IPAddress(bytes) == nil else { return nil }
        let label = bytes.prefix { $0 != dot }
        guard !label.isEmpty else { return nil }
        short = Text(label)
        isFull = label.count < bytes.count
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
