/// A command that brings rows into the pipeline. The planner replaces it by what it stands for: the search that names
/// its events, and the commands that shape them.
protocol GeneratingCommand: Command {
    /// - Parameter commands: what follows in the pipeline.
    func expansion(before commands: [any Command]) -> [any Command]
}
