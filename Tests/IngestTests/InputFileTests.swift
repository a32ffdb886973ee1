import CZlib
import CZstd
import Foundation
import Ingest
import Testing

@Suite struct InputFileTests {
    @Test func foldersAreReadInTheOrderOfTheirPaths() throws {
        let folder = TemporaryFolder()
        for name in ["b.log", "a/z.log", "a.log", "a/b/c.log", "a-.log", "B.log"] { try folder.write(name, name) }
        let reading = Reading([InputSpec(path: folder.path)])
        #expect(reading.texts == ["B.log", "a-.log", "a.log", "a/b/c.log", "a/z.log", "b.log"])
        #expect(reading.sources.first == folder.path + "/B.log")
        #expect(reading.problems.isEmpty)
    }

    @Test func linksThatLeadBackAreNotFollowed() throws {
        let folder = TemporaryFolder()
        try folder.write("a/b/x.log", "x")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/a/b/loop", withDestinationPath: folder.path)
        let reading = Reading([InputSpec(path: folder.path)])
        #expect(reading.texts == ["x"])
        #expect(reading.problems.map(\.code) == [.skippedFile])
        #expect(reading.problems.allSatisfy { $0.severity == .note })
    }

    @Test func whatCannotBeReadDoesNotStopTheRest() throws {
        let folder = TemporaryFolder()
        try folder.write("empty.log", "")
        try folder.write("good.log", "good")
        try folder.write("blank.log", " \n\n")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/dangling", withDestinationPath: "nowhere")
        let reading = Reading([
            InputSpec(path: folder.path + "/missing.log"), InputSpec(path: folder.path),
            InputSpec(path: folder.path + "/good.log/x"),
        ])
        #expect(reading.texts == ["good"])
        #expect(reading.problems.map(\.code) == [.notFound, .notFound, .notFound, .empty, .empty])
        #expect(reading.problems[0].description.contains("E501") && reading.problems[0].path.hasSuffix("missing.log"))
    }

    // The superuser may read everything.
    @Test(.enabled(if: getuid() != 0))
    func filesWithoutPermissionAreReported() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("secret.log", "x")
        chmod(path, 0)
        #expect(Reading([InputSpec(path: path)]).problems.map(\.code) == [.notPermitted])
    }

    @Test func aByteOrderMarkIsNoText() throws {
        let reading = try read([0xEF, 0xBB, 0xBF] + Array("{\"a\":1}\n{\"b\"".utf8))
        #expect(reading.texts == ["{\"a\":1}"])
        #expect(reading.rejects.map(\.byteOffset) == [11])
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x7B, 0x00], .unsupportedEncoding), ([0xFE, 0xFF, 0x00, 0x7B], .unsupportedEncoding),
            (Array("hello world".utf16.flatMap { [UInt8($0), 0] }), .unsupportedEncoding),
            (Array("hello world".utf16.flatMap { [0, UInt8($0)] }), .unsupportedEncoding),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x01], .unsupportedFormat),
            (Array("PK\u{3}\u{4}rest".utf8), .unsupportedFormat),
            (Array("ElfFile\0\u{1}".utf8), .unsupportedFormat),
        ] as [([UInt8], InputError.Code)])
    func foreignFormatsAreNamed(_ bytes: [UInt8], _ code: InputError.Code) throws {
        let reading = try read(bytes)
        #expect(reading.texts.isEmpty)
        #expect(reading.problems.map(\.code) == [code])
        #expect(reading.problems.allSatisfy { $0.severity == .error && !$0.hint.isEmpty })
    }
}

@Suite struct ArchiveTests {
    static let lines = (0..<3_000).map { "{\"n\":\($0),\"text\":\"\($0 &* 2_654_435_761)\"}" }
    static let text = Array((lines.joined(separator: "\n") + "\n").utf8)

    @Test func gzipOfSeveralMembers() throws {
        let half = Self.text.count / 2
        let packed = gzip(Array(Self.text[..<half])) + gzip([]) + gzip(Array(Self.text[half...])) + [0, 0, 0]
        let reading = try read(packed, name: "x.gz")
        #expect(reading.texts == Self.lines)
        #expect(reading.problems.isEmpty && reading.rejects.isEmpty)
    }

    @Test func zstdOfSeveralFrames() throws {
        let half = Self.text.count / 2
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9]
        let packed = skippable + zstd(Array(Self.text[..<half])) + skippable + zstd(Array(Self.text[half...]))
        let reading = try read(packed, name: "x.json")
        #expect(reading.texts == Self.lines)
        #expect(reading.problems.isEmpty && reading.rejects.isEmpty)
    }

    @Test(arguments: [true, false])
    func cutArchivesKeepTheEventsBeforeTheCut(isGzip: Bool) throws {
        let packed = isGzip ? gzip(Self.text) : zstd(Self.text)
        var options = IngestOptions()
        options.chunkBytes = 1_000
        for length in stride(from: 30, to: packed.count - 1, by: packed.count / 7) {
            let reading = try read(Array(packed[..<length]), options)
            #expect(reading.texts == Array(Self.lines.prefix(reading.texts.count)), "\(length)")
            #expect(reading.problems.map(\.code) == [.truncatedArchive], "\(length)")
            #expect(reading.rejects.count <= 1)
        }
    }

    @Test(arguments: [true, false])
    func damagedArchivesAreReported(isGzip: Bool) throws {
        var packed = isGzip ? gzip(Self.text) : zstd(Self.text)
        for index in packed.count / 2..<packed.count / 2 + 16 { packed[index] = packed[index] &+ 85 }
        let reading = try read(packed)
        #expect(reading.problems.map(\.code) == [.corruptArchive])
        #expect(!reading.problems[0].hint.isEmpty)
    }

    @Test func aCutTextLineIsNoEvent() throws {
        let packed = gzip(Array((0..<5_000).map { "line \($0 &* 2_654_435_761)\n" }.joined().utf8))
        let reading = try read(Array(packed[..<(packed.count / 2)]))
        #expect(!reading.texts.isEmpty)
        #expect(reading.texts == (0..<reading.texts.count).map { "line \($0 &* 2_654_435_761)" })
        #expect(reading.rejects.count <= 1 && reading.rejects.allSatisfy { $0.code == .truncated })
    }
}

private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1_000)
    let count = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            deflate(&stream, Z_FINISH)
            return output.count - Int(stream.avail_out)
        }
    }
    deflateEnd(&stream)
    return Array(output[..<count])
}

private func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return Array(output[..<count])
}
