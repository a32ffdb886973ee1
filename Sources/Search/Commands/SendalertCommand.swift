import Columns
import SPL

/// `sendalert risk|notable [results_link=] [results_path=] [param.<name>=<value> ...]` notes that the rows are to become
/// risk or a notable, and hands them on. Whoever runs the search finds the note in its ``SearchState``.
///
/// Other alert actions are refused: they are programs of a Splunk server. Source: Splunk Search Reference 9.4,
/// "sendalert"; Splunk Enterprise Security 7.3, "Risk scoring" and "Notable event" alert actions.
struct SendalertCommand: Command {
    static let name = "sendalert"
    static let help = CommandHelp(
        "sendalert risk|notable <options>",
        "Notes that the rows are to become risk events or findings, and hands them on.",
        options: [
            ("param.<name>=<value>", "a parameter of the alert action, such as `param._risk_score`"),
            ("results_link=<text>", "no effect: there is no server"),
            ("results_path=<text>", "no effect: there is no server"),
        ])

    private let action: AlertAction.Kind
    private let parameters: [AlertAction.Parameter]

    private static let parameterNames: [AlertAction.Kind: Set<String>] = [
        .risk: [
            "_risk", "_risk_message", "_risk_object", "_risk_object_type", "_risk_score", "risk_message",
            "risk_object", "risk_object_field", "risk_object_type", "risk_score", "threat_object",
            "threat_object_type", "verbose",
        ],
        .notable: [
            "_entities", "asset_extraction", "default_disposition", "default_owner", "default_status",
            "drilldown_dashboards", "drilldown_earliest_offset", "drilldown_latest_offset", "drilldown_name",
            "drilldown_search", "drilldown_searches", "extract_assets", "extract_identities", "identity_extraction",
            "investigation_profiles", "mapfields", "next_steps", "nes_fields", "recommended_actions",
            "rule_description", "rule_name", "rule_title", "security_domain", "severity", "urgency", "verbose",
        ],
    ]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        let word = reader.next()
        guard let word, word.kind == .word || word.kind == .quoted else {
            throw Diagnostic("E738", "sendalert names no action", span: syntax.nameSpan, hint: "write sendalert risk")
        }
        guard let action = AlertAction.Kind(rawValue: word.text.lowercased()) else {
            throw Diagnostic(
                "E738", "alert action '\(word.text)' is not supported", span: word.span,
                hint: "supported: notable, risk; remove it to see the rows that it would get")
        }
        var parameters: [AlertAction.Parameter] = []
        while let token = reader.peek() {
            guard let (name, value) = reader.option() else { throw reader.unexpected(token, expected: "an option") }
            if name == "results_link" || name == "results_path" { continue }
            guard name.hasPrefix("param.") else {
                throw .unknownOption(
                    name, of: Self.name, options: Self.help.optionNames, token.span)
            }
            let parameter = String(name.dropFirst("param.".count))
            try Self.check(action, parameter, value, token.span)
            parameters.append(AlertAction.Parameter(name: parameter, value: value.text))
        }
        self.action = action
        self.parameters = parameters
    }

    private static func check(
        _ action: AlertAction.Kind, _ name: String, _ value: Token, _ span: Span
    ) throws(Diagnostic) {
        let names = (parameterNames[action] ?? []).sorted()
        guard names.contains(name) || (action == .risk && name.hasPrefix("_risk")) else {
            throw Diagnostic(
                "E738", "alert action '\(action.rawValue)' has no parameter '\(name)'", span: span,
                hint: NearestName.hint(name, in: names) ?? "parameters: \(names.joined(separator: ", "))")
        }
        let isToken = value.text.hasPrefix("$") && value.text.hasSuffix("$") && value.text.count > 2
        if name.hasSuffix("risk_score"), !isToken, NumberText.parse(Array(value.text.utf8)) == nil {
            throw Diagnostic(
                "E738", "'\(value.text)' is no risk score", span: value.span,
                hint: "write a number, or a field as $field$")
        }
        if name == "verbose" { _ = try BooleanOption.value(value) }
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    var explanation: String {
        "sendalert \(action.rawValue): " + parameters.map { "\($0.name)='\($0.value)'" }.joined(separator: ", ")
    }

    func makeOperator() -> any Operator { SendalertOperator(action: action, parameters: parameters) }
}

private struct SendalertOperator: Operator {
    let action: AlertAction.Kind
    let parameters: [AlertAction.Parameter]
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let rows = held.take(&context)
        if rows.rowCount > 0 {
            try context.hold(rows.estimatedBytes)
            context.state.add(AlertAction(kind: action, parameters: parameters, rows: rows))
        }
        return nil
    }
}
