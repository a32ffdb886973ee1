import Formats

/// Lists of a line, as their column will hold them: mostly the line's own bytes.
enum ListSource {
    case line(Range<Int>)
    case made([UInt8])

    func withBytes<Value>(in line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        switch self {
        case .line(let range): body(UnsafeRawBufferPointer(rebasing: line[range]))
        case .made(let bytes): bytes.withUnsafeBytes { body($0) }
        }
    }

    static let empty = ListSource.made(Array("[]".utf8))

    /// A list of texts, or of lists of texts.
    ///
    /// - Throws: `badMember` for anything else.
    static func read(
        _ line: UnsafeRawBufferPointer, _ token: JSONToken, _ name: String, _ form: ExchangeTable.Form
    ) throws(ImportReject) -> ListSource {
        guard token.kind == .array else { throw .badMember(name, "is no list") }
        let json = UnsafeRawBufferPointer(rebasing: line[token.range])
        switch form {
        case .list where ListText.isList(json): return .line(token.range)
        case .lists(let minimum, let maximum)
        where ListText.isLists(json, minimumLength: minimum, maximumLength: maximum):
            return .line(token.range)
        case .anyList where ListText.isList(json) || ListText.isLists(json, minimumLength: 0):
            return .line(token.range)
        default: return .made(try rewritten(json, name, form))
        }
    }

    /// Lists with blanks or other escapes, written as columns hold them.
    private static func rewritten(
        _ json: UnsafeRawBufferPointer, _ name: String, _ form: ExchangeTable.Form
    ) throws(ImportReject) -> [UInt8] {
        guard let tokens = try? JSONParser().tokens(of: json, maxLevel: 3) else { throw .badMember(name, "is no list") }
        var at = 1
        func list() throws(ImportReject) -> [String] {
            var texts: [String] = []
            while tokens[at].kind != .end {
                guard tokens[at].kind == .string else { throw .badMember(name, "holds something else than texts") }
                var stored: [UInt8] = []
                LineText.appendStored(UnsafeRawBufferPointer(rebasing: json[tokens[at].range]), to: &stored)
                texts.append(StoredText.decode(String(decoding: stored, as: UTF8.self)))
                at += 1
            }
            at += 1
            return texts
        }
        var isOfLists = tokens[1].kind == .array
        if case .lists = form { isOfLists = true }
        guard isOfLists, form != .list else { return Array(StringListJSON.encode(try list()).utf8) }
        var lists: [[String]] = []
        while tokens[at].kind != .end {
            guard tokens[at].kind == .array else { throw .badMember(name, "holds something else than lists") }
            at += 1
            lists.append(try list())
        }
        if case .lists(let minimum, let maximum) = form {
            guard lists.allSatisfy({ $0.count >= minimum && $0.count <= maximum }) else {
                throw .badMember(name, "holds a list that is too short or too long")
            }
        }
        return Array(StringListJSON.encode(lists).utf8)
    }
}
