/// `identity_lookup_expanded`, of the files of identities.
///
/// The names of an identity are those of the column, then the e-mail address, then what stands before its `@`: ES's
/// conventions `email` and `email_short`. A name that is written out goes before one that is derived, in whichever row.
struct IdentityTable {
    static let columns = [
        "_key", "identity", "prefix", "nick", "first", "last", "suffix", "email", "phone", "phone2", "managedBy",
        "priority", "bunit", "category", "watchlist", "startDate", "endDate", "work_city", "work_country", "work_lat",
        "work_long", "identity_id", "identity_tag", "objectSid", "downLevelDomainName",
    ]

    private(set) var table = EntityTable(columns: columns)
    private var values: EntityValues

    var problems: [ContentProblem] { values.problems.all }

    /// - Parameter files: those whose names go first come first.
    init(_ files: [EntityFile]) {
        values = EntityValues(files)
        let rows = files.flatMap { file in file.rows.map { (file.file, $0) } }
        var names = rows.map { file, row in values.claim(row.values("identity"), file, row) }
        for (index, (file, row)) in rows.enumerated() {
            names[index] += values.claim(row.values("email"), file, row, isQuiet: !names[index].isEmpty)
        }
        let written = names.map(\.count)
        for (index, (file, row)) in rows.enumerated() {
            names[index] += values.claim(row.values("email").compactMap(Self.localPart), file, row, isQuiet: true)
        }
        for (index, (file, row)) in rows.enumerated() {
            add(
                row, file, written: names[index].prefix(written[index]), derived: names[index].dropFirst(written[index])
            )
        }
    }

    private static func localPart(_ email: String) -> String? {
        email.lastIndex(of: "@").map { String(email[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func add(
        _ row: EntityFile.Row, _ file: String, written: ArraySlice<ClaimedName>, derived: ArraySlice<ClaimedName>
    ) {
        let names = written + derived
        guard !names.isEmpty else {
            if row.values("identity").isEmpty, row.values("email").isEmpty {
                values.report(file, row, "row has neither identity nor email", hint: "an identity needs a name")
            }
            return
        }
        var cells = row.cells.mapValues { [$0] }
        cells["email"] = row.values("email")
        cells["category"] = values.categories(row)
        cells["priority"] = values.priority(file, row)
        cells["watchlist"] = values.boolean("watchlist", file, row)
        cells["work_lat"] = values.degrees("work_lat", 90, file, row)
        cells["work_long"] = values.degrees("work_long", 180, file, row)
        let key = EntityValues.key(["identity", "first", "last", "email"].map { row.values($0) })
        cells["_key"] = [key]
        cells["identity_id"] = [key]
        let isWatched = cells["watchlist"] == ["true"]
        cells["identity_tag"] = row.values("bunit") + (cells["category"] ?? []) + (isWatched ? ["watchlist"] : [])
        let place = EntityPlace(file: file, line: row.line)
        func append(_ names: ArraySlice<ClaimedName>, writtenCount: Int, isZoned: Bool) {
            cells["identity"] = names.map(\.text)
            table.append(cells, EntityOrigin(place: place, writtenNameCount: writtenCount), isZoned: isZoned)
        }
        let inLookups = names.filter(\.isInLookups)
        if !inLookups.isEmpty {
            append(inLookups[...], writtenCount: written.count(where: \.isInLookups), isZoned: false)
        }
        if inLookups.count < names.count { append(names, writtenCount: written.count, isZoned: true) }
    }
}
