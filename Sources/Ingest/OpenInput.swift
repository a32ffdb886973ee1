// One input while it is read: recognised from its first bytes, then cut window by window.

import Columns
import Formats

final class OpenInput {
    struct Piece {
        var buffer: ByteBuffer
        var byteOffset: Int
        var cut: FrameCut
    }

    private(set) var description: InputDescription
    private let source: any ByteSource
    private var framer: any Framer
    private let chunkBytes: Int
    private var carry: [UInt8] = []
    private var byteOffset = 0
    private var isAtEnd = false

    init(_ planned: PlannedInput, index: Int, _ options: IngestOptions) throws(InputError) {
        let opened = try SampledSource(planned.path, options)
        source = PrefetchedSource(opened.sample, then: opened.source)
        byteOffset = opened.byteOrderMarkBytes
        chunkBytes = max(1, options.chunkBytes)
        let forced = planned.spec
        let form = opened.sample.withUnsafeBytes { sample in
            InputForm(sample: sample, isWhole: opened.isWhole, path: planned.path, sourcetype: forced.sourcetype)
        }
        description = InputDescription(
            path: planned.path, index: index, form: form,
            origin: EventOrigin(
                sourcetype: forced.sourcetype ?? form.defaultSourcetype,
                source: forced.source ?? (planned.path == "-" ? "stdin" : planned.path),
                host: forced.host ?? options.defaultHost),
            forced: forced, maxRecordBytes: options.maxRecordBytes)
        SampleReading.recognise(&description, opened.sample, isWhole: opened.isWhole, options)
        if description.form.mayBeTable, let reading = options.tableReading?(description.origin) {
            description.form = .table
            framer = TableFramer(maxRecordBytes: options.maxRecordBytes, reading: reading)
        } else {
            let breaking = description.form == .text ? options.lineBreaking?(description.origin) : nil
            framer = description.form.framer(maxRecordBytes: options.maxRecordBytes, breaking)
        }
    }

    /// The next records; nil at the end. A failure of the source ends the input and is added to `problems`.
    func nextPiece(_ problems: inout [InputError]) -> Piece? {
        while !isAtEnd {
            var end = WindowEnd.more
            // Doubling keeps a long record from being looked at once for every chunk of it.
            let capacity = carry.count + max(chunkBytes, carry.count)
            let buffer = ByteBuffer(capacity: capacity) { room in
                room.copyBytes(from: carry)
                let filled = source.fill(UnsafeMutableRawBufferPointer(rebasing: room[carry.count...]))
                if filled.isAtEnd { end = filled.failure == nil ? .end : .broken }
                if let failure = filled.failure { problems.append(failure) }
                return carry.count + filled.byteCount
            }
            isAtEnd = end != .more
            let cut = framer.frame(buffer.bytes, end)
            carry = cut.consumed == buffer.count ? [] : Array(buffer.bytes[cut.consumed...])
            defer { byteOffset += cut.consumed }
            if !cut.lines.isEmpty || !cut.records.isEmpty {
                return Piece(buffer: buffer, byteOffset: byteOffset, cut: cut)
            }
        }
        return nil
    }
}

extension InputForm {
    func framer(maxRecordBytes: Int, _ breaking: (any LineBreaking)?) -> any Framer {
        switch self {
        case .jsonLines: LineFramer(maxRecordBytes: maxRecordBytes)
        case .jsonDocuments: DocumentFramer(maxRecordBytes: maxRecordBytes)
        case .csv: CSVRowFramer(maxRecordBytes: maxRecordBytes)
        case .windowsXML: XMLEventFramer(maxRecordBytes: maxRecordBytes)
        case .table, .text:
            if let breaking {
                LineBreakerFramer(maxRecordBytes: maxRecordBytes, breaking: breaking)
            } else {
                LineFramer(maxRecordBytes: maxRecordBytes, breaksAtReturns: true)
            }
        }
    }
}

/// An opened input, unpacked, with the sample it is recognised by.
private struct SampledSource {
    /// A first line longer than this is not waited for.
    private static let maxSampleBytes = 1 << 20

    var source: any ByteSource
    var sample: [UInt8] = []
    /// The sample is all there is.
    var isWhole = false
    var byteOrderMarkBytes = 0

    init(_ path: String, _ options: IngestOptions) throws(InputError) {
        let file = try FileSource(opening: path)
        source = file
        var start: [UInt8] = []
        let failed = try Self.extend(&start, by: 16, file)
        let packed = PrefetchedSource(start, then: failed.map { BrokenSource($0) } ?? file)
        switch InputEncoding.compression(start) {
        case .none: source = packed
        case .gzip: source = GzipSource(packed, path: path)
        case .zstd: source = ZstdSource(packed, path: path)
        }
        try readSample(max(512, options.sampleBytes), path)
    }

    private mutating func readSample(_ sampleBytes: Int, _ path: String) throws(InputError) {
        var wanted = sampleBytes
        repeat {
            let before = sample.count
            if let failure = try Self.extend(&sample, by: wanted - sample.count, source) {
                source = BrokenSource(failure)
            } else {
                isWhole = sample.count < wanted
            }
            if sample.count == before { break }
            wanted *= 2
        } while !isWhole && wanted <= Self.maxSampleBytes && !sample.contains(UInt8(ascii: "\n"))
        if sample.starts(with: [0xEF, 0xBB, 0xBF]) {
            sample.removeFirst(3)
            byteOrderMarkBytes = 3
        }
        if let refusal = InputEncoding.refusal(sample, path: path) { throw refusal }
        if isWhole, sample.allSatisfy(\.isBlank) {
            throw InputError(code: .empty, path: path, message: "'\(path)' holds no events", hint: "nothing to do")
        }
    }

    /// - Returns: the failure that came behind some bytes; one that came before any is thrown.
    private static func extend(
        _ bytes: inout [UInt8], by count: Int, _ source: any ByteSource
    ) throws(InputError) -> InputError? {
        let before = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: max(0, count)))
        let filled = bytes.withUnsafeMutableBytes {
            source.fill(UnsafeMutableRawBufferPointer(rebasing: $0[before...]))
        }
        bytes.removeSubrange((before + filled.byteCount)...)
        if let failure = filled.failure, bytes.isEmpty { throw failure }
        return filled.failure
    }
}

/// The rest of a source that failed while its sample was read: fails when its turn comes.
private final class BrokenSource: ByteSource {
    private var failure: InputError?

    init(_ failure: InputError) { self.failure = failure }

    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard let failure else { return 0 }
        self.failure = nil
        throw failure
    }
}
