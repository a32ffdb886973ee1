import Formats
import Search

// Which settings of the four files are run, which need nothing of us, and which would change results and are not run:
// those are reported by name.

enum SupportedSettings {
    private static let propsNames: Set<String> = [
        "KV_MODE", "AUTO_KV_JSON", "KV_TRIM_SPACES", "TIME_PREFIX", "TIME_FORMAT", "MAX_TIMESTAMP_LOOKAHEAD", "TZ",
        "LINE_BREAKER", "TRUNCATE", "SHOULD_LINEMERGE", "BREAK_ONLY_BEFORE", "BREAK_ONLY_BEFORE_DATE",
        "MUST_BREAK_AFTER", "MUST_NOT_BREAK_AFTER", "MAX_EVENTS", "priority", "sourcetype", "rename",
        "DATETIME_CONFIG", "ANNOTATE_PUNCT", "INDEXED_EXTRACTIONS", "FIELD_NAMES", "FIELD_DELIMITER", "FIELD_QUOTE",
        "HEADER_FIELD_LINE_NUMBER", "HEADER_FIELD_DELIMITER", "HEADER_FIELD_QUOTE",
        "HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS", "FIELD_HEADER_REGEX", "PREAMBLE_REGEX", "TIMESTAMP_FIELDS",
        "MISSING_VALUE_REGEX", "JSON_TRIM_BRACES_IN_ARRAY_NAMES",
    ]
    private static let propsPrefixes = [
        "EXTRACT-", "REPORT-", "FIELDALIAS-", "EVAL-", "LOOKUP-", "SEDCMD-", "TRANSFORMS-", "RULESET-",
    ]
    /// They steer Splunk's own forwarding, storage and pages, and no field of a search.
    private static let propsWithoutEffect: Set<String> = [
        "description", "category", "pulldown_type", "EVENT_BREAKER", "EVENT_BREAKER_ENABLE", "NO_BINARY_CHECK",
        "maxDist", "termFrequencyWeightedDist", "SEGMENTATION", "invalid_cause", "is_valid", "unarchive_cmd",
        "unarchive_sourcetype", "detect_trailing_nulls", "CHECK_METHOD", "initCrcLength", "LEARN_MODEL",
        "LEARN_SOURCETYPE", "PREFIX_SOURCETYPE", "force_local_processing", "LB_CHUNK_BREAKER",
        "LB_CHUNK_BREAKER_TRUNCATE", "MAX_DAYS_AGO", "MAX_DAYS_HENCE", "MAX_DIFF_SECS_AGO", "MAX_DIFF_SECS_HENCE",
        "disabled", "MATCH_LIMIT", "DEPTH_LIMIT", "LINE_BREAKER_LOOKBEHIND",
        // Recordings of a Splunk 10.4 show no break that it prevents.
        "MUST_NOT_BREAK_BEFORE",
        // Splunk's web pages: how add-ons are shown there.
        "SEGMENTATION-all", "SEGMENTATION-inner", "SEGMENTATION-outer", "SEGMENTATION-raw",
    ]
    private static let propsPrefixesWithoutEffect = ["RULESET_DESC-"]
    private static let transformNames: Set<String> = TransformRule.supported.union(LookupTransform.settingNames)
        .union(IndexTransform.settings)
    private static let transformsWithoutEffect: Set<String> = [
        "CAN_OPTIMIZE", "description", "disabled", "allow_caching", "replicate", "cache_size", "max_ext_batch",
        "batch_index_query", "check_permission", "index_fields_list", "reverse_lookup_honor_case_sensitive_match",
    ]
    private static let eventtypeNames: Set<String> = ["search", "disabled", "priority", "description", "color", "tags"]

    static func check(file: String, stanza: String, setting: String, value: ConfValue, _ problems: inout ProblemList) {
        switch file {
        case "props.conf": checkProps(stanza: stanza, setting: setting, value: value, &problems)
        case "transforms.conf":
            if transformNames.contains(setting) || transformsWithoutEffect.contains(setting) { return }
            unsupported(setting, value, &problems)
        case "eventtypes.conf":
            if !eventtypeNames.contains(setting) { unsupported(setting, value, &problems) }
        default: return
        }
    }

    private static func checkProps(stanza: String, setting: String, value: ConfValue, _ problems: inout ProblemList) {
        if stanza.hasPrefix("rule::") || stanza.hasPrefix("delayedrule::") {
            let known = setting == "sourcetype" || setting.hasPrefix("MORE_THAN_") || setting.hasPrefix("LESS_THAN_")
            if !known { unsupported(setting, value, &problems) }
            return
        }
        let prefixes = propsPrefixes + propsPrefixesWithoutEffect
        if prefixes.contains(where: { setting.hasPrefix($0) && setting.utf8.count > $0.utf8.count }) { return }
        if !propsNames.contains(setting), !propsWithoutEffect.contains(setting) {
            unsupported(setting, value, &problems)
        }
    }

    private static func unsupported(_ setting: String, _ value: ConfValue, _ problems: inout ProblemList) {
        problems.add("E451", value, "setting '\(shortened(setting))' is not supported and has no effect")
    }
}
