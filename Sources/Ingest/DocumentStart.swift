/// How a JSON document begins, as far as it can be seen.
enum DocumentStart {
    case yes(Int)
    case no
    case unknown

    /// More blanks than this between the first tokens are not waited for.
    private static let patience = 4_096

    /// `{"Records":[` with any blanks; yes gives where the elements start.
    static func recordsArray(_ window: UnsafeRawBufferPointer, _ start: Int) -> DocumentStart {
        tokens(["{", "\"Records\"", ":", "["], window, start)
    }

    /// `[` and an object, or `[]`.
    static func objectArray(_ window: UnsafeRawBufferPointer, _ start: Int) -> DocumentStart {
        switch (tokens(["[", "{"], window, start), tokens(["[", "]"], window, start)) {
        case (.yes(let at), _), (_, .yes(let at)): .yes(at)
        case (.unknown, _), (_, .unknown): .unknown
        default: .no
        }
    }

    /// `{` and a key, or `{}`; as far as can be seen.
    static func isObject(_ window: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        switch (tokens(["{", "\""], window, start), tokens(["{", "}"], window, start)) {
        case (.no, .no): false
        default: true
        }
    }

    private static func tokens(
        _ tokens: [StaticString], _ window: UnsafeRawBufferPointer, _ start: Int
    ) -> DocumentStart {
        var at = start
        for token in tokens {
            while at < window.count, window[at].isBlank { at += 1 }
            let visible = min(token.utf8CodeUnitCount, window.count - at)
            let isEqual = (0..<visible).allSatisfy { window[at + $0] == token.utf8Start[$0] }
            guard isEqual else { return .no }
            guard visible == token.utf8CodeUnitCount else { return at - start > patience ? .no : .unknown }
            at += visible
        }
        return .yes(at)
    }
}
