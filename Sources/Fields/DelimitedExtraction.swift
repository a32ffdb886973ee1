import Columns
import Formats

// REPORT- with DELIMS, and the key=value pairs of KV_MODE=auto.

struct DelimitedExtraction: Sendable {
    let sourceField: String
    let outputs: [String]?
    let line: AddonLine
    private let shape: TransformRule.Shape
    private let addsValues: Bool
    private let cleansNames: Bool
    private let keepsEmptyValues: Bool

    init(_ report: FieldRules.Report) {
        let rule = report.rule
        line = report.line
        shape = rule.shape
        sourceField = rule.sourceKey
        outputs = rule.fixedOutputs(groupNames: [])
        addsValues = rule.addsValues
        cleansNames = rule.cleansNames
        keepsEmptyValues = rule.keepsEmptyValues
    }

    func apply(_ text: UnsafeRawBufferPointer, row: Int, to fields: inout ExtractedFields) {
        switch shape {
        case .pattern: return
        case .columns(let delimiters, let names):
            for (index, part) in Self.split(text, delimiters).enumerated() where index < names.count {
                add(names[index], text, Self.unquoted(text, part), row, &fields)
            }
        case .pairs(let pairDelimiters, let nameDelimiters):
            for part in Self.split(text, pairDelimiters) {
                guard let equals = part.first(where: { nameDelimiters.contains(text[$0]) }) else { continue }
                let name = Array(text[Self.trimmed(text, part.lowerBound..<equals)])
                let clean = cleansNames ? KeyValueText.cleanedName(name) : String(decoding: name, as: UTF8.self)
                guard let clean, !clean.isEmpty else { continue }
                add(clean, text, Self.unquoted(text, (equals + 1)..<part.upperBound), row, &fields)
            }
        }
    }

    private func add(
        _ name: String, _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ row: Int,
        _ fields: inout ExtractedFields
    ) {
        guard keepsEmptyValues || !range.isEmpty else { return }
        fields.add(name, UnsafeRawBufferPointer(rebasing: text[range]), row: row, asMore: addsValues)
    }

    /// Parts between delimiters; one inside double quotes does not count.
    private static func split(_ text: UnsafeRawBufferPointer, _ delimiters: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var inQuotes = false
        for index in 0..<text.count {
            if text[index] == UInt8(ascii: "\"") {
                inQuotes.toggle()
            } else if !inQuotes, delimiters.contains(text[index]) {
                parts.append(start..<index)
                start = index + 1
            }
        }
        parts.append(start..<text.count)
        return parts
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, text[first] <= 0x20 { range = (first + 1)..<range.upperBound }
        while let last = range.last, text[last] <= 0x20 { range = range.lowerBound..<last }
        return range
    }

    private static func unquoted(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        let inner = trimmed(text, range)
        guard inner.count >= 2, text[inner.lowerBound] == UInt8(ascii: "\""),
            text[inner.upperBound - 1] == UInt8(ascii: "\"")
        else { return inner }
        return (inner.lowerBound + 1)..<(inner.upperBound - 1)
    }
}
