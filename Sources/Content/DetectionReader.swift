/// Reads a detection of any generation.
struct DetectionReader {
    private let object: ObjectReader
    private let top: MappingReader
    /// The older generations keep what describes a detection under `tags`, the newest at the top.
    private let tags: MappingReader?

    init(_ object: ObjectReader, _ report: inout ContentReport) {
        self.object = object
        top = object.top
        tags = top.mapping("tags", known: ContentKeys.detectionTags, &report)
    }

    /// Nil when something is wrong that would make it score or search wrongly; the report says what.
    func read(_ report: inout ContentReport) -> (detection: Detection, schedule: ScheduleChoice)? {
        let name = top.requiredName(&report)
        let type = top.requiredText("type", &report).map(Detection.Kind.init)
        let search = object.search(&report)
        let choice = ScheduleReader.choice(top, &report)
        let risk = RiskReader(object: object, tags: tags).read(&report)
        let throttling = ScheduleReader.throttling(
            (tags?["throttling"] == nil ? top : tags)?.mapping("throttling", known: ContentKeys.throttling, &report),
            &report)
        let drilldowns = self.drilldowns(&report)
        let tests = self.tests(&report)
        guard let name, let type, let search else { return nil }
        checkValues(type, &report)

        let domain = either("security_domain", &report)
        var detection = Detection(
            name: name, id: object.id(name: name, &report), version: object.version(&report), type: type,
            status: object.text("status", &report), description: object.text("description", &report),
            howToImplement: object.text("how_to_implement", &report),
            knownFalsePositives: object.text("known_false_positives", &report),
            search: search.text, searchOrigin: search.origin, dataSources: top.texts("data_source", &report),
            analyticStories: eitherList("analytic_story", &report),
            mitreAttackIDs: eitherList("mitre_attack_id", &report), securityDomain: domain,
            assetType: either("asset_type", &report), category: object.text("category", &report),
            cves: eitherList("cve", &report), entities: risk.entities, threatObjects: risk.threatObjects,
            findingTitle: risk.findingTitle, drilldowns: drilldowns, schedule: .detectionDefault,
            throttling: throttling, tests: tests, baselines: top.texts("baselines", &report),
            nist: eitherList("nist", &report), cis20: eitherList("cis20", &report),
            killChainPhases: eitherList("kill_chain_phases", &report),
            searchName: top.text("search_name", &report) ?? "ESCU - \(name) - Rule", generation: risk.generation,
            file: object.file)
        // contentctl 5, detection_abstract.py and detection_tags.py: what a file does not say follows from its type
        // and its domain.
        if detection.nist.isEmpty { detection.nist = [type == .ttp ? "DE.CM" : "DE.AE"] }
        if detection.cis20.isEmpty { detection.cis20 = [domain == "network" ? "CIS 13" : "CIS 10"] }
        if !report.hasErrors { RiskReader.check(detection, at: top.keyPosition("type"), &report) }
        return report.hasErrors ? nil : (detection, choice)
    }

    // MARK: Parts

    private func drilldowns(_ report: inout ContentReport) -> [Drilldown] {
        var drilldowns: [Drilldown] = []
        for reader in top.mappings("drilldown_searches", known: ContentKeys.drilldown, &report) {
            let name = reader.requiredText("name", &report)
            let search = reader.requiredText("search", &report)
            let earliest = reader.text("earliest_offset", &report)
            let latest = reader.text("latest_offset", &report)
            guard let name, let search else { continue }
            drilldowns.append(
                Drilldown(name: name, search: search, earliestOffset: earliest, latestOffset: latest))
        }
        return drilldowns
    }

    private func tests(_ report: inout ContentReport) -> [DetectionTest] {
        var tests: [DetectionTest] = []
        for reader in top.mappings("tests", known: ContentKeys.test, &report) {
            guard let name = reader.requiredText("name", &report) else { continue }
            var attackData: [DetectionTest.AttackData] = []
            for data in reader.mappings("attack_data", known: ContentKeys.attackData, &report) {
                guard let address = data.requiredText("data", &report) else { continue }
                attackData.append(
                    .init(
                        data: address, source: data.text("source", &report) ?? "",
                        sourcetype: data.text("sourcetype", &report) ?? "",
                        index: data.text("index", &report) ?? data.text("custom_index", &report),
                        host: data.text("host", &report)))
            }
            tests.append(
                DetectionTest(
                    name: name, type: reader.text("test_type", &report) ?? "unit",
                    expectedResults: reader.integer("expected_results", &report) ?? 1, attackData: attackData))
        }
        return tests
    }

    private func either(_ key: String, _ report: inout ContentReport) -> String {
        top.text(key, &report) ?? tags?.text(key, &report) ?? ""
    }

    private func eitherList(_ key: String, _ report: inout ContentReport) -> [String] {
        let list = top.texts(key, &report)
        return list.isEmpty ? tags?.texts(key, &report) ?? [] : list
    }

    // MARK: Checks

    private func checkValues(_ type: Detection.Kind, _ report: inout ContentReport) {
        object.checkValue(top, "type", among: ["TTP", "Anomaly", "Hunting", "Correlation"], &report)
        object.checkValue(top, "status", among: ["production", "experimental", "deprecated", "removed"], &report)
        let domains = ["access", "audit", "endpoint", "identity", "network", "threat"]
        for reader in [top, tags].compactMap({ $0 }) {
            object.checkValue(reader, "security_domain", among: domains, &report)
        }
    }
}
