// Splunk's stanza files (props.conf, transforms.conf, macros.conf, ...): `[stanza]`, `name = value`, `#` comments.
// Only the syntax lives here; what a setting means belongs to the layer that asks for it. Stanzas of equal name stay
// apart and in order, since merging is layered (default/, then local/) and only the caller knows the layers.

/// The stanzas and settings of one configuration file, in the file's order.
///
/// A line that cannot be read becomes a problem; the lines around it are kept.
/// Source: Splunk Admin Manual 10.0, "Configuration file structure".
public struct ConfFile: Sendable {
    /// One `name = value` line; the value may span lines that end in a backslash.
    public struct Setting: Hashable, Sendable {
        public var name: String
        /// Without the blanks around it; a continued line keeps its line break, without the backslash.
        public var value: String
        /// One-based line of the name.
        public var line: Int

        public init(name: String, value: String, line: Int) {
            self.name = name
            self.value = value
            self.line = line
        }
    }

    /// One `[name]` block. Settings before the first header are in a stanza named `default`.
    public struct Stanza: Hashable, Sendable {
        public var name: String
        public var settings: [Setting]
        /// One-based line of the header, or of the first setting where there is no header.
        public var line: Int

        public init(name: String, settings: [Setting], line: Int) {
            self.name = name
            self.settings = settings
            self.line = line
        }

        /// The value of a setting: the last one wins, as in Splunk. Nil when the stanza does not set it.
        public subscript(name: String) -> String? { settings.last { $0.name == name }?.value }
    }

    /// Largest value and largest number of lines with a header or a setting that are kept; the rest is reported.
    static let maximumValueBytes = 1 << 20
    static let maximumEntryCount = 200_000
    static let maximumProblemCount = 100

    public var stanzas: [Stanza] = []
    public var problems: [(line: Int, message: String)] = []

    private var entryCount = 0

    /// Reads a whole file. Never fails: what cannot be read is in ``problems``.
    public init(text: [UInt8]) {
        var lines = LineReader(text)
        while let line = lines.next() {
            let content = trimmed(line.bytes)
            guard let first = content.first, first != UInt8(ascii: "#") else { continue }
            entryCount += 1
            guard entryCount <= Self.maximumEntryCount else {
                addProblem(line.number, "file has more than \(Self.maximumEntryCount) entries; the rest is ignored")
                break
            }
            if first == UInt8(ascii: "[") {
                openStanza(content, line: line.number)
            } else {
                addSetting(line, &lines)
            }
        }
    }

    private mutating func openStanza(_ content: ArraySlice<UInt8>, line: Int) {
        // The last bracket closes the header: `[source::/var/log/[ab].log]` is one name.
        guard let close = content.lastIndex(of: UInt8(ascii: "]")) else {
            addProblem(line, "stanza header '\(quoted(content))' has no ']'")
            // What follows must not fall into the stanza before.
            stanzas.append(Stanza(name: string(content.dropFirst()), settings: [], line: line))
            return
        }
        let rest = trimmed(content[(close + 1)...])
        if let first = rest.first, first != UInt8(ascii: "#") {
            addProblem(line, "text '\(quoted(rest))' after a stanza header is ignored")
        }
        let name = content[(content.startIndex + 1)..<close]
        stanzas.append(Stanza(name: string(name), settings: [], line: line))
    }

    private mutating func addSetting(_ line: LineReader.Line, _ lines: inout LineReader) {
        var bytes = Array(line.bytes)
        var tooLong = false
        while bytes.last == UInt8(ascii: "\\"), let next = lines.next() {
            bytes.removeLast()
            bytes.append(UInt8(ascii: "\n"))
            if bytes.count + next.bytes.count > Self.maximumValueBytes {
                tooLong = true
                bytes.append(contentsOf: next.bytes.suffix(1))
            } else {
                bytes.append(contentsOf: next.bytes)
            }
        }
        guard !tooLong, bytes.count <= Self.maximumValueBytes else {
            addProblem(line.number, "setting is longer than \(Self.maximumValueBytes) bytes and is ignored")
            return
        }
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
            addProblem(line.number, "line '\(quoted(trimmed(bytes[...])))' is neither a setting nor a stanza header")
            return
        }
        let name = string(trimmed(bytes[..<equals]))
        guard !name.isEmpty else {
            addProblem(line.number, "setting '\(quoted(trimmed(bytes[...])))' has no name")
            return
        }
        if stanzas.isEmpty { stanzas.append(Stanza(name: "default", settings: [], line: line.number)) }
        let setting = Setting(name: name, value: string(trimmed(bytes[(equals + 1)...])), line: line.number)
        stanzas[stanzas.count - 1].settings.append(setting)
    }

    private mutating func addProblem(_ line: Int, _ message: String) {
        guard problems.count < Self.maximumProblemCount else { return }
        problems.append((line: line, message: message))
    }
}

private struct LineReader {
    struct Line {
        var bytes: ArraySlice<UInt8>
        var number: Int
    }

    private let text: [UInt8]
    private var position: Int
    private var number = 0

    init(_ text: [UInt8]) {
        self.text = text
        position = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> Line? {
        guard position < text.count else { return nil }
        let end = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        var line = text[position..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        position = end + 1
        number += 1
        return Line(bytes: line, number: number)
    }
}

private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
        let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return bytes[first...last]
}

private func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

/// At most 60 bytes, so that a hostile file cannot fill the terminal.
private func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.count <= 60 ? string(bytes) : string(bytes.prefix(60)) + "..."
}

extension ConfFile {
    /// A boolean as Splunk's configuration files write it; nil for any other text.
    public static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "t", "1", "yes", "y", "enabled": true
        case "false", "f", "0", "no", "n", "disabled": false
        default: nil
        }
    }
}
