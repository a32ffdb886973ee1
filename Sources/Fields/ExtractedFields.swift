import Columns
import Formats

/// The columns that raw extraction fills, row by row. A field that a row has already stays as it is.
struct ExtractedFields {
    /// Names that never come from the text.
    let reserved: Set<String>
    let wanted: FieldSet
    private var position: [String: Int] = [:]
    private(set) var names: [String] = []
    private var builders: [TextColumnBuilder] = []
    /// What names became that stand in the events, cleaned and as they are.
    private var cleanedNames = NameCache()
    private var plainNames = NameCache()

    /// Hostile events may make up names; past this many the rest of them is left out.
    static let maximumNames = 20_000

    init(wanted: FieldSet, reserved: Set<String>) {
        self.wanted = wanted
        self.reserved = reserved
    }

    /// The builder for `name`; nil where the name is not wanted.
    mutating func index(of name: String) -> Int? {
        if let known = position[name] { return known >= 0 ? known : nil }
        guard !reserved.contains(name), wanted.contains(name), names.count < Self.maximumNames else {
            if position.count < 4 * Self.maximumNames { position[name] = -1 }
            return nil
        }
        position[name] = names.count
        names.append(name)
        builders.append(TextColumnBuilder())
        return names.count - 1
    }

    /// As ``index(of:)`` for a name as the event writes it.
    /// - Parameter cleaned: CLEAN_KEYS.
    mutating func index(ofText name: UnsafeRawBufferPointer, cleaned: Bool) -> Int? {
        let known = cleaned ? cleanedNames[name] : plainNames[name]
        if let known { return known >= 0 ? known : nil }
        let text = cleaned ? KeyValueText.cleanedName(name) : String(decoding: name, as: UTF8.self)
        let index = text.flatMap { self.index(of: $0) }
        if cleaned { cleanedNames.set(name, index ?? -1) } else { plainNames.set(name, index ?? -1) }
        return index
    }

    /// As ``index(of:)`` for a name that stands in the event: one that is a default field's is `extracted_<name>`.
    mutating func index(ofFound name: String) -> Int? {
        index(of: DefaultFields.origin.contains(name) ? DefaultFields.extracted(name) : name)
    }

    /// - Parameter asMore: adds a value to those that the row has.
    mutating func add(_ name: String, _ bytes: UnsafeRawBufferPointer, row: Int, asMore: Bool = false) {
        guard let index = index(of: name) else { return }
        if !asMore, builders[index].has(row: row) { return }
        builders[index].append(bytes, row: row)
    }

    /// Adds what one structured record holds: a name that comes again is a multivalue; a field that the row had before
    /// the record stays alone.
    mutating func addRecord(_ values: some Sequence<(String, Text)>, row: Int) {
        var taken: Set<Int> = []
        for (name, value) in values {
            guard let index = index(ofFound: name) else { continue }
            if !taken.contains(index) {
                if builders[index].has(row: row) { continue }
                taken.insert(index)
            }
            value.bytes.withUnsafeBytes { builders[index].append($0, row: row) }
        }
    }

    /// Adds the value of a name that stands in the event, where the row has none.
    mutating func addFound(_ name: String, _ bytes: UnsafeRawBufferPointer, row: Int) {
        guard let index = index(ofFound: name), !builders[index].has(row: row) else { return }
        builders[index].append(bytes, row: row)
    }

    func has(_ index: Int, row: Int) -> Bool { builders[index].has(row: row) }

    mutating func append(_ index: Int, _ bytes: UnsafeRawBufferPointer, row: Int) {
        builders[index].append(bytes, row: row)
    }

    /// What `name` holds in `row`, first value; for EXTRACT- ... in, and SOURCE_KEY.
    func text(_ name: String, row: Int) -> [UInt8]? {
        guard let index = position[name], index >= 0 else { return nil }
        return builders[index].text(row: row)
    }

    consuming func finish(rowCount: Int) -> [(name: String, column: Column)] {
        var columns: [(name: String, column: Column)] = []
        for index in names.indices {
            columns.append((names[index], builders[index].finish(rowCount: rowCount)))
        }
        return columns
    }
}
