public import Engine
import Fields
public import RiskIndex

extension FieldsReport {
    /// One row for each field, dataset and detection of each sourcetype, told apart by `kind`, and a last one of totals.
    public var rows: [[ResultField]] {
        var rows: [[ResultField]] = []
        for sourcetype in sourcetypes {
            for field in sourcetype.fields {
                rows.append([
                    .texts("kind", ["field"]), .texts("sourcetype", [sourcetype.name]), .texts("field", [field.name]),
                    .count("event_count", field.eventCount),
                    .count("sourcetype_event_count", sourcetype.eventCount), .texts("example", [field.example]),
                    .texts("made_by", field.makers.map(\.maker.description)),
                ])
            }
            for dataset in sourcetype.datasets {
                rows.append([
                    .texts("kind", ["dataset"]), .texts("sourcetype", [sourcetype.name]),
                    .texts("dataset", [dataset.name]), .count("event_count", dataset.eventCount),
                    .count("field_count", dataset.served.count + dataset.missing.count),
                    .count("served_count", dataset.served.count), .texts("served", dataset.served),
                    .texts("missing", dataset.missing),
                ])
            }
            for reader in sourcetype.readers {
                rows.append([
                    .texts("kind", ["detection"]), .texts("sourcetype", [sourcetype.name]),
                    .texts("rule", [reader.rule]), .texts("file", [reader.file]), .texts("dataset", reader.datasets),
                    .texts("unfilled", reader.unfilled),
                ])
            }
        }
        rows.append([
            .texts("kind", ["summary"]), .count("event_count", scan.eventCount), .count("byte_count", scan.byteCount),
            .count("rejected_count", scan.rejectCount), .count("sourcetype_count", sourcetypes.count),
            .count("unlisted_event_count", unlistedEventCount),
            .texts("has_unlisted_fields", [hasUnlistedFields ? "true" : "false"]), .count("detection_count", ruleCount),
            .texts("unbound_detections", unboundRules), .count("uncompiled_detection_count", uncompiledRuleCount),
        ])
        return rows
    }
}

extension ResultField {
    fileprivate static func texts(_ name: String, _ values: [String]) -> ResultField {
        ResultField(name: name, values: values, isNumber: false)
    }

    fileprivate static func count(_ name: String, _ count: Int) -> ResultField {
        ResultField(name: name, values: [String(count)], isNumber: true)
    }
}
