import Formats
import Foundation

/// A line of any kind with its members. Good while the line is.
struct ExchangeLine {
    private let line: UnsafeRawBufferPointer
    private let members: [(name: String, token: JSONToken)]

    /// - Throws: for what is no object, or has a member twice.
    init(_ line: UnsafeRawBufferPointer, parser: JSONParser) throws(ImportReject) {
        self.line = line
        guard let tokens = try? parser.tokens(of: line, maxLevel: 1), tokens[0].kind == .object else {
            throw ImportReject(.notAnObject, "no JSON object")
        }
        var members: [(name: String, token: JSONToken)] = []
        var at = 1
        while tokens[at].kind == .key {
            let name = String(decoding: line[tokens[at].range], as: UTF8.self)
            guard !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw .badMember(String(name.prefix(40)), "comes twice")
            }
            guard members.count < 100 else { throw ImportReject(.badMember, "more than 100 members") }
            members.append((name, tokens[at + 1]))
            at += tokens[at + 1].kind == .array || tokens[at + 1].kind == .object ? 3 : 2
        }
        self.members = members
    }

    /// - Throws: for a member that is none of these, nor `kind`.
    func requireOnly(_ names: [String]) throws(ImportReject) {
        for (name, _) in members where name != "kind" && !names.contains(name) {
            throw .badMember(String(name.prefix(40)), "is no member of this kind")
        }
    }

    /// Nil for a member that is missing or null.
    func token(_ name: String) -> JSONToken? {
        members.first { $0.name == name }.flatMap { $0.token.kind == .null ? nil : $0.token }
    }

    private func required(_ name: String) throws(ImportReject) -> JSONToken {
        guard let token = token(name) else { throw .badMember(name, "is missing") }
        return token
    }

    private func source(_ token: JSONToken) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: line[token.range])
    }

    /// In the form of ``StoredText``.
    func text(_ name: String) throws(ImportReject) -> [UInt8] {
        let token = try required(name)
        guard token.kind == .string else { throw .badMember(name, "is no text") }
        guard token.hasEscapes else { return Array(source(token)) }
        var stored: [UInt8] = []
        LineText.appendStored(source(token), to: &stored)
        return stored
    }

    func integer(_ name: String) throws(ImportReject) -> Int64 {
        guard let value = LineText.integer(source(try required(name))) else { throw .badMember(name, "is no integer") }
        return value
    }

    func time(_ name: String) throws(ImportReject) -> Int64 { try Self.time(line, try required(name), name) }
    func double(_ name: String) throws(ImportReject) -> Double { try Self.double(line, try required(name), name) }

    func key(_ name: String) throws(ImportReject) -> [UInt8] {
        let token = try required(name)
        guard token.kind == .string, Self.isKey(source(token)) else {
            throw .badMember(name, "is no key of 64 hex digits")
        }
        return Array(source(token))
    }

    func list(_ name: String, _ form: ExchangeTable.Form) throws(ImportReject) -> [UInt8] {
        try ListSource.read(line, try required(name), name, form).withBytes(in: line) { Array($0) }
    }

    func keys(_ name: String) throws(ImportReject) -> [[UInt8]] {
        let json = try list(name, .list)
        let keys = StringListJSON.decodeList(String(decoding: json, as: UTF8.self)) ?? []
        return try keys.map { key throws(ImportReject) in
            let bytes = Array(key.utf8)
            guard bytes.withUnsafeBytes(Self.isKey) else { throw .badMember(name, "holds what is no key") }
            return bytes
        }
    }

    func base64(_ name: String) throws(ImportReject) -> [UInt8] {
        guard let data = Data(base64Encoded: Data(try text(name))) else { throw .badMember(name, "is no base64") }
        return Array(data)
    }

    // MARK: Values

    static func isKey(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count == 64 && text.allSatisfy { $0 &- 48 < 10 || $0 &- 97 < 6 }
    }

    static func time(
        _ line: UnsafeRawBufferPointer, _ token: JSONToken, _ name: String
    ) throws(ImportReject) -> Int64 {
        guard token.kind == .number,
            let time = LineText.integer(UnsafeRawBufferPointer(rebasing: line[token.range])),
            ExchangeForm.times.contains(time)
        else { throw .badMember(name, "is no time in microseconds between the years 1 and 9999") }
        return time
    }

    static func double(
        _ line: UnsafeRawBufferPointer, _ token: JSONToken, _ name: String
    ) throws(ImportReject) -> Double {
        guard token.kind == .number else {
            let text = String(decoding: line[token.range].prefix(40), as: UTF8.self)
            throw ImportReject(.notFinite, "'\(name)' is no finite number: \(text)")
        }
        let number = LineText.double(UnsafeRawBufferPointer(rebasing: line[token.range]))
        guard number.isFinite else { throw ImportReject(.notFinite, "'\(name)' is no finite number") }
        return number
    }
}
