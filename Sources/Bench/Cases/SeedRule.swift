import Columns
import Formats

/// The seed rule, as this program runs it, and how its answers are held to the truth.
enum SeedRule {
    static let name = "AWS ECR Container Upload Outside Business Hours"
    /// Behind all invented events.
    static let now = "2026-11-23T06:00:00Z"

    /// The rule's search without its last lines, which print times and filter nothing.
    static let search =
        "`cloudtrail` eventSource=ecr.amazonaws.com eventName=PutImage "
        + "date_hour>=20 OR date_hour<8 OR date_wday=saturday OR date_wday=sunday "
        + "| rename requestParameters.* as * | rename repositoryName AS repository | rename user_name as user "
        + "| stats count min(_time) as firstTime max(_time) as lastTime BY "
        + SeedRow.groupNames.joined(separator: " ")

    static func runArguments(_ file: TrailFile) -> [String] { ["run", file.path, "--once"] }

    /// `accrue run --once` with the shipped rules: whole process, index written.
    static func side(_ bench: Workbench, _ file: TrailFile, title: String = "accrue run --once") -> Side {
        Side(
            title: title, file: file, checkKey: "accrue \(file.path)",
            check: { try differences(bench, file) },
            measure: { try bench.runAccrue(runArguments(file)).sample })
    }

    /// How risk events and the rows of a search are not the truth.
    private static func differences(_ bench: Workbench, _ file: TrailFile) throws -> [Difference] {
        var found: [Difference] = []
        let run = try bench.runAccrue(runArguments(file))
        found += try differences(ofRun: run.output, truth: file.truth)
        let search = try bench.runAccrue(["search", search, "--input", file.path])
        var rows: [SeedRow] = []
        try ChildLines.forEachJSON(of: search.output) { rows.append(SeedRow($0)) }
        if let difference = Difference.ofRows("accrue search", found: rows, truth: file.truth.rows) {
            found.append(difference)
        }
        return found
    }

    /// - Parameter output: what `accrue run --format ndjson` printed, a path.
    static func differences(ofRun output: String, truth: SeedTruth) throws -> [Difference] {
        let side = "accrue run --once"
        var rows: [SeedRow] = []
        var strangeEntity: Difference?
        var eventCount: Int?
        try ChildLines.forEachJSON(of: output) { line in
            switch line["kind"]?.plainText {
            case "risk_event" where line["search_name"]?.plainText?.contains(name) == true:
                let row = SeedRow(line)
                rows.append(row)
                if line["risk_object"]?.plainText != row.group.user
                    || line["threat_object"]?.plainText != row.group.source
                {
                    strangeEntity =
                        strangeEntity
                        ?? Difference(
                            side: side, text: "a risk event's entity or threat object is not that of its row: \(row)")
                }
            case "summary": eventCount = line["event_count"]?.wholeNumber
            default: break
            }
        }
        return [
            Difference.ofCounts(side, "events", found: eventCount, truth: truth.eventCount),
            Difference.ofRows(side, found: rows, truth: truth.rows), strangeEntity,
        ].compactMap { $0 }
    }
}
