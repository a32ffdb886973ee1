import Columns

/// The fields of table rows, by the names in their headers. One per decoder.
final class TableFields {
    private let rules: TableRules
    private let wantsExtraColumns: Bool
    private var namesOfHeader: [Text?: TableRules.Names] = [:]
    /// Where the values of a column go, for one batch: -1 where nobody wants them.
    private var columnsOfHeader: [Text?: [Int]] = [:]

    /// Inputs may make up headers without end.
    private static let maximumHeaders = 1_000

    init(_ rules: TableRules, wanted: FieldSet) {
        self.rules = rules
        wantsExtraColumns =
            wanted.isAll || !wanted.patterns.isEmpty || wanted.names.contains { $0.hasPrefix(Self.extraColumn) }
    }

    /// Splunk's name of a value beyond the header's columns; a number from 1 follows.
    private static let extraColumn = "EXTRA_FIELD_"

    /// Called between batches.
    func reset() { columnsOfHeader.removeAll(keepingCapacity: true) }

    /// Of columns of one name the values come together.
    ///
    /// - Parameter header: the line that names the columns; nil for an event that came without one.
    func apply(_ text: UnsafeRawBufferPointer, header: Text?, row: Int, to fields: inout ExtractedFields) {
        let columns = columns(header, &fields)
        guard !columns.isEmpty else { return }
        rules.forEachValue(of: text) { column, value in
            if column < columns.count {
                if columns[column] >= 0 { fields.append(columns[column], value, row: row) }
            } else if wantsExtraColumns {
                fields.addFound(Self.extraColumn + String(column + 1), value, row: row)
            } else {
                return false
            }
            return true
        }
    }

    private func columns(_ header: Text?, _ fields: inout ExtractedFields) -> [Int] {
        if let known = columnsOfHeader[header] { return known }
        var columns = names(header).map { name in name.flatMap { fields.index(ofFound: $0) } ?? -1 }
        // Nothing behind the last wanted column needs to be looked at.
        if !wantsExtraColumns { while columns.last == -1 { columns.removeLast() } }
        columnsOfHeader[header] = columns
        return columns
    }

    private func names(_ header: Text?) -> TableRules.Names {
        if let known = namesOfHeader[header] { return known }
        if namesOfHeader.count >= Self.maximumHeaders { namesOfHeader.removeAll() }
        let names = rules.names(header: header)
        namesOfHeader[header] = names
        return names
    }

    enum Timestamp {
        /// No columns are named for it, or the table has not got them.
        case anywhere
        case missing
        case text([UInt8])
    }

    /// The values of TIMESTAMP_FIELDS, with a blank between.
    func timestamp(_ text: UnsafeRawBufferPointer, header: Text?) -> Timestamp {
        guard !rules.timestampFields.isEmpty else { return .anywhere }
        let names = names(header)
        let wanted = rules.timestampFields.map { name in names.firstIndex(of: name) ?? -1 }
        guard !wanted.contains(-1) else { return .anywhere }
        var found: [Int: [UInt8]] = [:]
        rules.forEachValue(of: text) { column, value in
            if wanted.contains(column) { found[column] = Array(value) }
            return found.count < wanted.count
        }
        let parts = wanted.compactMap { found[$0] }
        return parts.count == wanted.count ? .text(Array(parts.joined(separator: [0x20]))) : .missing
    }
}
