import CSimdjson
public import Columns

/// Turns one JSON record into (field name, value) leaves, named as Splunk's KV_MODE=json names them.
///
/// `a.b` for members, `items{}` for the scalars of an array, `items{}.x` and `a{}{}` below; keys that hold dots stay as
/// they are. Strings are decoded, numbers stand as written, `true`, `false` and `null` are text, empty containers give
/// nothing, duplicate keys give one leaf each. `\u0000` and lone surrogates become U+FFFD. A key "" at the top gives
/// nothing: a field has a name.
/// Source: Splunk Search Reference 9.4, \"spath\"; null as text: a CloudTrail event of a real Splunk (responseElements).
///
/// Not Sendable: one per thread. Subtrees that cannot hold a wanted name are checked but not looked at.
public final class JSONFlattener {
    private let handle: OpaquePointer
    private var names: [Text] = []

    /// Leaves whose names `wanted` contains; its exact names have the ids `0..<names.count` in ascending order.
    public init(wanted: FieldSet) {
        let exact = wanted.names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        let patterns = wanted.patterns.map { Array($0.utf8) }
        let all = exact + patterns
        guard
            let handle = accrue_json_flattener_new(
                all.flatMap { $0 }, all.map { UInt32($0.count) }, exact.count, patterns.count, wanted.isAll ? 1 : 0)
        else { preconditionFailure("out of memory") }
        self.handle = handle
        learnNames()
    }

    deinit { accrue_json_flattener_free(handle) }

    /// Names met so far that had a value, and the exact ones.
    public var nameCount: Int { names.count }
    public func name(of id: Int) -> Text { names[id] }

    /// Replaces `leaves` by the wanted leaves of `text`, in document order.
    ///
    /// The whole text is checked: on an error `leaves` is empty, never half a record.
    public func flatten(_ text: UnsafeRawBufferPointer, into leaves: inout JSONLeaves) throws(JSONError) {
        leaves.reserve(byteCount: text.count)
        while true {
            let status = leaves.fill { room, arena, count, arenaCount, replaced in
                accrue_json_flatten(
                    handle, text.jsonBytes, text.count, UInt32(JSONParser.maxDepth), room.baseAddress, room.count,
                    &count, arena.baseAddress, &arenaCount, &replaced)
            }
            if status.code == ACCRUE_JSON_NO_ROOM {
                leaves.growLeafRoom()
                continue
            }
            if names.count < accrue_json_flattener_name_count(handle) { learnNames() }
            if let error = status.error {
                leaves.removeAll()
                throw error
            }
            return
        }
    }

    /// Bytes of the names and keys remembered.
    public var nameBytes: Int { accrue_json_flattener_name_bytes(handle) }

    /// Forgets every name but the exact ones; ids above those are given anew. For use between batches, when
    /// ``nameBytes`` has grown large: inputs may make up names without end.
    public func forgetNames() {
        accrue_json_flattener_forget_names(handle)
        names.removeAll(keepingCapacity: true)
        learnNames()
    }

    private func learnNames() {
        for id in names.count..<accrue_json_flattener_name_count(handle) {
            var length = 0
            let bytes = accrue_json_flattener_name(handle, id, &length)
            names.append(Text(UnsafeRawBufferPointer(start: bytes, count: length)))
        }
    }
}

/// The leaves of one record; keep it and hand it in again to reuse its memory.
public struct JSONLeaves {
    /// What a leaf was in the source.
    public enum Kind: UInt32, Sendable {
        case string = 5
        case number, `true`, `false`, null
    }

    public private(set) var count = 0
    /// How many code points became U+FFFD: `\u0000` and lone surrogates.
    public private(set) var replacedCount = 0
    private var leaves: [AccrueJSONLeaf]
    private var arena: [UInt8] = []

    public init() { leaves = Array(repeating: AccrueJSONLeaf(), count: 128) }

    public func nameID(_ leaf: Int) -> Int {
        precondition(leaf < count)
        return Int(leaves[leaf].nameID)
    }

    public func kind(_ leaf: Int) -> Kind {
        precondition(leaf < count)
        guard let kind = Kind(rawValue: leaves[leaf].kind) else { preconditionFailure("unknown leaf kind") }
        return kind
    }

    public func value(_ leaf: Int) -> Text {
        precondition(leaf < count)
        let start = Int(leaves[leaf].offset)
        return Text(arena[start..<start + Int(leaves[leaf].length)])
    }

    public func withValue<Result>(_ leaf: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        precondition(leaf < count)
        let start = Int(leaves[leaf].offset)
        return arena.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[start..<start + Int(leaves[leaf].length)]))
        }
    }

    mutating func reserve(byteCount: Int) {
        if arena.count < byteCount { arena = Array(repeating: 0, count: byteCount + byteCount / 4) }
    }

    mutating func growLeafRoom() { leaves = Array(repeating: AccrueJSONLeaf(), count: leaves.count * 4) }

    mutating func removeAll() { count = 0 }

    mutating func fill(
        _ body: (
            UnsafeMutableBufferPointer<AccrueJSONLeaf>, UnsafeMutableBufferPointer<UInt8>, inout Int, inout Int,
            inout Int
        ) -> AccrueJSONStatus
    ) -> AccrueJSONStatus {
        var count = 0, arenaCount = 0, replaced = 0
        let status = leaves.withUnsafeMutableBufferPointer { room in
            arena.withUnsafeMutableBufferPointer { arena in body(room, arena, &count, &arenaCount, &replaced) }
        }
        self.count = count
        replacedCount = replaced
        return status
    }
}
