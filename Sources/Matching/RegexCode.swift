// The two objects of PCRE2: a compiled pattern, which is shared, and the memory of one running match, which is not.

import CPCRE2
import Synchronization

/// A compiled pattern, owned.
///
/// @unchecked: PCRE2 never writes to a pattern after pcre2_jit_compile, which runs once, behind a mutex, before the first
/// match; its manual (pcre2api, "Multithreading") lets threads share one.
final class RegexCode: @unchecked Sendable {
    let pointer: OpaquePointer
    let groupCount: Int
    let groupNames: [Regex.Group]
    private let isReady = Mutex(false)

    init(_ pattern: String) throws(RegexError) {
        guard let context = pcre2_compile_context_create_8(nil) else {
            throw RegexError(.memoryLimit, "no memory to compile a regular expression")
        }
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        // \C would match half a character.
        let options = PCRE2_UTF | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        var errorCode: Int32 = 0
        var errorOffset = 0
        let bytes = Array(pattern.utf8)
        guard
            let pointer = pcre2_compile_8(bytes, bytes.count, options, &errorCode, &errorOffset, context)
        else {
            throw RegexError(
                .syntax,
                "regular expression '\(pattern)' is not valid at offset \(errorOffset): \(RegexCode.message(errorCode))",
                offset: errorOffset)
        }
        self.pointer = pointer
        groupCount = Int(RegexCode.number(pointer, UInt32(PCRE2_INFO_CAPTURECOUNT)))
        groupNames = RegexCode.names(pointer)
    }

    deinit { pcre2_code_free_8(pointer) }

    /// Makes machine code, which takes longer than reading the pattern: most patterns of most rules never meet a text.
    func makeReady() {
        isReady.withLock { isReady in
            if isReady { return }
            // Without JIT (a system that forbids executable memory) pcre2_match interprets, under the same limits.
            _ = pcre2_jit_compile_8(pointer, UInt32(PCRE2_JIT_COMPLETE))
            isReady = true
        }
    }

    static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<Int(count)], as: UTF8.self) : "error \(code)"
    }

    private static func number(_ pointer: OpaquePointer, _ what: UInt32) -> UInt32 {
        var value: UInt32 = 0
        pcre2_pattern_info_8(pointer, what, &value)
        return value
    }

    private static func names(_ pointer: OpaquePointer) -> [Regex.Group] {
        let count = Int(number(pointer, UInt32(PCRE2_INFO_NAMECOUNT)))
        let entrySize = Int(number(pointer, UInt32(PCRE2_INFO_NAMEENTRYSIZE)))
        var table: UnsafePointer<UInt8>?
        guard count > 0, pcre2_pattern_info_8(pointer, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table else {
            return []
        }
        let entries = (0..<count).map { entry in
            let bytes = UnsafeBufferPointer(start: table + entry * entrySize, count: entrySize)
            let name = bytes.dropFirst(2).prefix { $0 != 0 }
            return Regex.Group(
                name: String(decoding: name, as: UTF8.self), index: Int(bytes[0]) << 8 | Int(bytes[1]))
        }
        return entries.sorted { $0.index < $1.index }
    }
}

/// The memory of one running match.
///
/// @unchecked: used by one thread at a time. `Regex` hands an instance out from behind its mutex and takes it back after
/// the match; nothing else refers to it.
final class RegexScratch: @unchecked Sendable {
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?

    /// Matches need one, so that the pattern is ready then.
    init(code: RegexCode, limits: RegexLimits) throws(RegexError) {
        code.makeReady()
        guard let data = pcre2_match_data_create_from_pattern_8(code.pointer, nil) else {
            throw RegexError(.memoryLimit, "no memory to run a regular expression")
        }
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_match_data_free_8(data)
            throw RegexError(.memoryLimit, "no memory to run a regular expression")
        }
        pcre2_set_match_limit_8(context, limits.matchSteps)
        pcre2_set_depth_limit_8(context, limits.depth)
        pcre2_set_heap_limit_8(context, limits.heapKiB)
        let stack = pcre2_jit_stack_create_8(min(32 << 10, limits.jitStackBytes), limits.jitStackBytes, nil)
        if let stack { pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
        self.data = data
        self.context = context
        self.stack = stack
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_match_data_free_8(data)
        if let stack { pcre2_jit_stack_free_8(stack) }
    }

    /// - Returns: PCRE2's code: above 0 for a match.
    func run(code: RegexCode, _ subject: UnsafeRawBufferPointer, from start: Int, options: UInt32) -> Int32 {
        // An empty buffer may have no address, and PCRE2 wants one.
        var nothing: UInt8 = 0
        guard let base = subject.baseAddress else {
            return pcre2_match_8(code.pointer, &nothing, 0, 0, options, data, context)
        }
        return pcre2_match_8(
            code.pointer, base.assumingMemoryBound(to: UInt8.self), subject.count, start, options, data, context)
    }

    /// The offsets of the match that `run` has just found.
    func match(groupCount: Int) -> RegexMatch {
        let offsets = pcre2_get_ovector_pointer_8(data)
        let groups = (0...groupCount).map { group -> Range<Int>? in
            guard let offsets, offsets[2 * group] != Int(bitPattern: ~0) else { return nil }
            let (start, end) = (offsets[2 * group], offsets[2 * group + 1])
            // \K inside a lookahead may set the start behind the end.
            return min(start, end)..<end
        }
        return RegexMatch(groups: groups)
    }
}
