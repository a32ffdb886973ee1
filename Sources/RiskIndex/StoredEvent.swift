/// A contributing event as stored with a firing: its exact text and where it came from.
public struct StoredEvent: Sendable, Hashable {
    /// Identity of the content: the caller's hash over all other fields. Equal keys are stored once.
    public var key: String
    public var timeMicroseconds: Int64?
    public var sourcetype: String
    public var source: String
    public var host: String
    public var index: String
    public var raw: [UInt8]

    public init(
        key: String, timeMicroseconds: Int64?, sourcetype: String, source: String, host: String, index: String,
        raw: [UInt8]
    ) {
        self.key = key
        self.timeMicroseconds = timeMicroseconds
        self.sourcetype = sourcetype
        self.source = source
        self.host = host
        self.index = index
        self.raw = raw
    }
}
