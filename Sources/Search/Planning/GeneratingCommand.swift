import SPL

/// A command that can bring rows into the pipeline.
///
/// It either stands for other commands (`expansion`: the search that names its events, and the commands that shape
/// them), or makes its rows itself: its operator then gives them in `finish`, after whatever came in.
protocol GeneratingCommand: Command {
    /// - Parameter commands: what follows in the pipeline.
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command]

    /// True where it may also stand behind other commands (`inputlookup append=t`): what came in goes first.
    var mayFollow: Bool { get }

    /// The dataset that it reads, with what `commands` behind it use of it; nil where it reads none.
    func datasetUse(before commands: [any Command]) throws(Diagnostic) -> DatasetUse?

    /// For `--results`: the rows given are those which the command would have read. Nil where it cannot take any.
    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]?
}

extension GeneratingCommand {
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] { [self] }
    func datasetUse(before commands: [any Command]) throws(Diagnostic) -> DatasetUse? { nil }
    var mayFollow: Bool { false }
    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? { nil }
}
