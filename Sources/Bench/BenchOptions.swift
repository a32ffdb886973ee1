/// What a benchmark is asked to do.
public struct BenchOptions: Sendable {
    /// The program that is measured: a path.
    public var program: String
    /// Where data, peers and scratch live; it is made when it is missing.
    public var folder: String
    public var eventCount = 500_000
    public var seed: UInt64 = 1
    public var roundCount = 5
    /// Names of ``BenchCases``; all where it is empty.
    public var caseNames: [String] = []
    /// The Python that has the peers; `none` for no peers; nil for the one in the folder, where there is one.
    public var peers: String?
    /// A content folder, for the cases that need one.
    public var content: String?
    /// By case: what its highest ratio may be.
    public var limits: [String: Double] = [:]

    public init(program: String, folder: String) {
        self.program = program
        self.folder = folder
    }

    /// The value of `peers` for none.
    public static let noPeers = "none"
    /// Fewer events hold no upload in a tenth of them.
    public static let eventCounts = 5_000...100_000_000
}
