/// What a content file holds, told by its keys; by its folder where the keys of two kinds are the same.
enum ContentKind: String, CaseIterable {
    case detection, macro, story, lookup, baseline, dataSource, schedule, deployment, incidentRule, riskFactor
    /// Parts of a security_content checkout that nothing here runs.
    case dashboard, playbook, appConfiguration

    init?(keys: Set<String>, type: String?, file: String) {
        func has(_ names: String...) -> Bool { names.contains { keys.contains($0) } }
        func isBelow(_ folder: Substring) -> Bool { file.split(separator: "/").dropLast().contains(folder) }
        if keys.contains("incident") {
            self = .incidentRule
        } else if keys.contains("search") {
            let isBaseline = type.map { Detection.Kind($0) == .baseline } ?? keys.isDisjoint(with: Self.detectionOnly)
            self = isBaseline ? .baseline : .detection
        } else if keys.contains("definition") {
            self = .macro
        } else if keys.contains("narrative") {
            self = .story
        } else if keys.contains("cron_schedule") {
            self = .schedule
        } else if keys.contains("scheduling") {
            self = .deployment
        } else if has("filename", "collection", "lookup_type", "match_type", "fields_list", "default_match") {
            self = .lookup
        } else if keys.contains("sourcetype") {
            self = .dataSource
        } else if has("operation", "conditions") {
            self = .riskFactor
        } else if keys.contains("playbook") {
            self = .playbook
        } else if has("build_app", "build_path", "apps"), !keys.contains("name") {
            self = .appConfiguration
        } else if keys.contains("name"), isBelow("lookups") {
            self = .lookup
        } else if keys.contains("name"), isBelow("factors") {
            self = .riskFactor
        } else if keys.contains("name"), isBelow("dashboards") {
            self = .dashboard
        } else {
            return nil
        }
    }

    /// Keys that a baseline of the newest generation, which has no `type`, never has.
    private static let detectionOnly: Set<String> = [
        "tags", "rba", "finding", "intermediate_findings", "threat_objects", "analytic_story", "mitre_attack_id",
        "asset_type", "data_source", "drilldown_searches", "tests", "category",
    ]

    /// What each kind is told by, for the message about a file that is none of them.
    static let expectation =
        "expected a detection ('search'), macro ('definition'), story ('narrative'), lookup ('filename' or "
        + "'collection'), baseline ('search', type Baseline), data source ('sourcetype'), schedule ('cron_schedule'), "
        + "deployment ('scheduling'), incident rule ('search', 'incident') or risk factor ('operation')"
}
