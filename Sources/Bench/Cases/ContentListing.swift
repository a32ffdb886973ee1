import Columns
import Formats

/// The detections of a content folder, as the program itself lists them.
struct ContentListing {
    struct Detection {
        var name: String
        var type: String
        var file: String
    }

    /// Those that run, shipped ones among them: not the deprecated ones.
    let detections: [Detection]

    init(_ bench: Workbench, content: String) throws {
        // Broken content is exit code 1, and no reason not to measure the rest.
        let list = try bench.runAccrue(["content", "list", "--content", content], accepting: [0, 1])
        var detections: [Detection] = []
        try ChildLines.forEachJSON(of: list.output) { line in
            guard let name = line["name"]?.plainText, let type = line["type"]?.plainText,
                let file = line["file"]?.plainText, !["Incident rule", "Risk factor"].contains(type),
                line["status"]?.plainText != "deprecated"
            else { return }
            detections.append(Detection(name: name, type: type, file: file))
        }
        self.detections = detections
    }

    /// Names of those that read events of a sourcetype, by their terms on where events come from or their dataset,
    /// as `accrue fields` finds it out over `file`; sorted.
    func readers(_ bench: Workbench, of sourcetype: String, content: String, in file: TrailFile) throws -> [String] {
        let known = Set(detections.map(\.name))
        let fields = try bench.runAccrue(["fields", file.path, "--content", content])
        var names: Set<String> = []
        try ChildLines.forEachJSON(of: fields.output, with: "\"detection\"") { line in
            guard line["kind"]?.plainText == "detection", line["sourcetype"]?.plainText == sourcetype,
                let name = line["rule"]?.plainText, known.contains(name)
            else { return }
            names.insert(name)
        }
        return names.sorted()
    }
}

/// What a run said of each of its rules.
struct RuleCounts: Hashable {
    var eventCount: Int
    var rowCount: Int

    /// By the rule's name; nil for one that did not run.
    static func all(of run: Child) throws -> [String: RuleCounts?] {
        var counts: [String: RuleCounts?] = [:]
        try ChildLines.forEachJSON(of: run.output, with: "\"rule\"") { line in
            guard let name = line["rule"]?.plainText else { return }
            switch line["kind"]?.plainText {
            case "detection":
                counts[name] = RuleCounts(
                    eventCount: line["event_count"]?.wholeNumber ?? -1, rowCount: line["row_count"]?.wholeNumber ?? -1)
            case "skipped": counts.updateValue(nil, forKey: name)
            default: break
            }
        }
        return counts
    }
}
