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
    /// How text of an origin is cut into events; nil where each line is one. Asked for raw text only: JSON, CSV and
    /// Windows XML have record ends of their own.
    public var lineBreaking: (@Sendable (_ origin: EventOrigin) -> (any LineBreaking)?)?
    /// How a table of an origin is read; nil where it is none. Asked for text and CSV.
    public var tableReading: (@Sendable (_ origin: EventOrigin) -> (any TableReading)?)?

    public init() {}
}

/// Where raw text is cut into events: Splunk's LINE_BREAKER, and the rules that merge lines.
///
/// Source: Splunk Admin Manual, "props.conf", LINE_BREAKER: the first capture group is discarded; what is before it
/// ends an event, what is behind it begins the next.
public protocol LineBreaking: Sendable {
    /// What lies between two events of `text`, which starts with an event, ascending; the ranges may be empty.
    ///
    /// A pattern may look at most ``LineBreakerFramer/lookaheadBytes`` bytes beyond its match.
    func breaks(in text: UnsafeRawBufferPointer) -> [Range<Int>]
}

/// How the lines of a table of a sourcetype are read: Splunk's INDEXED_EXTRACTIONS.
public protocol TableReading: Sendable {
    /// A line feed inside quotes does not end a row; nil where there are no quotes.
    var quote: UInt8? { get }
    /// What stands between two values; nil for any blank.
    var delimiter: UInt8? { get }
    /// - Parameter number: of the line, from 1.
    /// - Parameter hasHeader: some line before it was a header.
    func role(of line: UnsafeRawBufferPointer, number: Int, hasHeader: Bool) -> TableLine
}

/// What a line of a table is.
public enum TableLine: Hashable, Sendable {
    case row
    case passedOver
    /// The names of the columns stand in the line, from this byte on.
    case header(start: Int)
}
