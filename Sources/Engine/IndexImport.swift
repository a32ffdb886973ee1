import Dispatch
import Foundation
public import Ingest
public import RiskIndex
import Synchronization

/// Lines of `accrue index export` into an index: one thread reads and checks, another writes.
public struct IndexImport: Sendable {
    public struct Report: Sendable {
        public var index = ImportReport()
        /// Inputs that could not be read, or not to their end.
        public var problems: [InputError] = []
        /// Inputs that a newer version of this program wrote; nothing of them was read behind their first line.
        public var newerInputs: [String] = []

        public init() {}
    }

    /// Files, plain, gzip or zstd; `-` is standard input.
    public var paths: [String]

    public init(paths: [String]) { self.paths = paths }

    /// - Parameter report: of what is committed, also when this throws.
    /// - Throws: `IndexError`; what is wrong with inputs and lines is in the report.
    public func run(into index: RiskIndex, _ report: inout Report) throws {
        let queue = GroupQueue()
        let paths = paths
        DispatchQueue.global().async {
            var found = Report()
            let reader = ImportReader()
            for (number, path) in paths.enumerated() {
                reader.beginInput(number)
                do throws(InputError) {
                    let lines = try ImportLines(path: path)
                    guard try lines.read(reader, queue) else { break }
                } catch {
                    found.problems.append(error)
                }
                guard queue.work({ reader.isEmpty || queue.put(reader.take()) }) == true else { break }
                if reader.isOfNewerVersion { found.newerInputs.append(path) }
            }
            queue.finish(found)
        }
        defer { queue.cancel() }
        try index.importGroups(&report.index) { queue.next() }
        let found = queue.found
        report.problems = found.problems
        report.newerInputs = found.newerInputs
    }
}

/// Hands groups from the reading thread to the writing one; holds one while another is being written.
private final class GroupQueue: Sendable {
    private struct State {
        var group: ImportGroup?
        var found: IndexImport.Report?
        var isCancelled = false
    }

    private let state = Mutex(State())
    /// Held while lines are taken apart, not while the reading thread waits for an input.
    private let working = Mutex(())
    private let room = DispatchSemaphore(value: 1)
    private let filled = DispatchSemaphore(value: 0)

    /// Runs a piece of the reading thread's work: none begins once the queue is cancelled, and none goes on then.
    ///
    /// - Returns: nil when nobody wants more.
    func work<Result>(_ body: () -> Result) -> Result? {
        working.withLock { _ in state.withLock { $0.isCancelled } ? nil : body() }
    }

    /// - Returns: false when nobody wants more.
    func put(_ group: ImportGroup) -> Bool {
        room.wait()
        let isWanted = state.withLock { state in
            guard !state.isCancelled else { return false }
            state.group = group
            return true
        }
        // Room that a cancelled queue will never fill is there for all that come.
        if isWanted { filled.signal() } else { room.signal() }
        return isWanted
    }

    /// Nil at the end.
    func next() -> ImportGroup? {
        filled.wait()
        let group = state.withLock { state in
            defer { state.group = nil }
            return state.group
        }
        room.signal()
        return group
    }

    func finish(_ found: IndexImport.Report) {
        room.wait()
        let isCancelled = state.withLock { state in
            state.found = found
            return state.isCancelled
        }
        filled.signal()
        if isCancelled { room.signal() }
    }

    /// After this the reading thread does no more than wait for its input: the process may end beside it.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.group = nil
        }
        room.signal()
        working.withLock { _ in }
    }

    var found: IndexImport.Report { state.withLock { $0.found ?? IndexImport.Report() } }
}

/// The lines of one input.
private final class ImportLines {
    private static let readBytes = 4 << 20
    private static let maxLineBytes = 16 << 20

    private let input: UnpackedInput
    private var buffer: UnsafeMutableRawBufferPointer
    /// Begin of a line whose end is not read yet.
    private var carried = 0
    /// Within a line that is too long.
    private var isSkipping = false

    init(path: String) throws(InputError) {
        input = try UnpackedInput(path: path)
        buffer = .allocate(byteCount: Self.readBytes, alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// - Parameter queue: gets what is read whenever it is as much as a transaction holds.
    /// - Returns: false when nobody wants more.
    /// - Throws: when the input breaks off; what came before has been read, a line without its end has not.
    func read(_ reader: ImportReader, _ queue: GroupQueue) throws(InputError) -> Bool {
        var isFirst = true
        while true {
            if buffer.count - carried < Self.readBytes / 2 { grow() }
            let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[carried...]))
            if count == 0 { break }
            var bytes = UnsafeRawBufferPointer(rebasing: buffer[..<(carried + count)])
            if isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                bytes = UnsafeRawBufferPointer(rebasing: bytes[3...])
            }
            isFirst = false
            guard queue.work({ readWholeLines(bytes, reader, queue) }) == true else { return false }
            if reader.isOfNewerVersion { return true }
        }
        return queue.work { readRest(reader) } != nil
    }

    /// - Returns: false when nobody wants more.
    private func readWholeLines(_ bytes: UnsafeRawBufferPointer, _ reader: ImportReader, _ queue: GroupQueue) -> Bool {
        var start = 0
        while let end = newline(bytes, from: start) {
            if isSkipping {
                reader.rejectLongLine()
            } else {
                reader.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            }
            isSkipping = false
            start = end + 1
            if reader.isOfNewerVersion { return true }
            if reader.isFull, !queue.put(reader.take()) { return false }
        }
        carry(bytes[start...])
        return true
    }

    private func readRest(_ reader: ImportReader) {
        if isSkipping {
            reader.rejectLongLine()
        } else if carried > 0 {
            reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<carried]))
        }
    }

    private func newline(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private func carry(_ rest: Slice<UnsafeRawBufferPointer>) {
        isSkipping = isSkipping || rest.count > Self.maxLineBytes
        carried = isSkipping ? 0 : rest.count
        guard carried > 0, let base = rest.base.baseAddress, let target = buffer.baseAddress else { return }
        memmove(target, base + rest.startIndex, carried)
    }

    private func grow() {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<carried]))
        buffer.deallocate()
        buffer = larger
    }
}
