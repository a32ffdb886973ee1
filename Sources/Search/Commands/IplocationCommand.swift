import Columns
import Matching
import SPL

/// `iplocation [prefix=<text>] [allfields=<bool>] [lang=<code>] <field>` adds where an address is: `City`, `Country`,
/// `Region`, `lat`, `lon`, and with `allfields=t` `Continent`, `MetroCode`, `Timezone`.
///
/// `lang` lists languages of names, best first; `code` gives ISO codes of country and region. `lat` and `lon` have five
/// decimals. What the database does not know of an address is the empty text; an address that it does not know, as private ones
/// are, adds nothing. Of a block (`10.0.0.0/8`) the address counts, of a multivalue the first value. Needs a file in
/// MaxMind's format, else E711. Source: Splunk Search Reference 9.4, "iplocation".
struct IplocationCommand: Command {
    static let name = "iplocation"
    static let help = CommandHelp(
        "iplocation <options> <field>", "Adds where an IP address is, from a GeoIP file (`--geoip`).",
        options: [
            ("prefix=<text>", "stands before the names of the fields"),
            ("allfields=<bool>", "adds Continent, MetroCode and Timezone too; `f` unless written"),
            ("lang=<code>", "the languages of names, best first, `en` unless written; `code` gives ISO codes"),
        ])

    private let database: LocationDatabase?
    private let place: Span
    private var prefix = ""
    private var hasAllFields = false
    private var languages = ["en"]
    private var field = ""

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                switch name {
                case "prefix": prefix = value.text
                case "allfields": hasAllFields = try BooleanOption.value(value)
                case "lang": languages = try Self.languages(value, &reader)
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if field.isEmpty {
                field = try reader.fieldName("the field that holds addresses")
            } else {
                try reader.expectEnd()
            }
        }
        if field.isEmpty { field = try reader.fieldName("the field that holds addresses") }
        database = context.environment.locations
        place = syntax.nameSpan
    }

    var missingFile: Diagnostic? {
        guard database == nil else { return nil }
        return Diagnostic(
            "E711", "iplocation needs a GeoIP file, and none is given", span: place,
            hint: "--geoip FILE.mmdb, a City database in MaxMind's format")
    }

    /// `lang=de,en`: a comma is a token of its own unless quoted.
    private static func languages(_ first: Token, _ reader: inout ArgumentReader) throws(Diagnostic) -> [String] {
        var text = first.text
        while let comma = reader.peek(), comma.kind == .comma, comma.isGlued, let next = reader.peek(1), next.isGlued,
            next.kind == .word
        {
            _ = reader.next()
            _ = reader.next()
            text += "," + next.text
        }
        let languages = text.split(whereSeparator: { $0 == "," || $0 == " " }).map { String($0) }
        return languages.isEmpty ? ["en"] : languages
    }

    private var outputs: [String] {
        (hasAllFields
            ? ["City", "Continent", "Country", "MetroCode", "Region", "Timezone", "lat", "lon"]
            : ["City", "Country", "Region", "lat", "lon"]).map { prefix + $0 }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for name in outputs where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }

    var policies: [Policy] { [.iplocationFirstValue, .noMatchLeavesField] }

    var explanation: String {
        "iplocation: \(outputs.joined(separator: ", ")) of \(field) in \(languages.joined(separator: ",")), by \(database?.path ?? "no file")"
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator {
        LocationOperator(
            database: database, missing: missingFile, field: field, outputs: outputs, hasAllFields: hasAllFields,
            languages: languages)
    }
}

private struct LocationOperator: Operator {
    let database: LocationDatabase?
    let missing: Diagnostic?
    let field: String
    let outputs: [String]
    let hasAllFields: Bool
    let languages: [String]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        let input = batch.column(field)
        var known: [UInt32: [Value]] = [:]
        var builders = outputs.map { _ in ColumnBuilder() }
        let existing = outputs.map { batch.column($0) }
        for row in 0..<batch.rowCount {
            let id = input?.ids[row] ?? 0
            if known[id] == nil { known[id] = try values(of: input?[row] ?? .null) }
            let values = known[id] ?? []
            for index in outputs.indices {
                builders[index].append(values.isEmpty ? existing[index]?[row] ?? .null : values[index])
            }
        }
        var result = batch
        for (name, builder) in zip(outputs, builders) { result.set(name, builder.finish()) }
        return result
    }

    /// In the order of the outputs; empty where there is no location.
    private func values(of value: Value) throws(SearchError) -> [Value] {
        guard let text = value.elements.first?.printed,
            let address = IPAddress(Array(text.bytes.prefix { $0 != UInt8(ascii: "/") }))
        else { return [] }
        guard let database else {
            if let missing { throw missing }
            return []
        }
        let location: AddressLocation?
        do {
            location = try database.location(of: address, languages: languages)
        } catch {
            throw Diagnostic("E726", error.message, hint: "fetch the file again")
        }
        guard let location else { return [] }
        func name(_ name: Text?) -> Value { .text(name ?? "") }
        let degrees = [location.latitude, location.longitude].map { degree in
            Value.text(degree.map(Self.fiveDecimals) ?? "")
        }
        guard hasAllFields else {
            return [name(location.city), name(location.country), name(location.region)] + degrees
        }
        return [
            name(location.city), name(location.continent), name(location.country),
            location.metroCode.map { .number($0) } ?? .text(""),
            name(location.region), name(location.timeZone),
        ] + degrees
    }

    private static func fiveDecimals(_ degree: Double) -> Text {
        let scaled = Int((abs(degree) * 100_000).rounded())
        let fraction = String(scaled % 100_000)
        let zeros = String(repeating: "0", count: 5 - fraction.count)
        return Text("\(degree < 0 && scaled > 0 ? "-" : "")\(scaled / 100_000).\(zeros)\(fraction)")
    }
}
