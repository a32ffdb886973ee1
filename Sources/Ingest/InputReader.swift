// One reader for all inputs: under its lock it reads, and cuts at record ends; all else happens on the workers.

import Synchronization

/// Hands out the records of inputs, chunk by chunk, to any number of threads.
///
/// The inputs come in the order given, a folder's files sorted by path; ``RawChunk/sequence`` keeps that order for
/// whoever collects the results. An input that cannot be read is noted in ``problems`` and never stops the others.
public final class InputReader: Sendable {
    private let state: Mutex<ReaderState>

    public init(_ specs: [InputSpec], options: IngestOptions = IngestOptions()) {
        let (inputs, problems) = InputFiles.expand(specs)
        state = Mutex(ReaderState(inputs, problems, options))
    }

    /// The next records, nil when all inputs are read. Safe to call from any thread.
    public func nextChunk() -> RawChunk? {
        state.withLock { $0.nextChunk() }
    }

    /// What was wrong with whole inputs so far; complete once ``nextChunk()`` has returned nil.
    public var problems: [InputError] {
        state.withLock { $0.problems }
    }

    /// Bytes handed out so far, decompressed.
    public var byteCount: Int {
        state.withLock { $0.byteCount }
    }
}

private struct ReaderState {
    private let inputs: [PlannedInput]
    private let options: IngestOptions
    private var nextInput = 0
    private var open: OpenInput?
    private var sequence = 0
    private(set) var problems: [InputError]
    private(set) var byteCount = 0

    init(_ inputs: [PlannedInput], _ problems: [InputError], _ options: IngestOptions) {
        self.inputs = inputs
        self.problems = problems
        self.options = options
    }

    mutating func nextChunk() -> RawChunk? {
        while true {
            if let input = open {
                if let piece = input.nextPiece(&problems) {
                    defer { sequence += 1 }
                    byteCount += piece.cut.consumed
                    return RawChunk(
                        sequence: sequence, input: input.description, buffer: piece.buffer,
                        byteOffset: piece.byteOffset, cut: piece.cut)
                }
                open = nil
            }
            guard nextInput < inputs.count else { return nil }
            do throws(InputError) {
                open = try OpenInput(inputs[nextInput], index: nextInput, options)
            } catch {
                problems.append(error)
            }
            nextInput += 1
        }
    }
}
