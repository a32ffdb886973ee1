// The keys of each object, over all generations. One list a kind, not a generation: real files mix them (a removed
// `rba` detection carries the newest generation's dates), and a key of another generation is no mistake.

enum ContentKeys {
    private static let common = [
        "name", "id", "version", "date", "creation_date", "modification_date", "author", "description", "references",
        "status", "type", "deprecation_info",
    ]

    static let detection =
        common + [
            "search", "how_to_implement", "known_false_positives", "data_source", "datamodel", "explanation",
            "drilldown_searches", "tags", "tests", "rba", "finding", "intermediate_findings", "threat_objects",
            "analytic_story", "mitre_attack_id", "asset_type", "category", "security_domain", "product", "cve",
            "atomic_guid", "threat_group", "baselines", "schedule", "custom_schedule", "deployment",
            "enabled_by_default", "throttling", "nist", "cis20", "kill_chain_phases", "search_name",
        ]
    static let detectionTags = [
        "analytic_story", "asset_type", "atomic_guid", "cis20", "confidence", "context", "cve", "group", "impact",
        "kill_chain_phases", "manual_test", "mappings", "message", "mitre_attack_id", "nist", "observable", "product",
        "required_fields", "risk_score", "risk_severity", "security_domain", "throttling",
    ]
    static let baselineTags = detectionTags + ["detections", "deployments"]
    static let observable = ["name", "type", "role"]
    static let rba = ["message", "risk_objects", "threat_objects"]
    static let riskObject = ["field", "type", "score"]
    static let threatObject = ["field", "type"]
    static let finding = ["title", "entity"]
    static let intermediateFindings = ["entities"]
    static let intermediateEntity = ["field", "type", "score", "message"]
    static let drilldown = ["name", "search", "earliest_offset", "latest_offset"]
    static let throttling = ["fields", "period"]
    static let test = [
        "name", "attack_data", "description", "expected_results", "test_type", "pass_condition", "earliest_time",
        "latest_time", "baselines",
    ]
    static let attackData = [
        "data", "source", "sourcetype", "index", "custom_index", "host", "update_timestamp", "file_name",
    ]

    static let scheduling = ["cron_schedule", "earliest_time", "latest_time", "schedule_window"]
    static let inlineDeployment = [
        "scheduling", "alert_action", "name", "id", "date", "author", "description", "type", "tags", "rba",
    ]
    static let deployment = common + ["scheduling", "alert_action", "tags"]
    static let schedule = common + scheduling

    static let macro = common + ["definition", "arguments"]
    static let story = common + ["narrative", "tags", "category", "product", "usecase", "cve", "group", "threat_group"]
    static let storyTags = ["analytic_story", "category", "product", "usecase", "cve", "group", "mitre_attack_id"]
    static let lookup =
        common + [
            "lookup_type", "filename", "collection", "fields_list", "fields", "key_fields", "match_type",
            "case_sensitive_match", "default_match", "min_matches", "max_matches",
        ]
    static let baseline =
        common + [
            "search", "how_to_implement", "known_false_positives", "datamodel", "data_source", "explanation", "tags",
            "deployment", "schedule", "custom_schedule", "product", "security_domain", "analytic_story", "detections",
            "search_name", "enabled_by_default",
        ]
    static let dataSource =
        common + [
            "source", "sourcetype", "separator", "separator_value", "configuration", "supported_TA", "fields",
            "required_fields", "output_fields", "field_mappings", "convert_to_log_source", "example_log",
            "mitre_components", "logsource",
        ]
    static let incidentRule =
        common + [
            "search", "search_name", "how_to_implement", "known_false_positives", "incident", "schedule",
            "custom_schedule", "throttling", "security_domain",
        ]
    static let incident = ["title", "entity", "severity_field", "profiles", "enabled"]
    static let riskFactor = common + ["enabled", "operation", "value", "conditions"]
    static let riskFactorValue = ["field"]
    static let riskFactorCondition = ["field", "operator", "value", "value_field"]
    static let incidentEntity = ["field", "type_field", "name_field"]
}
