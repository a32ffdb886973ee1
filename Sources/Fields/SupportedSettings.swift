import Formats
import Search

// Which settings of the four files are run, which need nothing of us, and which would change results and are not run:
// those are reported by name.

enum SupportedSettings {
    private static let propsNames: Set<String> = [
        "KV_MODE", "AUTO_KV_JSON", "KV_TRIM_SPACES", "TIME_PREFIX", "TIME_FORMAT", "MAX_TIMESTAMP_LOOKAHEAD", "TZ",
        "LINE_BREAKER",
        "priority", "sourcetype", "DATETIME_CONFIG", "ANNOTATE_PUNCT", "SHOULD_LINEMERGE",
    ]
    private static let propsPrefixes = ["EXTRACT-", "REPORT-", "FIELDALIAS-", "EVAL-", "LOOKUP-"]
    /// They steer Splunk's own forwarding, storage and pages, and no field of a search.
    private static let propsWithoutEffect: Set<String> = [
        "description", "category", "pulldown_type", "EVENT_BREAKER", "EVENT_BREAKER_ENABLE", "NO_BINARY_CHECK",
        "maxDist",
        "SEGMENTATION", "invalid_cause", "is_valid", "unarchive_cmd", "detect_trailing_nulls", "CHECK_METHOD",
        "LEARN_MODEL", "LEARN_SOURCETYPE", "MAX_DAYS_AGO", "MAX_DAYS_HENCE", "MAX_DIFF_SECS_AGO", "MAX_DIFF_SECS_HENCE",
        "disabled", "MATCH_LIMIT", "DEPTH_LIMIT", "LINE_BREAKER_LOOKBEHIND", "TRUNCATE", "MAX_EVENTS",
    ]
    private static let transformNames: Set<String> = TransformRule.supported.union(LookupTransform.settingNames)
    private static let eventtypeNames: Set<String> = ["search", "disabled", "priority", "description", "color", "tags"]

    static func check(file: String, stanza: String, setting: String, value: ConfValue, _ problems: inout ProblemList) {
        switch file {
        case "props.conf": checkProps(stanza: stanza, setting: setting, value: value, &problems)
        case "transforms.conf":
            guard !transformNames.contains(setting) else { return }
            unsupported(setting, value, &problems)
        case "eventtypes.conf":
            if setting == "tags" {
                problems.add("E451", value, "setting 'tags' of an event type is not supported", hint: "write tags.conf")
            } else if !eventtypeNames.contains(setting) {
                unsupported(setting, value, &problems)
            }
        default: return
        }
    }

    private static func checkProps(stanza: String, setting: String, value: ConfValue, _ problems: inout ProblemList) {
        if stanza.hasPrefix("rule::") || stanza.hasPrefix("delayedrule::") {
            let known = setting == "sourcetype" || setting.hasPrefix("MORE_THAN_") || setting.hasPrefix("LESS_THAN_")
            if !known { unsupported(setting, value, &problems) }
            return
        }
        if propsPrefixes.contains(where: { setting.hasPrefix($0) && setting.utf8.count > $0.utf8.count }) { return }
        if propsNames.contains(setting) {
            if setting == "SHOULD_LINEMERGE", ConfFile.boolean(value.text) == true {
                problems.add(
                    "E451", value, "SHOULD_LINEMERGE = true is not supported; events end where LINE_BREAKER says",
                    hint: "write a LINE_BREAKER that matches what lies between two events")
            }
            return
        }
        if !propsWithoutEffect.contains(setting) { unsupported(setting, value, &problems) }
    }

    private static func unsupported(_ setting: String, _ value: ConfValue, _ problems: inout ProblemList) {
        problems.add("E451", value, "setting '\(shortened(setting))' is not supported and has no effect")
    }
}
