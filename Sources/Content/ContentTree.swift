/// What a file of YAML or JSON holds, before anybody asks what it means. It depends on the file's text alone, so it can
/// be kept under a digest of the text.
public struct ContentTree: Sendable {
    /// Raised when the encoding changes, or what a text is parsed to: `YAMLReader`, or Yams (6.2.2 for this number).
    public static let encodingVersion: UInt32 = 1

    /// Nil for a file of comments only.
    let root: YAMLNode?

    init(root: YAMLNode?) { self.root = root }

    /// - Parameter file: the name that the error carries.
    public init(_ text: String, file: String) throws(ContentProblem) {
        root = try YAMLReader.read(text, file: file)
    }

    /// - Returns: nil for bytes that ``encoded()`` cannot have made.
    public init?(encoded bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0 where bytes.count == 1: root = nil
        case 1:
            var decoder = YAMLNodeDecoder(UnsafeRawBufferPointer(rebasing: bytes[1...]))
            guard let root = decoder.root() else { return nil }
            self.root = root
        default: return nil
        }
    }

    /// - Returns: nil for a tree that is much larger than its text: one whose aliases stand for long values.
    public func encoded() -> [UInt8]? {
        guard let root else { return [0] }
        var encoder = YAMLNodeEncoder([1])
        return encoder.add(root) ? encoder.bytes : nil
    }
}
