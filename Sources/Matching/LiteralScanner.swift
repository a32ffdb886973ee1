// Many literals at once over large buffers, by Vectorscan. It is the first sieve over raw logs: which events may hold what
// a rule looks for. Some 3,400 literals compile in 0.1 s; speed depends on how rare they are (2026-11-23).

import CVectorscan
import Glibc
import Synchronization

/// A set of literals, compiled. One instance may be used from many threads, each scan with its own scratch.
///
/// Case is ignored for ASCII letters only, which is what Vectorscan does: `É` and `é` differ here. Give it literals that
/// are ASCII where case is ignored (``WildcardPattern/requiredLiterals`` are).
///
/// @unchecked: Vectorscan never writes to a compiled database, nor to the scratch that others are cloned from; its manual
/// ("Scratch space") lets threads share the first. The idle scratches are behind a mutex.
public final class LiteralScanner: @unchecked Sendable {
    public let literalCount: Int
    private let longestLiteral: Int
    /// Both nil when there are no literals, which Vectorscan would refuse.
    private let database: OpaquePointer?
    private let prototype: OpaquePointer?
    private let idleScratch = Mutex<[LiteralScratch]>([])

    /// - Parameter literals: their places in this array are the indexes of the hits; the same literal may stand twice.
    /// - Parameter compiled: ``compiledBytes`` of a scanner for the same literals, made by ``engineVersion``; what is not
    ///   readable as one is compiled anew. Bytes of other literals would give other hits: the caller must know them.
    /// - Throws: for a literal that is empty, over 64 KiB or begins with a zero byte, and a set that Vectorscan refuses.
    public init(
        literals: [[UInt8]], caseInsensitive: Bool, compiled: UnsafeRawBufferPointer? = nil
    ) throws(LiteralScannerError) {
        literalCount = literals.count
        longestLiteral = literals.map(\.count).max() ?? 0
        for (index, literal) in literals.enumerated() {
            guard (1...(1 << 16)).contains(literal.count) else {
                throw LiteralScannerError(message: "literal \(index) has \(literal.count) bytes", literalIndex: index)
            }
            // Vectorscan takes it for an empty string.
            guard literal[0] != 0 else {
                throw LiteralScannerError(message: "literal \(index) begins with a zero byte", literalIndex: index)
            }
        }
        guard !literals.isEmpty else {
            (database, prototype) = (nil, nil)
            return
        }
        let known = compiled.flatMap { LiteralScanner.deserialized($0) }
        let database =
            if let known { known } else { try LiteralScanner.compile(literals, caseInsensitive: caseInsensitive) }
        var scratch: OpaquePointer?
        let result = hs_alloc_scratch(database, &scratch)
        guard result == HS_SUCCESS, let scratch else {
            hs_free_database(database)
            throw LiteralScannerError(message: "no memory to scan (Vectorscan error \(result))", literalIndex: nil)
        }
        self.database = database
        prototype = scratch
    }

    deinit {
        if let prototype { hs_free_scratch(prototype) }
        if let database { hs_free_database(database) }
    }

    /// Which Vectorscan this is; what one version compiled is nothing to another.
    public static var engineVersion: String { hs_version().map { String(cString: $0) } ?? "" }

    /// The set as it is compiled, for this kind of processor; nil for a set without literals, and where memory is short.
    public var compiledBytes: [UInt8]? {
        guard let database else { return nil }
        var bytes: UnsafeMutablePointer<CChar>?
        var count = 0
        guard hs_serialize_database(database, &bytes, &count) == HS_SUCCESS, let bytes else { return nil }
        defer { free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Vectorscan checks version, processor and a checksum of its own.
    private static func deserialized(_ bytes: UnsafeRawBufferPointer) -> OpaquePointer? {
        guard let base = bytes.baseAddress else { return nil }
        var database: OpaquePointer?
        let result = hs_deserialize_database(base.assumingMemoryBound(to: CChar.self), bytes.count, &database)
        return result == HS_SUCCESS ? database : nil
    }

    private static func compile(
        _ literals: [[UInt8]], caseInsensitive: Bool
    ) throws(LiteralScannerError) -> OpaquePointer {
        let bytes = literals.flatMap(\.self)
        let lengths = literals.map(\.count)
        let flags = [UInt32](repeating: caseInsensitive ? UInt32(HS_FLAG_CASELESS) : 0, count: literals.count)
        let ids = literals.indices.map(UInt32.init)
        var database: OpaquePointer?
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        let result = bytes.withUnsafeBytes { bytes in
            var starts: [UnsafePointer<CChar>?] = []
            var offset = 0
            for length in lengths {
                starts.append(bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) })
                offset += length
            }
            return hs_compile_lit_multi(
                starts, flags, ids, lengths, UInt32(literals.count), UInt32(HS_MODE_BLOCK), nil, &database, &error)
        }
        defer { if let error { hs_free_compile_error(error) } }
        guard result == HS_SUCCESS, let database else {
            let reason = error.flatMap { $0.pointee.message.map { String(cString: $0) } } ?? "error \(result)"
            let index = error.map { Int($0.pointee.expression) }.flatMap { $0 >= 0 ? $0 : nil }
            throw LiteralScannerError(message: "literals are refused by Vectorscan: \(reason)", literalIndex: index)
        }
        return database
    }

    /// Working memory for one thread's scans.
    public func makeScratch() throws(LiteralScannerError) -> LiteralScratch {
        guard let prototype else { return LiteralScratch(pointer: nil) }
        var clone: OpaquePointer?
        let result = hs_clone_scratch(prototype, &clone)
        guard result == HS_SUCCESS, let clone else {
            throw LiteralScannerError(message: "no memory to scan (Vectorscan error \(result))", literalIndex: nil)
        }
        return LiteralScratch(pointer: clone)
    }

    /// Reports every occurrence of every literal, overlapping ones too, until `onHit` returns false.
    ///
    /// - Parameter onHit: the literal's index and the offset behind its last byte. Hits come by ascending end; literals
    ///   that end together come in no fixed order.
    /// - Throws: for a scratch that is in use by a scan around this one.
    public func scan(
        _ bytes: UnsafeRawBufferPointer, scratch: LiteralScratch,
        _ onHit: (_ literalIndex: Int, _ endOffset: Int) -> Bool
    ) throws(LiteralScannerError) {
        guard let database, let base = bytes.baseAddress else { return }
        // One call takes lengths of 32 bits. A part begins early enough to hold literals that cross its start.
        var start = 0
        while start < bytes.count {
            let end = min(start + LiteralScanner.bytesPerCall, bytes.count)
            let overlappingStart = max(0, start - (longestLiteral - 1))
            let result = withoutActuallyEscaping(onHit) { onHit in
                var hits = LiteralHits(onHit: onHit, base: overlappingStart, minimumEnd: start)
                return withUnsafeMutablePointer(to: &hits) { hits in
                    hs_scan(
                        database, (base + overlappingStart).assumingMemoryBound(to: CChar.self),
                        UInt32(end - overlappingStart), 0, scratch.pointer, LiteralHits.report, hits)
                }
            }
            switch result {
            case HS_SUCCESS: break
            case HS_SCAN_TERMINATED: return
            default:
                throw LiteralScannerError(message: "scan fails (Vectorscan error \(result))", literalIndex: nil)
            }
            start = end
        }
    }

    /// As ``scan(_:scratch:_:)``, with a scratch that is kept for the next call.
    public func scan(
        _ bytes: UnsafeRawBufferPointer, _ onHit: (_ literalIndex: Int, _ endOffset: Int) -> Bool
    ) throws(LiteralScannerError) {
        let idle = idleScratch.withLock { $0.popLast() }
        let scratch = if let idle { idle } else { try makeScratch() }
        defer { idleScratch.withLock { $0.append(scratch) } }
        try scan(bytes, scratch: scratch, onHit)
    }

    private static let bytesPerCall = 1 << 30
}

/// Working memory for one thread's scans, from ``LiteralScanner/makeScratch()``.
///
/// @unchecked: it may move between threads, but only one scan may use it at a time; Vectorscan itself refuses a second.
public final class LiteralScratch: @unchecked Sendable {
    fileprivate let pointer: OpaquePointer?

    fileprivate init(pointer: OpaquePointer?) { self.pointer = pointer }

    deinit { if let pointer { hs_free_scratch(pointer) } }
}

/// Why literals could not be compiled or scanned for.
public struct LiteralScannerError: Error, Hashable, Sendable {
    public let message: String
    /// The literal in question, where there is one.
    public let literalIndex: Int?
}

/// What the C callback sees of a scan.
private struct LiteralHits {
    let onHit: (Int, Int) -> Bool
    let base: Int
    /// Hits that end at or before this offset were reported by the part before.
    let minimumEnd: Int

    static let report: match_event_handler = { id, _, end, _, context in
        guard let hits = context?.assumingMemoryBound(to: LiteralHits.self) else { return 1 }
        let endOffset = hits.pointee.base + Int(end)
        if endOffset <= hits.pointee.minimumEnd { return 0 }
        return hits.pointee.onHit(Int(id), endOffset) ? 0 : 1
    }
}
