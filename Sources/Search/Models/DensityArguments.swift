import SPL

/// The options of DensityFunction in `fit` and `apply`.
struct DensityArguments {
    static let help: [CommandHelp.Option] = [
        (
            "threshold=<number>",
            "the part of the distribution that is improbable: 0.01 in fit and the model's in apply unless written"
        ),
        ("lower_threshold=<number>", "the part at the low end, in the place of `threshold`"),
        ("upper_threshold=<number>", "the part at the high end"),
        ("show_density=<bool>", "adds the probability density of each row; `f` unless written"),
        ("dist=auto|norm|expon|gaussian_kde|beta", "the distribution; the best one unless written"),
        ("exclude_dist=\"<dist>,...\"", "distributions that `auto` leaves out"),
        ("metric=wasserstein|kolmogorov_smirnov", "how distributions are compared, `wasserstein` unless written"),
        ("random_state=<number>", "no effect: nothing is random"),
        ("sample=<bool>", "`t` is refused: nothing is drawn"),
        ("full_sample=<bool>", "`t` is refused, likewise"),
        ("supervise_split_by=<bool>", "`t` is refused, likewise"),
        ("show_options=<bool>", "refused: listmodels shows a model's options"),
    ]

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
            let help = command == FitCommand.name ? FitCommand.help : ApplyCommand.help
            throw .unknownOption(name, of: command, options: help.optionNames, span)
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
