/// Why a text is not the JSON that was asked for.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Int32, Hashable, Sendable, CaseIterable {
        case empty = 1
        case truncated, syntax, badNumber, badLiteral, badEscape, unclosedString, controlCharacter, badUTF8, tooDeep
        case trailing, notObject, tooLarge, outOfMemory
        /// A field name is longer than 8 KiB, or all distinct ones take more than 32 MiB; see ``JSONFlattener/forgetNames()``.
        case tooManyNames = 16
    }

    public var code: Code
    /// Byte of the text where the error shows; the length of the text where it ends too early.
    public var byteOffset: Int

    public init(_ code: Code, byteOffset: Int) {
        self.code = code
        self.byteOffset = byteOffset
    }

    public var description: String { "\(message) (byte \(byteOffset))" }

    public var message: String {
        switch code {
        case .empty: "no JSON value in an empty text"
        case .truncated: "JSON ends inside a value"
        case .syntax: "character that JSON does not allow here"
        case .badNumber: "malformed number"
        case .badLiteral: "word that is neither true, false nor null"
        case .badEscape: "unknown escape in a string"
        case .unclosedString: "JSON ends inside a string"
        case .controlCharacter: "raw control character inside a string"
        case .badUTF8: "bytes that are not UTF-8"
        case .tooDeep: "nested too deeply"
        case .trailing: "text after the end of the JSON value"
        case .notObject: "not a JSON object"
        case .tooLarge: "JSON text of 4 GiB or more"
        case .outOfMemory: "out of memory"
        case .tooManyNames: "field names too many or too long"
        }
    }
}
