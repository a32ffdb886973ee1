public import Columns

/// One INPUT of the command line, with what the user says about it.
public struct InputSpec: Hashable, Sendable {
    /// A file, a folder (taken recursively), or `-` for standard input.
    public var path: String
    /// What these say holds for every event of the input, whatever its envelope or its text says.
    public var sourcetype: String?
    public var source: String?
    public var host: String?

    public init(path: String, sourcetype: String? = nil, source: String? = nil, host: String? = nil) {
        self.path = path
        self.sourcetype = sourcetype
        self.source = source
        self.host = host
    }
}

/// How inputs are read; the two closures bring in what the content says of sourcetypes.
public struct IngestOptions: Sendable {
    /// Bytes asked for at a time; a chunk ends at the last record end, so it may be a little less or more.
    ///
    /// 1 MiB stays in the cache between reading and checking: 575 MB of lines took 0.25 s of processor time and 32 MB
    /// of memory, against 0.33 s and 89 MB with 4 MiB (2 workers, 2026-11-23).
    public var chunkBytes = 1 << 20
    /// A longer record is skipped and reported; no more than this (and a chunk) of it is ever held.
    public var maxRecordBytes = 16 << 20
    /// How much of an input is looked at to recognise its form; more only to see a first whole line.
    public var sampleBytes = 64 << 10
    /// `host` of events whose envelope names none. Splunk would take the forwarder's host name, which is nothing the
    /// input says; a fixed word keeps runs equal between machines.
    public var defaultHost = "localhost"
    /// The sourcetype of an input nobody named one for, from its first event texts (at most 64) and its path.
    public var recogniseSourcetype: (@Sendable (_ sample: [Text], _ path: String) -> String?)?
    /// The LINE_BREAKER of a sourcetype; nil where each line is an event. Asked for raw text only: JSON, CSV and Windows
    /// XML have record ends of their own.
    public var lineBreaking: (@Sendable (_ sourcetype: String) -> (any LineBreaking)?)?

    public init() {}
}

/// Where raw text is cut into events: Splunk's LINE_BREAKER.
///
/// Source: Splunk Admin Manual, "props.conf", LINE_BREAKER: the first capture group is discarded; what is before it
/// ends an event, what is behind it begins the next.
public protocol LineBreaking: Sendable {
    /// The ranges of the first capture group of every match in `text`, ascending; they may be empty.
    ///
    /// A pattern may look at most ``LineBreakerFramer/lookaheadBytes`` bytes beyond its match.
    func breaks(in text: UnsafeRawBufferPointer) -> [Range<Int>]
}
