import Content
import Foundation
import SPL
import Testing

/// Damaged files are reported or read, never fatal, and every place that is named lies within the file.
@Suite struct DamagedContentTests {
    /// Numbers of a fixed sequence, so that a failure comes again.
    private struct Sequence {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let inserts = [
        "&a ", "*a", "? ", ": ", "- ", "[", "]", "{", "}", "|", ">", "'", "\"", "\\", "#", "\t", "\r", "\n", "\u{0}",
        "\u{FEFF}", "\u{2028}", "%", "@", "`", "---\n", "...\n", "!!int ", "<<: ", "$", "é",
    ]

    private func damaged(_ text: String, _ sequence: inout Sequence) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...sequence.next(below: 4) where !bytes.isEmpty {
            let at = sequence.next(below: bytes.count)
            switch sequence.next(below: 4) {
            case 0: bytes[at] = UInt8(sequence.next(below: 256))
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + sequence.next(below: 40)))
            case 2: bytes.removeLast(bytes.count - at)
            default: bytes.insert(contentsOf: Self.inserts[sequence.next(below: Self.inserts.count)].utf8, at: at)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func damagedFilesAreSurvived() throws {
        var files = try ["rules", "risk"].flatMap { try Repository.files(below: Repository.root.appending(path: $0)) }
        var rounds = 60
        if let shared = Repository.shared {
            files += try Repository.files(below: shared.appending(path: "corpus/schema_samples"))
            rounds = Int(ProcessInfo.processInfo.environment["ACCRUE_FUZZ_ROUNDS"] ?? "") ?? 20
        }
        var sequence = Sequence(state: 20_261_123)
        for _ in 0..<rounds {
            for file in files {
                let text = damaged(file.text, &sequence)
                let breaks = "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars
                let lineCount = text.unicodeScalars.count { breaks.contains($0) } + 1
                let catalog = Repository.catalog([(file.name, text)])
                for problem in catalog.problems where !(1...lineCount).contains(problem.line) || problem.column < 1 {
                    Issue.record("\(problem.description) of:\n\(text)")
                }
                for detection in catalog.detections {
                    let length = detection.search.utf8.count
                    for offset in stride(from: 0, through: length, by: 7) {
                        let place = detection.searchOrigin.position(ofUTF8Offset: offset, in: detection.search)
                        guard !(1...lineCount).contains(place.line) || place.column < 1 else { continue }
                        Issue.record("place \(place) of offset \(offset) in:\n\(text)")
                    }
                }
            }
        }
    }
}
