import SPL

/// The options of DensityFunction in `fit` and `apply`.
struct DensityArguments {
    private let command: String
    private var options = DensityModel.Options()
    private(set) var addsToModel = false
    /// Nil where it is not written.
    private(set) var showsDensity: Bool?
    private var excludes: Span?

    init(of command: String) { self.command = command }

    mutating func read(_ name: String, _ value: Token, _ span: Span) throws(Diagnostic) {
        if try options.thresholds.set(name, value) { return }
        switch name {
        case "show_density": showsDensity = try BooleanOption.value(value)
        case "dist": options.kind = try Self.kind(value, of: name, allowing: "auto")
        case "exclude_dist":
            excludes = span
            options.excluded = []
            for part in value.text.split(separator: ",") {
                let word = Token(
                    kind: .word, text: part.filter { $0 != " " }, raw: String(part), isGlued: false, span: value.span)
                if let kind = try Self.kind(word, of: name), !options.excluded.contains(kind) {
                    options.excluded.append(kind)
                }
            }
        case "metric":
            guard let metric = DensityCurve.Metric(rawValue: value.text) else {
                throw .unknownValue(value, of: name, values: DensityCurve.Metric.allCases.map(\.rawValue))
            }
            options.metric = metric
        case "random_state":
            guard Int(value.text) != nil else {
                throw Diagnostic(
                    "E380", "'\(value.text)' is no number for 'random_state'", span: value.span,
                    hint: "write a whole number; nothing is random here")
            }
        case "partial_fit" where command == FitCommand.name: addsToModel = try BooleanOption.value(value)
        case "sample", "full_sample", "supervise_split_by":
            if try BooleanOption.value(value) { throw Self.unsupported(name, span) }
        case "show_options": throw Self.unsupported(name, span)
        default:
            let all = [
                "dist", "exclude_dist", "metric", "random_state", "sample", "full_sample", "show_density",
                "show_options",
            ]
            throw .unknownOption(
                name, of: command,
                options: all + DensityThresholds.options + (command == FitCommand.name ? ["partial_fit"] : []), span)
        }
    }

    /// - Throws: E766 and E767 for options that exclude each other.
    func checked(_ span: Span) throws(Diagnostic) -> DensityModel.Options {
        try options.thresholds.check(span)
        if let excludes {
            guard options.kind == nil, (1..<DensityCurve.Kind.allCases.count).contains(options.excluded.count) else {
                throw Diagnostic(
                    "E767", "exclude_dist does not leave a choice of distributions", span: excludes,
                    hint: "leave out dist, and exclude one to three of "
                        + DensityCurve.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        var options = options
        options.showsDensity = showsDensity ?? false
        return options
    }

    private static func kind(
        _ token: Token, of option: String, allowing other: String? = nil
    ) throws(Diagnostic) -> DensityCurve.Kind? {
        if token.text == other { return nil }
        guard let kind = DensityCurve.Kind(rawValue: token.text) else {
            throw .unknownValue(
                token, of: option, values: DensityCurve.Kind.allCases.map(\.rawValue) + (other.map { [$0] } ?? []))
        }
        return kind
    }

    private static func unsupported(_ name: String, _ span: Span) -> Diagnostic {
        Diagnostic(
            "E767", "\(name) of DensityFunction is not supported", span: span,
            hint: name == "show_options" ? "listmodels shows a model's options" : "leave it out: nothing is random here"
        )
    }
}
