import Columns
import Content
import Engine
import Fields
import Ingest
import Reports
import Risk
import RiskIndex

/// What could not be read of the inputs, on stderr and as records.
enum ScanMessages {
    private static let shownRejects = 20

    static func write(_ scan: ScanReport) {
        for problem in scan.problems { Console.error(problem.description) }
        if let note = scan.droppedNote { Console.error(note) }
        for reject in scan.rejects.prefix(shownRejects) {
            Console.error(
                "\(reject.path): \(reject.unit.rawValue) \(reject.recordNumber) (byte \(reject.byteOffset)): "
                    + "rejected[\(reject.code.rawValue)]: \(reject.cause)")
        }
        if scan.rejectCount > shownRejects {
            Console.error("\(scan.rejectCount - shownRejects) more rejected records")
        }
    }

    /// One record of kind `rejected` each.
    static func rows(_ scan: ScanReport) -> [[ResultField]] {
        scan.rejects.map { reject in
            ResultField.rows(
                [
                    ("input", .text(reject.path)), (reject.unit.rawValue, .number(Double(reject.recordNumber))),
                    ("byte_offset", .number(Double(reject.byteOffset))), ("code", .text(reject.code.rawValue)),
                    ("message", .text(reject.cause)), ("excerpt", .text(reject.excerpt)),
                ], kind: "rejected")
        }
    }
}

extension ScanReport {
    /// Some input could not be read, or not to its end.
    var hasFailedInputs: Bool { problems.contains { $0.severity == .error } }
}

/// What is wrong with the loaded content, on stderr.
enum ContentMessages {
    static func write(_ content: LoadedContent) {
        for problem in content.problems { Console.error(problem.description) }
        writeAddons(content)
    }

    /// Settings of add-ons that have no effect: they change what is read from events.
    static func writeAddons(_ content: LoadedContent) {
        for problem in content.addonProblems {
            Console.error("\(problem.file):\(problem.line): warning[\(problem.code)]: \(problem.message)")
        }
    }
}
