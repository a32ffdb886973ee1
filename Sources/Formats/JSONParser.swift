// The Swift side of CSimdjson: owns the C handle, and keeps pointers out of everybody else's code.

import CSimdjson

/// Checks JSON texts and lists their tokens; keeps its working memory between calls.
///
/// Not Sendable: one per thread. The text need not be padded; nothing behind it is read.
public final class JSONParser {
    /// Deepest nesting of objects and arrays that is accepted.
    public static let maxDepth = 1_024

    private let handle: OpaquePointer
    private var tokenRoom: [AccrueJSONToken] = []
    private var statuses: [AccrueJSONStatus] = []

    public init() {
        guard let handle = accrue_json_parser_new() else { preconditionFailure("out of memory") }
        self.handle = handle
    }

    deinit { accrue_json_parser_free(handle) }

    /// Checks that `text` is exactly one JSON value: grammar, UTF-8, escapes, depth.
    ///
    /// - Parameter mustBeObject: anything but an object is then ``JSONError/Code/notObject``.
    public func validate(
        _ text: UnsafeRawBufferPointer, mustBeObject: Bool = false, maxDepth: Int = JSONParser.maxDepth
    ) throws(JSONError) {
        let status = accrue_json_validate(
            handle, text.jsonBytes, text.count, UInt32(clamping: maxDepth), mustBeObject ? 1 : 0)
        try status.check()
    }

    /// Checks that each of `records` is exactly one JSON object.
    ///
    /// - Parameter records: ascending ranges of `text`; what lies between them does not matter. They are checked many
    ///   at a time, and one by one only where one is bad.
    /// - Returns: the records that are not, ascending, with the offset counted from the record's start.
    public func invalidRecords(
        _ records: [Range<Int>], in text: UnsafeRawBufferPointer
    ) -> [(record: Int, error: JSONError)] {
        guard !records.isEmpty else { return [] }
        precondition(MemoryLayout<Range<Int>>.size == MemoryLayout<AccrueByteRange>.size)
        precondition(records[records.count - 1].upperBound <= text.count, "record outside of its text")
        if statuses.count < records.count {
            statuses = Array(repeating: AccrueJSONStatus(code: 0, offset: 0), count: records.count)
        }
        let invalidCount = records.withUnsafeBytes { ranges in
            accrue_json_validate_records(
                handle, text.jsonBytes, ranges.assumingMemoryBound(to: AccrueByteRange.self).baseAddress, records.count,
                UInt32(JSONParser.maxDepth), &statuses)
        }
        guard invalidCount > 0 else { return [] }
        return records.indices.compactMap { record in statuses[record].error.map { (record, $0) } }
    }

    /// Checks the whole of `text` and lists its tokens in document order.
    ///
    /// - Parameter maxLevel: how many containers deep to list; 1 lists the members of the outermost object, and a
    ///   container among them as one token (with its `.end`), whose range is its source text.
    public func tokens(
        of text: UnsafeRawBufferPointer, maxLevel: Int = JSONParser.maxDepth, maxDepth: Int = JSONParser.maxDepth
    ) throws(JSONError) -> [JSONToken] {
        let count = try scan(text, maxLevel: maxLevel, maxDepth: maxDepth)
        return tokenRoom[..<count].map(JSONToken.init)
    }

    /// The tokens of ``tokens(of:maxLevel:maxDepth:)`` without an array of their own.
    ///
    /// - Parameter body: gets a list that is good for the time of the call.
    public func withTokens<Value>(
        of text: UnsafeRawBufferPointer, maxLevel: Int = JSONParser.maxDepth, maxDepth: Int = JSONParser.maxDepth,
        _ body: (JSONTokenList) -> Value
    ) throws(JSONError) -> Value {
        let count = try scan(text, maxLevel: maxLevel, maxDepth: maxDepth)
        return tokenRoom.withUnsafeBufferPointer { body(JSONTokenList(UnsafeBufferPointer(rebasing: $0[..<count]))) }
    }

    /// Fills `tokenRoom`. - Returns: the number of tokens.
    private func scan(
        _ text: UnsafeRawBufferPointer, maxLevel: Int, maxDepth: Int
    ) throws(JSONError) -> Int {
        var count = 0
        while true {
            let status = tokenRoom.withUnsafeMutableBufferPointer { room in
                accrue_json_tokens(
                    handle, text.jsonBytes, text.count, UInt32(clamping: maxDepth), UInt32(clamping: maxLevel),
                    room.baseAddress, room.count, &count)
            }
            if status.code == ACCRUE_JSON_NO_ROOM {
                tokenRoom = Array(repeating: AccrueJSONToken(), count: count + count / 2)
                continue
            }
            try status.check()
            return count
        }
    }
}

/// The tokens of a text, in document order.
public struct JSONTokenList {
    private let tokens: UnsafeBufferPointer<AccrueJSONToken>

    init(_ tokens: UnsafeBufferPointer<AccrueJSONToken>) { self.tokens = tokens }

    public var count: Int { tokens.count }
    public subscript(index: Int) -> JSONToken { JSONToken(tokens[index]) }
}

/// A piece of a JSON text.
public struct JSONToken: Hashable, Sendable {
    public enum Kind: UInt8, Sendable {
        case object = 1
        case array, end, key, string, number, `true`, `false`, null
    }

    public var kind: Kind
    /// A key or string holds escapes; ``JSONText/decoded(_:)`` takes them out.
    public var hasEscapes: Bool
    /// Bytes of the text: of keys and strings what stands between the quotes, else the source text.
    public var range: Range<Int>

    init(_ token: AccrueJSONToken) {
        guard let kind = Kind(rawValue: UInt8(token.kind)) else { preconditionFailure("unknown token kind") }
        self.kind = kind
        hasEscapes = token.hasEscapes != 0
        range = Int(token.start)..<Int(token.end)
    }
}

/// What is true of JSON and UTF-8 bytes without a parser.
public enum JSONText {
    /// Decodes the escapes of a checked string's inner text into `out`, which has room for as many bytes.
    ///
    /// `\u0000` and lone surrogates become U+FFFD.
    /// - Returns: the bytes written, and how many code points were replaced.
    @discardableResult
    public static func decode(
        _ inner: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer
    ) -> (byteCount: Int, replacedCount: Int) {
        precondition(out.count >= inner.count, "no room for the decoded text")
        guard let target = out.baseAddress, inner.count > 0 else { return (0, 0) }
        var replaced = 0
        let written = accrue_json_unescape(
            inner.jsonBytes, inner.count, target.assumingMemoryBound(to: UInt8.self), &replaced)
        return (written, replaced)
    }

    public static func decoded(_ inner: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: inner.count) { room, count in
            count = decode(inner, into: UnsafeMutableRawBufferPointer(room)).byteCount
        }
    }

    public static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
        text.isEmpty || accrue_utf8_is_valid(text.jsonBytes, text.count) != 0
    }
}

extension UnsafeRawBufferPointer {
    var jsonBytes: UnsafePointer<UInt8>? { assumingMemoryBound(to: UInt8.self).baseAddress }
}

extension AccrueJSONStatus {
    var error: JSONError? {
        guard code != ACCRUE_JSON_OK else { return nil }
        guard let code = JSONError.Code(rawValue: code) else { preconditionFailure("unknown status \(code)") }
        return JSONError(code, byteOffset: offset)
    }

    func check() throws(JSONError) {
        if let error { throw error }
    }
}
