import Columns
import Formats

/// KV_MODE=json over the events of a batch. One per thread.
final class JSONFields {
    private let flattener: JSONFlattener
    private var leaves = JSONLeaves()
    /// What a text that is cut off may look like.
    private static let cutCodes: Set<JSONError.Code> = [
        .truncated, .unclosedString, .badLiteral, .badNumber, .badEscape,
    ]
    /// Past this, the names that hostile events made up are forgotten between batches.
    private static let maximumNameBytes = 8 << 20

    /// - Parameter wanted: names as they come out; a key that is the name of a default field comes as `extracted_<name>`.
    init(wanted: FieldSet) {
        var keys = wanted.without(DefaultFields.reserved)
        for name in DefaultFields.origin where wanted.contains(DefaultFields.extracted(name)) { keys.insert(name) }
        flattener = JSONFlattener(wanted: keys)
    }

    /// Called between batches.
    func reset() {
        if flattener.nameBytes > Self.maximumNameBytes { flattener.forgetNames() }
    }

    /// Fields that the row has already are left as they are. A text that is no JSON gives nothing; one that is cut off
    /// gives what stands before the cut.
    ///
    /// - Parameter columnOfName: from the flattener's name ids to `fields`, kept by the caller for one batch.
    /// - Parameter trimsBraces: names lose the `{}` of their arrays.
    func apply(
        _ text: UnsafeRawBufferPointer, row: Int, trimsBraces: Bool = false, to fields: inout ExtractedFields,
        columnOfName: inout [Int]
    ) {
        do {
            try flattener.flatten(text, into: &leaves)
        } catch {
            guard Self.cutCodes.contains(error.code),
                let whole = JSONCompletion.completed(text), flattenCut(whole)
            else {
                if error.code == .tooManyNames { flattener.forgetNames() }
                columnOfName.removeAll()
                return
            }
        }
        guard leaves.count > 0 else { return }
        while columnOfName.count < flattener.nameCount {
            var name = flattener.name(of: columnOfName.count).string
            if trimsBraces { name = Self.trimmingBraces(name) }
            columnOfName.append(fields.index(ofFound: name) ?? -1)
        }
        // A name may occur several times in one record, as an array; what came before this record stays alone.
        var taken: Set<Int> = []
        var blocked: Set<Int> = []
        for leaf in 0..<leaves.count {
            let column = columnOfName[leaves.nameID(leaf)]
            guard column >= 0 else { continue }
            if fields.has(column, row: row), !taken.contains(column) { blocked.insert(column) }
            if blocked.contains(column) { continue }
            taken.insert(column)
            leaves.withValue(leaf) { fields.append(column, $0, row: row) }
        }
    }

    private static func trimmingBraces(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            if byte == UInt8(ascii: "}"), bytes.last == UInt8(ascii: "{") {
                bytes.removeLast()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func flattenCut(_ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { bytes in
            do throws(JSONError) {
                try flattener.flatten(bytes, into: &leaves)
                return true
            } catch {
                return false
            }
        }
    }
}
